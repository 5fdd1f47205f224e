"""Reads scans and tells how well: `python -m tests.scans.run --reports 20 --seed 101 --dpi 150 --held-out`.

Exit status 1 if a cell is silently wrong, or, from 150 dots an inch up, under 99.5 % of the cells are right or under
90 % of the reports that can be are verified.
"""

import argparse
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.scans.documents import Scan, as_tiff, scan
from tests.zoo.judge import Verdict, crashed, judge

GOAL = {"disclosure": "consistent", "requests": "verified", "appeals": "verified"}


@dataclass(slots=True)
class Outcome:
    """What came of one scan: the verdict on it, seconds a sheet, whether it can be and is verified, its warnings."""

    scan: Scan
    verdict: Verdict
    seconds: float
    able: bool = False
    verified: bool = False
    grades: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def read(one: Scan, *, inside: bool) -> Outcome:
    """Read a scan, in this process where `inside` says so, and judge what comes back."""
    import nianbao

    body = as_tiff(one.sheets, one.worn.dpi)
    begun = time.perf_counter()
    try:
        report = _read_inside(body) if inside else nianbao.parse(body).as_json()
    except Exception as error:  # noqa: BLE001 - whatever the parser raises is the finding
        return Outcome(one, crashed(one.document, error), 0.0)
    seconds = (time.perf_counter() - begun) / len(one.sheets)
    verdict = judge(one.document, report)
    given = {table["table"]: table["grade"] for table in report["tables"]}
    able = all(grade in one.document.grades[code] for code, grade in GOAL.items())
    return Outcome(one, verdict, seconds, able, given == GOAL, given, report["warnings"])


def _read_inside(body: bytes) -> dict[str, object]:
    from parsers.cleaning import clean_page
    from parsers.ocr.reader import read_image
    from parsers.reading import _parts, _read_part

    (page,) = read_image(body)
    clean_page(page)
    return _read_part(page, _parts(page)[0], hashlib.sha256(body).hexdigest()).as_json()


def outcomes(options: argparse.Namespace) -> Iterator[Outcome]:
    """Yield what came of each scan of a run."""
    for number in range(options.start, options.start + options.reports):
        yield read(scan(number, options.seed, options.dpi, held_out=options.held_out), inside=options.inside)


def told(one: Outcome) -> str:
    """Return one line on a scan."""
    counts = one.verdict.counts
    return (
        f"{one.verdict.name:24} {len(one.scan.sheets)} sheets {one.seconds:5.1f} s/sheet "
        f"missed {counts['missed']:3} silent {counts['silent']} {one.grades}"
        f"{'' if one.able else ' (cannot be verified)'}"
    )


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.scans.run", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--reports", type=int, default=10, help="how many")
    parser.add_argument("--start", type=int, default=0, help="the first one's number")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dpi", type=int, default=150)
    parser.add_argument("--held-out", action="store_true", help="in the fonts kept for measuring")
    parser.add_argument("--inside", action="store_true", help="read in this process, without limits")
    parser.add_argument("--show", action="store_true", help="print the faults of each scan")
    options = parser.parse_args(argv)
    total: Counter[str] = Counter()
    for one in outcomes(options):
        total.update(one.verdict.counts)
        total["able"] += one.able
        total["verified"] += one.able and one.verified
        print(told(one), flush=True)  # noqa: T201
        if options.show and (one.verdict.faults or one.verified < one.able):
            print(one.scan.worn, *one.verdict.faults[:12], *one.warnings[:6], sep="\n    ", flush=True)  # noqa: T201
    right = 1 - total["missed"] / max(1, total["sure"])
    print(  # noqa: T201
        f"{options.dpi} dpi: {total['documents']} reports, {total['sure']} cells, {100 * right:.2f} % right, "
        f"{total['silent']} silent, {total['lies']} lies, {total['verified']} of {total['able']} verified, "
        f"{total['crashes']} crashes"
    )
    good = options.dpi < 150 or (right >= 0.995 and total["verified"] >= 0.9 * total["able"])
    return 0 if good and not total["silent"] and not total["crashes"] else 1


if __name__ == "__main__":
    sys.exit(main())
