"""Names that lead inside: by a redirect, by an answer that changes between two requests, or between two runs.

127.0.0.1 stands for the internet here, and 127.0.0.2, on the same port, for a machine behind the wall.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from scraper.harvest import harvest
from scraper.messages import Site
from scraper.options import Options
from scraper.outcomes import Outcome
from scraper.summary import SiteResult
from tests.scraper.conftest import NOW, QUICK
from tests.scraper.walker import LinkWalker, link
from tests.scraper.web import Reply, Web, serving

OUTSIDE, INSIDE = "127.0.0.1", "127.0.0.2"
HOST = "www.county1.gov.cn"


@dataclass
class Wall:
    """A server on either side of the wall, and a name server whose answers the test sets."""

    outside: Web
    inside: Web
    store: Path
    answers: dict[str, list[str]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    def url(self, path: str, host: str = HOST) -> str:
        return f"http://{host}:{self.outside.url.rpartition(':')[2]}{path}"

    def resolve(self, host: str) -> list[str]:
        """Give the answers of a name one after the other, the last one for ever."""
        self.asked[host] += 1
        listed = self.answers[host]
        return [listed[min(self.asked[host], len(listed)) - 1]]

    def run(self) -> SiteResult:
        options = Options(**{**QUICK, "retries": 0, "resolver": self.resolve})  # type: ignore[arg-type]
        site = Site("431229", "县", self.url("/"))
        return harvest([site], self.store, options, now=lambda: NOW, walker_of=LinkWalker).sites[0]


@pytest.fixture
def wall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wall]:
    monkeypatch.setattr("scraper.guard.is_public", lambda address: str(address) == OUTSIDE)
    with serving(OUTSIDE) as outside, serving(INSIDE, port=int(outside.url.rpartition(":")[2])) as inside:
        built = Wall(outside, inside, tmp_path, {HOST: [OUTSIDE]})
        outside.put(built.url("/"), link("report", "/2023.html") + link("report", "/2024.html"))
        outside.put(built.url("/2023.html"), "<p>report</p>")
        outside.put(built.url("/2024.html"), "<p>report</p>")
        inside.put(built.url("/2024.html"), "<p>secret</p>")
        yield built


def test_a_redirect_to_a_name_that_leads_inside_is_not_followed(wall: Wall) -> None:
    wall.answers["office.county1.gov.cn"] = [INSIDE]
    target = wall.url("/2024.html", "office.county1.gov.cn")
    wall.inside.put(target, "<p>secret</p>")
    wall.outside.put(wall.url("/2024.html"), Reply("", 302, {"Location": target}))
    tally = wall.run().tallies["report"]
    assert (tally.fetched, dict(tally.failed)) == (1, {"unsafe": 1})
    assert wall.inside.log == []


def test_a_redirect_within_the_host_stays_with_the_address_that_was_checked(wall: Wall) -> None:
    wall.answers[HOST] = [OUTSIDE, INSIDE]
    wall.outside.put(wall.url("/2024.html"), Reply("", 302, {"Location": "/moved.html"}))
    wall.outside.put(wall.url("/moved.html"), "<p>report</p>")
    tally = wall.run().tallies["report"]
    assert (tally.fetched, dict(tally.failed)) == (2, {})
    assert wall.asked == {HOST: 1}
    assert wall.inside.log == []


def test_an_answer_that_changes_between_two_runs_is_checked_again(wall: Wall) -> None:
    wall.answers[HOST] = [OUTSIDE, INSIDE]
    assert wall.run().outcome is Outcome.OK
    before = len(wall.outside.log)
    result = wall.run()
    assert result.outcome is Outcome.UNSAFE
    assert result.detail.endswith(f"{HOST} is at {INSIDE}, which is not a public address")
    assert (len(wall.outside.log), wall.inside.log) == (before, [])
