"""The step under construction: what one page asks for and leaves alone, every address once in the whole walk."""

from scraper.discovery.hosts import is_official, same_government
from scraper.discovery.links import Link
from scraper.messages import Request, Skipped, Step

Key = tuple[str, ...]


def key_of(url: str, fragment: str = "", form: tuple[tuple[str, str], ...] = ()) -> Key:
    """Return what makes two addresses the same page: scheme and `www.` aside."""
    rest = url.split("://", 1)[-1].removeprefix("www.")
    address, _, anchor = rest.partition("#")
    return (address, fragment or anchor, *(f"{name}={value}" for name, value in form))


def key_of_request(request: Request) -> Key:
    """Return the key of a request, with the fields of its form."""
    form = tuple(sorted(request.form.items())) if request.form else ()
    return key_of(request.url, request.context.get("fragment", ""), form)


class Ledger:
    """Which addresses were asked for or left alone, which hosts are the site's own, which remarks were made."""

    def __init__(self, *bases: str) -> None:
        self._bases = [base for base in bases if base]
        self._seen: set[Key] = set()
        self._notes: set[str] = set()

    def add_base(self, url: str) -> None:
        """Count the host of an address as the site's own, as where its home page redirects to.

        A government's site never moves out of gov.cn: a name that does has been given up and taken by others.
        """
        official = any(is_official(base) for base in self._bases)
        if not self.is_ours(url) and (is_official(url) or not official):
            self._bases.append(url)

    def is_ours(self, url: str) -> bool:
        """Say whether an address stands on a host of the site's government."""
        return any(same_government(url, base) for base in self._bases)

    def is_new(self, key: Key) -> bool:
        """Say whether an address has neither been asked for nor left alone, and remember it."""
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def is_new_note(self, note: str) -> bool:
        """Say whether a remark has not been made before, and remember it."""
        if note in self._notes:
            return False
        self._notes.add(note)
        return True


class Draft:
    """A step under construction."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._requests: list[Request] = []
        self._skipped: list[Skipped] = []
        self._notes: list[str] = []

    def ask(self, request: Request) -> bool:
        """Ask for a page unless it was seen before or stands on somebody else's host; say whether it is asked for."""
        if not self._ledger.is_new(key_of_request(request)):
            return False
        if not self._ledger.is_ours(request.url):
            found_on = request.found_on or ""
            self._skipped.append(Skipped(request.url, request.text or "", "other_host", found_on))
            return False
        self._requests.append(request)
        return True

    def ask_again(self, request: Request) -> None:
        """Ask for a page a second time, as something else than it was first taken for."""
        self._requests.append(request)

    def skip(self, link: Link, reason: str, found_on: str) -> None:
        """Leave a link alone for a reason, unless it was seen before."""
        if self._ledger.is_new(key_of(link.url)):
            self._skipped.append(Skipped(link.url, link.text, reason, found_on))

    def note(self, *notes: str) -> None:
        """Remark something for the log, once in the whole walk."""
        self._notes.extend(note for note in notes if self._ledger.is_new_note(note))

    def step(self) -> Step:
        """Return the finished step."""
        return Step(tuple(self._requests), tuple(self._skipped), tuple(self._notes))
