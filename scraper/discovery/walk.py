"""The walk through one site: known columns first, else home page → disclosure → column; then lists and reports.

Nothing here touches the network or a clock: the same pages in the same order give the same steps.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit, urlunsplit

from scraper.discovery.attachments import attachments_of
from scraper.discovery.columns import SURE, Candidate, rank
from scraper.discovery.draft import Draft, Key, Ledger, key_of, key_of_request
from scraper.discovery.items import Item, classify, is_document, is_under, names_group
from scraper.discovery.limits import Limits
from scraper.discovery.links import Link, absolute
from scraper.discovery.page import Page
from scraper.discovery.paging import Listing, gkmlpt, plain, read_list, system_of
from scraper.messages import Kind, Request, Response, Site, Step

__all__ = ["Discovery", "Limits"]

_FRAME_SCORE = 35
_REPORTS_OF_A_COLUMN = 2
_NAVIGATION = {"home", "disclosure", "column", "list"}


@dataclass(slots=True, eq=False)
class Tree:
    """A column with everything below it: how many reports were found there, and the newest year among them.

    `lost` says that its page could not be had, `linked` that the site still links it.
    """

    url: str
    known: bool
    reports: int = 0
    newest: int = 0
    lost: bool = False
    linked: bool = False


@dataclass(slots=True, eq=False)
class Chain:
    """The pages of one list so far."""

    pages: int = 0
    barren: int = 0
    seen: set[frozenset[str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Visit:
    """An open request: the column it belongs to, its level of sub-folders, the list it continues."""

    tree: Tree | None = None
    level: int = 0
    chain: Chain | None = None


class Discovery:
    """Finds the reports of a site, one fetched page at a time.

    `start` gives the first requests; `receive` takes each response, None where the fetch failed or was blocked, and
    gives the next. `remembered_column` is what `column` was after the last visit.
    """

    def __init__(self, site: Site, remembered_column: str | None, limits: Limits | None = None) -> None:
        known = f"{remembered_column or ''} {site.column_url}".split()
        self._site = site
        self._limits = limits or Limits()
        self._known = list(dict.fromkeys(known))
        self._ledger = Ledger(site.site_url, *self._known)
        self._open: dict[Key, Visit] = {}
        self._waiting: set[Key] = set()
        self._trees: list[Tree] = []
        self._asides: list[Tree] = []
        self._frontier: list[tuple[int, int, Candidate, str, int]] = []
        self._order = count()
        self._menu: set[str] = set()
        self._home_asked = False
        self._tries = 0
        self._list_pages = 0

    @property
    def column(self) -> str | None:
        """The columns in which reports were found, separated by a blank where there are several; None for none.

        A known column that could not be had this time stays among them if the site still links it.
        """
        standing = [tree for tree in self._trees if tree.reports or (tree.lost and tree.linked)]
        return " ".join(tree.url for tree in standing or self._asides) or None

    def start(self) -> Step:
        """Return the first requests: the known columns, else the home page."""
        draft = Draft(self._ledger)
        for url in self._known:
            self._ask_column(draft, url, None, None, 0, known=True)
        self._advance(draft)
        return draft.step()

    def receive(self, request: Request, response: Response | None) -> Step:
        """Return what follows from the answer to a request; None stands for a fetch that failed or was blocked."""
        draft = Draft(self._ledger)
        key = key_of_request(request)
        visit = self._open.pop(key, Visit())
        self._waiting.discard(key)
        if response is None or response.status >= 400:
            self._lose(draft, request, visit)
        else:
            self._read(draft, request, response, visit)
        self._advance(draft)
        return draft.step()

    # ── asking ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _ask(self, draft: Draft, request: Request, visit: Visit) -> bool:
        """Ask for a page and keep where it belongs."""
        if not draft.ask(request):
            return False
        key = key_of_request(request)
        self._open[key] = visit
        if request.kind in _NAVIGATION:
            self._waiting.add(key)
        return True

    def _ask_column(
        self, draft: Draft, url: str, text: str | None, found_on: str | None, depth: int, *, known: bool = False
    ) -> bool:
        tree = Tree(url, known)
        if not self._ask(draft, _request(url, "column", text, found_on, depth), Visit(tree)):
            return False
        self._trees.append(tree)
        return True

    def _advance(self, draft: Draft) -> None:
        """When no page of the search is open any more, go on: to the home page, else to the best candidate left."""
        if self._waiting:
            return
        if not self._home_asked and not self._is_known_enough(draft):
            self._home_asked = True
            url = absolute(self._site.site_url, self._site.site_url)
            if url and self._ask(draft, _request(url, "home", self._site.name, None, 0), Visit()):
                return
        while self._frontier and not self._waiting:
            score, _, candidate, found_on, depth = heapq.heappop(self._frontier)
            found = any(tree.reports for tree in self._trees if not (tree.known and self._home_asked))
            if found and -score < SURE:
                continue
            if not found and self._tries >= self._allowed_tries():
                draft.note(f"{self._site.site_url}: {self._tries} pages tried in search of the column, the rest left")
                self._frontier.clear()
                return
            asked = self._ask_candidate(draft, candidate, found_on, depth)
            self._tries += asked and not found

    def _allowed_tries(self) -> int:
        """Return how many pages may be tried: fewer where a known column still has its older reports."""
        return self._limits.tries // (3 if any(tree.reports for tree in self._trees) else 1)

    def _is_known_enough(self, draft: Draft) -> bool:
        """Say whether the known columns still stand: reports in each, and none of the newest missing."""
        known = [tree for tree in self._trees if tree.known]
        for tree in known:
            if not tree.reports:
                draft.note(f"{tree.url}: no report in the known column any more, searching from the home page")
        newest = max((tree.newest for tree in known), default=0)
        expected = self._limits.expected_year
        if known and newest and expected and newest < expected:
            draft.note(f"{known[0].url}: no report of {expected} in the known column, searching from the home page")
            return False
        return bool(known) and all(tree.reports for tree in known)

    def _ask_candidate(self, draft: Draft, candidate: Candidate, found_on: str, depth: int) -> bool:
        link = candidate.link
        for tree in self._trees:
            tree.linked = tree.linked or key_of(tree.url) == key_of(link.url)
        if candidate.kind == "column":
            return self._ask_column(draft, link.url, link.text, found_on, depth)
        return self._ask(draft, _request(link.url, "disclosure", link.text, found_on, depth), Visit())

    # ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _lose(self, draft: Draft, request: Request, visit: Visit) -> None:
        if visit.tree and request.kind == "column":
            visit.tree.lost = True
        if visit.chain and request.kind == "list":
            draft.note(f"{request.url}: not to be had, the pages of the list after it stay unread")

    def _read(self, draft: Draft, request: Request, response: Response, visit: Visit) -> None:
        """Read a page by what it was asked for as."""
        if request.kind in {"home", "column"}:
            self._ledger.add_base(response.url)
        if response.url != request.url:
            self._ledger.is_new(key_of(response.url))
        page = Page.of(response)
        if request.kind == "attachment" or not page.text:
            return
        if page.is_cut:
            draft.note(f"{request.url}: too large, only its first links are read")
        stub = page.redirect if request.kind != "report" else None
        if stub and system_of(page, request) is plain.SYSTEM:
            kind: Kind = "list" if request.kind == "column" else request.kind
            self._ask(draft, _request(stub, kind, request.text, request.url, request.depth), visit)
        elif request.kind in {"home", "disclosure"}:
            self._read_menu(draft, page, request)
        elif request.kind == "report":
            self._read_report(draft, page, request, visit)
        else:
            self._read_list(draft, page, request, visit)

    def _read_menu(self, draft: Draft, page: Page, request: Request) -> None:
        """Read a home or disclosure page: reports that it links at once, and where the column may be."""
        self._menu.update(link.url for link in page.links if names_group(link.text))
        if system_of(page, request) is gkmlpt.SYSTEM:
            tree = Tree(page.url, known=False)
            self._trees.append(tree)
            self._read_list(draft, page, request, Visit(tree))
            return
        items = _sorted(page.links, None)
        for item in items:
            self._ask_item(draft, item, request, Visit())
        if request.kind == "disclosure" and len(items) >= _REPORTS_OF_A_COLUMN:
            self._read_aside(draft, page, request)
        self._push(draft, page, request)

    def _read_aside(self, draft: Draft, page: Page, request: Request) -> None:
        """Read a disclosure page that lists reports itself: it is the column where no other is found."""
        tree = Tree(page.url, known=False)
        self._asides.append(tree)
        self._continue(draft, read_list(page, request), request, Visit(tree), barren=False)

    def _push(self, draft: Draft, page: Page, request: Request) -> None:
        """Keep the links of a page that lead towards the column, for when nothing better is left."""
        depth = request.depth + 1
        frames = [Candidate(_FRAME_SCORE, "disclosure", link) for link in page.links if _is_frame(link)]
        for candidate in (*rank(page.links, page.url), *frames):
            if depth <= self._limits.hops:
                entry = (-candidate.score, next(self._order), candidate, page.url, depth)
                heapq.heappush(self._frontier, entry)
            elif candidate.kind == "column":
                draft.skip(candidate.link, "depth", page.url)

    def _read_report(self, draft: Draft, page: Page, request: Request, visit: Visit) -> None:
        """Read a report page for its attachments and its neighbours; what turns out to be a list is read as one."""
        wanted, left = attachments_of(page)
        if not wanted and not page.holds_report and visit.level < self._limits.levels:
            self._read_list(draft, page, request, Visit(visit.tree, visit.level + 1))
            return
        for link in wanted[: self._limits.attachments]:
            self._ask(draft, _request(link.url, "attachment", link.text, page.url, request.depth + 1), visit)
        for link in wanted[self._limits.attachments :]:
            draft.skip(link, "limit", page.url)
        for link, decoy in left:
            draft.skip(link, decoy, page.url)
        for item in _sorted(page.links, None):
            self._ask_item(draft, item, request, visit)

    def _read_list(self, draft: Draft, page: Page, request: Request, visit: Visit) -> None:
        """Read a page of a list: its reports, its decoys, its sub-folders, and the page after it."""
        self._list_pages += 1
        column = visit.tree.url if visit.tree else None
        listing = read_list(page, request)
        draft.note(*listing.notes)
        items = _sorted(listing.items, column)
        asked = [item for item in items if self._ask_item(draft, item, request, visit)]
        told = [item for item in items if item.sort != "folder"]
        if request.kind != "report":
            if not told and not listing.more and not asked and page.holds_report:
                self._promote(draft, request, visit)
            elif not told:
                self._follow_frames(draft, page, request, visit)
            self._push(draft, page, request)
        self._continue(draft, listing, request, visit, barren=not told)

    def _promote(self, draft: Draft, request: Request, visit: Visit) -> None:
        """Ask again, as a report, for what was asked for as a folder and holds a report."""
        draft.ask_again(_request(request.url, "report", request.text, request.found_on, request.depth))
        if visit.tree:
            visit.tree.reports += 1

    def _follow_frames(self, draft: Draft, page: Page, request: Request, visit: Visit) -> None:
        """Ask for the frames of a page that shows nothing itself."""
        if visit.level < self._limits.levels:
            for link in filter(_is_frame, page.links):
                frame = _request(link.url, "list", request.text, page.url, request.depth)
                self._ask(draft, frame, Visit(visit.tree, visit.level + 1))

    def _ask_item(self, draft: Draft, item: Item, request: Request, visit: Visit) -> bool:
        """Ask for a report or a sub-folder, leave a decoy; say whether anything was asked for."""
        link, tree, depth = item.link, visit.tree, request.depth + 1
        if item.sort == "decoy":
            draft.skip(link, item.reason, request.url)
            return False
        if item.sort == "report":
            asked = self._ask(draft, _request(link.url, "report", link.text, request.url, depth), visit)
            if tree and self._ledger.is_ours(link.url):
                tree.reports += 1
                tree.newest = max(tree.newest, item.year or 0)
            return asked
        if tree is None or (item.year is None and link.url in self._menu and not is_under(link.url, tree.url)):
            return False
        if visit.level >= self._limits.levels:
            draft.skip(link, "depth", request.url)
            return False
        return self._ask_list(
            draft, _request(link.url, "list", link.text, request.url, depth), Visit(tree, visit.level + 1)
        )

    def _ask_list(self, draft: Draft, request: Request, visit: Visit) -> bool:
        """Ask for a page of a list while the site's allowance of such pages lasts."""
        if self._list_pages + len(self._waiting) >= self._limits.list_pages:
            draft.skip(Link(request.url, request.text or ""), "limit", request.found_on or "")
            return False
        return self._ask(draft, request, visit)

    def _continue(self, draft: Draft, listing: Listing, request: Request, visit: Visit, *, barren: bool) -> None:
        """Ask for the next page of a list unless the list repeats itself, has nothing to tell, or never ends."""
        chain = visit.chain or Chain()
        shown = frozenset(link.url for link in listing.items)
        repeated = bool(shown) and shown in chain.seen
        chain.seen.add(shown)
        chain.pages += 1
        chain.barren = chain.barren + 1 if barren else 0
        if not listing.more or repeated:
            return
        if chain.pages >= self._limits.pages_of_list:
            draft.note(f"{request.url}: left after {chain.pages} pages of the list, the rest stays unread")
        elif listing.pages is None and chain.barren >= self._limits.barren_pages:
            draft.note(f"{request.url}: left after {chain.barren} pages of the list without a report")
        else:
            for following in listing.more:
                self._ask_list(draft, following, Visit(visit.tree, visit.level, chain))


def _request(url: str, kind: Kind, text: str | None, found_on: str | None, depth: int) -> Request:
    """Return a request; a fragment that names a category travels in the context."""
    parts = urlsplit(url)
    context = {"fragment": parts.fragment} if parts.fragment else {}
    return Request(urlunsplit(parts._replace(fragment="")), kind, found_on, text, depth, context=context)


def _sorted(links: Iterable[Link], column: str | None) -> list[Item]:
    """Return what the links are, reports first: one address can be linked by its title and by a bare year."""
    items = [item for link in links if (item := classify(link, column))]
    ranks = {"report": 0, "folder": 1, "decoy": 2}
    return sorted(items, key=lambda item: ranks[item.sort])


def _is_frame(link: Link) -> bool:
    return link.embedded and not is_document(link.url)
