"""Runs the parser over the zoo and tells how it did: `python -m tests.zoo.run --documents 2000 --seed 1`.

Exit status 1 if a cell is silently wrong, a table lies or is invented, a year is wrong, the parser raises, or under
99.9 % of the recoverable cells are right.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.zoo.documents import Document, document
from tests.zoo.judge import Verdict, crashed, judge, passed, share
from tests.zoo.plans import plan

COLUMNS = (
    *("documents", "missed", "flagged", "silent", "lies", "year", "extra", "absent", "forms", "shape", "grades"),
    *("crashes", "unwarned", "narrative", "facts", "misled"),
)


def judged(one: Document) -> Verdict:
    """Parse a document and judge what comes back, its further reports too."""
    import nianbao

    try:
        reports = nianbao.parse_all(one.body) if one.others else [nianbao.parse(one.body)]
    except Exception as error:  # noqa: BLE001 - whatever the parser raises is the finding
        return crashed(one, error)
    verdict = judge(one, reports[0].as_json())
    for index, other in enumerate(one.others, 1):
        second = judge(other, reports[index].as_json() if index < len(reports) else {})
        verdict.counts.update(second.counts)
        verdict.faults += [f"second report: {fault}" for fault in second.faults]
    return verdict


def _numbered(task: tuple[int, int]) -> tuple[tuple[str, ...], Verdict]:
    one = document(*task)
    return one.plan.parts, judged(one)


def _chosen(options: argparse.Namespace) -> list[tuple[int, int]]:
    """Return the (number, seed) of the documents to run; with a name, those that have it among their parts."""
    numbers = range(options.documents if not options.layout else options.documents * 20)
    tasks = [(number, options.seed) for number in numbers]
    if options.layout:
        tasks = [task for task in tasks if options.layout in plan(*task)[0].parts]
    return tasks[: options.documents]


def verdicts(tasks: list[tuple[int, int]], workers: int) -> Iterator[tuple[tuple[str, ...], Verdict]]:
    """Yield (names of the parts, verdict) of each document, in order."""
    if workers == 1:
        yield from map(_numbered, tasks)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(_numbered, tasks, chunksize=20)


def line(name: str, counts: Counter[str]) -> str:
    """Return one row of the summary."""
    return f"{name:28} {100 * share(counts):7.2f}% " + " ".join(f"{counts[column]:>9}" for column in COLUMNS)


def summary(rows: dict[str, Counter[str]], total: Counter[str]) -> str:
    """Return the table of results: a row per layout, arrangement, departure and noise, and the total."""
    head = f"{'':28} {'right':>8} " + " ".join(f"{column:>9}" for column in COLUMNS)
    return "\n".join([head, *(line(name, counts) for name, counts in sorted(rows.items())), line("total", total)])


def _dump(options: argparse.Namespace, tasks: list[tuple[int, int]]) -> int:
    folder = Path(options.dump)
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in tasks:
        one = document(number, seed)
        name = one.name.replace("/", "slash").replace("#", "-")
        (folder / f"{number:05}-{name}{one.suffix}").write_bytes(one.body)
    print(f"{len(tasks)} documents in {folder}")  # noqa: T201
    return 0


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.zoo.run", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--documents", type=int, default=2_000, help="how many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layout", help="only documents with this layout, arrangement, departure or noise")
    parser.add_argument("--show", action="store_true", help="print the faults of each document")
    parser.add_argument("--most", type=int, default=40, help="with --show, how many documents with faults to print")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--dump", metavar="DIR", help="write the bodies there and parse nothing")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    options = arguments(argv)
    tasks = _chosen(options)
    if options.dump:
        return _dump(options, tasks)
    rows: dict[str, Counter[str]] = {}
    total: Counter[str] = Counter()
    shown = 0
    for parts, verdict in verdicts(tasks, options.workers):
        total.update(verdict.counts)
        for part in parts:
            rows.setdefault(part, Counter()).update(verdict.counts)
        if options.show and verdict.faults and not verdict.good and shown < options.most:
            shown += 1
            print(verdict.name, *verdict.faults[:8], sep="\n    ")  # noqa: T201
    print(summary(rows, total))  # noqa: T201
    return 0 if passed(total) else 1


if __name__ == "__main__":
    sys.exit(main())
