"""Thirty nights: what happens on the web before each of them, and what its report must say, no more and no less."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.nights.world import CHALLENGE, NEWS, County, bare

World = dict[str, County]


@dataclass(frozen=True)
class Expected:
    """What a night reports: letters of sites, letters and years of reports, names of warnings, kinds of alerts."""

    broken: str = ""
    mended: str = ""
    added: int = 0
    dropped: int = 0
    new: tuple[str, ...] = ()
    revised: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    layouts: bool = False
    labels: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    alert: tuple[str, ...] = ()
    status: str = "done"
    due: int | None = None


@dataclass(frozen=True)
class Scene:
    """One night: its date, what happens before, which sites are listed then, what is expected."""

    at: datetime
    act: Callable[[World], None]
    expected: Expected = field(default_factory=Expected)
    listed: str = "abcdefgh"


def _day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T22:00:00+00:00").astimezone(UTC)


def nothing(world: World) -> None:
    """Nothing happens."""


def first(world: World) -> None:
    for letter in "abcdefgh":
        world[letter].publish(2022, 2023)
    world["d"].publish(2021)
    world["h"].hide()


def many_labels(world: World) -> None:
    world["c"].publish(2024)
    body = world["c"].reports[2024]
    assert body is not None
    row = "<tr><td>数据资产授权</td><td>7</td><td>0</td><td>5</td></tr>"
    before = body.index("行政处罚".encode())
    start = body.rindex(b"<tr>", 0, before)
    world["c"].replace(2024, body[:start] + row.encode() + body[start:])


def garbled(world: World) -> None:
    """Publish a report in whose requests most numbers are pictures' names."""
    import re

    world["f"].publish(2024)
    body = world["f"].reports[2024]
    assert body is not None
    start, end = body.index("三、".encode()), body.index("四、".encode())
    damaged = re.sub(rb"<td>\d+</td>", "<td>见图</td>".encode(), body[start:end])
    world["f"].replace(2024, body[:start] + damaged + body[end:])


def moved_host(world: World) -> None:
    world["g"].answer_everywhere("", status=302, headers={"Location": "http://www.elsewhere.example.com/"})
    world["g"].web.put("http://www.elsewhere.example.com/", "<p>parked</p>")


def new_host(world: World) -> None:
    world["g"].hide()
    world["g"].host = "www2.g-hanyin.gov.cn"
    world["g"].show()


def outage(world: World) -> None:
    for letter in "abcdefghi":
        world[letter].hide()


def back(world: World) -> None:
    for letter in "abcdefghi":
        world[letter].show()


def _each(*acts: Callable[[World], object]) -> Callable[[World], None]:
    def act(world: World) -> None:
        for one in acts:
            one(world)

    return act


SCENES = (
    Scene(_day("2024-12-28"), first, Expected(broken="h", layouts=True, due=8)),
    Scene(_day("2024-12-29"), nothing, Expected(due=1, alert=("broken",))),
    Scene(
        _day("2025-01-10"),
        lambda w: w["h"].show(),
        Expected(mended="h", new=("h2022", "h2023"), due=8, alert=("mended",)),
    ),
    Scene(_day("2025-01-11"), lambda w: w["a"].publish(2024), Expected(new=("a2024",), due=8)),
    Scene(_day("2025-01-12"), lambda w: w["b"].publish(2024, flat=True), Expected(new=("b2024",), layouts=True)),
    Scene(_day("2025-01-13"), lambda w: w["c"].answer_everywhere(CHALLENGE), Expected(broken="c")),
    Scene(_day("2025-01-14"), nothing, Expected(alert=("broken",), due=8)),
    Scene(_day("2025-01-15"), lambda w: w["c"].show(), Expected(due=7)),
    Scene(_day("2025-01-16"), nothing, Expected(mended="c", alert=("mended",), due=8)),
    Scene(
        _day("2025-01-17"),
        lambda w: w["a"].publish(2024, seed=1),
        Expected(revised=("a2024",), alert=("revised",)),
    ),
    Scene(
        _day("2025-01-18"), lambda w: w["d"].withdraw(2023, 2022), Expected(kept=("d2022", "d2023"), alert=("kept",))
    ),
    Scene(_day("2025-01-19"), lambda w: w["d"].publish(2023), Expected(returned=("d2023",))),
    Scene(_day("2025-01-20"), lambda w: w["e"].replace(2023, NEWS), Expected(kept=("e2023",), alert=("kept",))),
    Scene(_day("2025-01-21"), lambda w: w["e"].replace(2023, bare(w["e"], 2023))),
    Scene(
        _day("2025-01-22"),
        _each(lambda w: w["e"].publish(2023), lambda w: w["b"].replace(2022, NEWS)),
        Expected(returned=("e2023",), kept=("b2022",), alert=("kept",)),
    ),
    Scene(_day("2025-01-23"), _each(lambda w: setattr(w["f"], "column", "/zwgk/nianbao/"), lambda w: w["f"].show())),
    Scene(_day("2025-01-24"), moved_host, Expected(broken="g")),
    Scene(_day("2025-01-25"), new_host, Expected(added=1, dropped=1)),
    Scene(
        _day("2025-01-26"),
        lambda w: w["i"].publish(2022, 2023),
        Expected(added=1, new=("i2022", "i2023")),
        listed="abcdefghi",
    ),
    Scene(
        _day("2025-01-27"),
        outage,
        Expected(broken="abcdefghi", warnings=("many_broken",), status="partial", alert=("status", "warnings"), due=9),
        listed="abcdefghi",
    ),
    Scene(_day("2025-01-28"), back, Expected(mended="abcdefghi", alert=("status",), due=9), listed="abcdefghi"),
    Scene(
        _day("2025-01-29"),
        many_labels,
        Expected(
            new=("c2024",),
            labels=("数据资产授权",),
            warnings=("new_label",),
            alert=("warnings",),
        ),
        listed="abcdefghi",
    ),
    Scene(
        _day("2025-01-30"),
        lambda w: w["d"].publish(2024, profile="zeros"),
        Expected(new=("d2024",), warnings=("all_zeros",) * 3, alert=("warnings",)),
        listed="abcdefghi",
    ),
    Scene(
        _day("2025-01-31"),
        lambda w: w["e"].web.put(f"http://{w['e'].host}{w['e'].column}", "<p>" + "暂无内容。" * 60 + "</p>"),
        Expected(broken="e", warnings=("nothing_found",), alert=("warnings",)),
        listed="abcdefghi",
    ),
    Scene(_day("2025-02-01"), lambda w: w["e"].show(), Expected(mended="e"), listed="abcdefghi"),
    Scene(
        _day("2025-02-02"),
        garbled,
        Expected(new=("f2024",), layouts=True, warnings=("unreadable",), alert=("warnings",)),
        listed="abcdefghi",
    ),
    Scene(_day("2026-01-15"), nothing, Expected(warnings=("fewer_reports",), alert=("warnings",)), listed="abcdefghi"),
    Scene(
        _day("2026-01-16"),
        _each(lambda w: w["a"].publish(2025), lambda w: w["b"].publish(2025)),
        Expected(new=("a2025", "b2025")),
        listed="abcdefghi",
    ),
    Scene(_day("2026-01-17"), nothing, Expected(dropped=1), listed="abcdefgi"),
    Scene(_day("2026-01-18"), nothing, Expected(due=8), listed="abcdefgi"),
)
