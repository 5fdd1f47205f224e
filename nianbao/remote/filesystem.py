"""Object storage through fsspec: opened in one place, and every refusal told in one line that names the address."""

from collections.abc import Iterator
from contextlib import contextmanager

from parsers.errors import NianbaoError, StoreError

_NO_EXTRA = 'needs nianbao[remote]; install it with: pip install "nianbao[remote]"'
_REFUSED = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "Forbidden", "403")
_CREDENTIALS = "give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"


class Storage:
    """The objects below an address such as `s3://bucket/prefix`; each operation raises StoreError.

    S3 is asked with the usual settings of its environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL,
    …). An object is there whole or not at all, which S3 and its likes promise of a single write.
    """

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        try:
            from fsspec.core import url_to_fs  # type: ignore[import-untyped]
        except ImportError:
            raise NianbaoError(f"{address}: {_NO_EXTRA}") from None
        with self._naming(""):
            self._fs, root = url_to_fs(self.address, use_listings_cache=False, skip_instance_cache=True)
        self._root = str(root).rstrip("/")

    def read(self, name: str) -> bytes | None:
        """Return the bytes of an object, None where there is none."""
        with self._naming(name):
            try:
                return bytes(self._fs.cat_file(self._at(name)))
            except FileNotFoundError:
                return None

    def read_ranges(self, ranges: list[tuple[str, int, int]]) -> list[bytes | Exception]:
        """Return parts of objects (name, first byte, length), many at a time, errors in their places."""
        with self._naming(""):
            paths = [self._at(name) for name, _, _ in ranges]
            starts = [first for _, first, _ in ranges]
            ends = [first + length for _, first, length in ranges]
            return list(self._fs.cat_ranges(paths, starts, ends, on_error="return"))

    def write(self, name: str, content: bytes) -> None:
        """Write an object."""
        with self._naming(name):
            self._fs.pipe_file(self._at(name), content)

    def upload(self, path: str, name: str) -> None:
        """Write a local file as an object."""
        with self._naming(name):
            self._fs.put_file(path, self._at(name))

    def download(self, name: str, path: str) -> None:
        """Write an object to a local file."""
        with self._naming(name):
            self._fs.get_file(self._at(name), path)

    def copy(self, name: str, new: str) -> None:
        """Copy an object where it lies."""
        with self._naming(name):
            self._fs.cp_file(self._at(name), self._at(new))

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the objects below a folder, by name relative to it, with their sizes in bytes."""
        with self._naming(folder):
            try:
                found = self._fs.find(self._at(folder), detail=True)
            except FileNotFoundError:
                return {}
        start = len(self._at(folder)) + 1
        return {path[start:]: int(entry["size"]) for path, entry in found.items() if entry["type"] == "file"}

    def remove(self, folder: str) -> None:
        """Remove everything below a folder."""
        with self._naming(folder):
            names = [f"{self._at(folder)}/{name}" for name in self.sizes(folder)]
            if names:
                self._fs.rm(names)

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}" if name else self._root

    @contextmanager
    def _naming(self, name: str) -> Iterator[None]:
        place = f"{self.address}/{name}".rstrip("/")
        try:
            yield
        except (StoreError, FileNotFoundError) as error:
            if isinstance(error, StoreError):
                raise
            raise StoreError(f"{place}: is not there; check the address, or publish the store again") from None
        except ImportError as error:
            raise NianbaoError(f"{place}: {_NO_EXTRA} ({error})") from None
        except Exception as error:  # each storage has exceptions of its own; all end in one line
            raise StoreError(f"{place}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    text = str(error).partition("\n")[0] or type(error).__name__
    if type(error).__name__ in ("NoCredentialsError", "PartialCredentialsError", "NoAuthTokenError"):
        return f"there are no credentials for it; {_CREDENTIALS}"
    if isinstance(error, PermissionError) or any(sign in text for sign in _REFUSED):
        return f"access is refused ({text}); check the credentials and the rights of their owner"
    if "NoSuchBucket" in text or "bucket does not exist" in text:
        return "there is no such bucket; make it, or check the address"
    return f"cannot be used ({type(error).__name__}: {text}); check the address and the network, then run again"
