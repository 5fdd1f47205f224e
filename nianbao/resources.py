"""What a page refers to, found by the reference as it stands in the page, whole or relative."""

from collections.abc import Iterator, Mapping
from urllib.parse import urldefrag, urljoin


class Resources(Mapping[str, bytes]):
    """Bodies by address, which a reference in the page at `url` leads to as well (RFC 3986, 5.2)."""

    def __init__(self, url: str, bodies: Mapping[str, bytes]) -> None:
        self._url = url
        self._bodies = bodies

    def __getitem__(self, reference: str) -> bytes:
        if reference in self._bodies:
            return self._bodies[reference]
        try:
            return self._bodies[urldefrag(urljoin(self._url, reference.strip())).url]
        except ValueError as error:
            raise KeyError(reference) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._bodies)

    def __len__(self) -> int:
        return len(self._bodies)
