"""How long a report takes to parse, beside pandas.read_html on the same page: `python -m benchmarks.parse`.

Processor time, one process, medians. The routes go by turns so that a busy machine slows all alike, a batch of pages
each, since a harvest parses page after page. Each call takes another page: the labels of a harvest's pages are the same
and their numbers are not, so what the parser remembers of labels counts and no page comes twice. One route forgets the
layout before each page, as for the first page of a site.
"""

import argparse
import time
from collections.abc import Callable
from io import StringIO
from statistics import median

import pandas as pd

import nianbao
from benchmarks.pages import flattened, report, spanned
from parsers.layouts import forget

RATIO, WISHED, FLAT_MS = 4.0, 7.0, 1.5
BATCH = 15


def milliseconds(work: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    start = time.process_time_ns()
    work()
    return (time.process_time_ns() - start) / 1e6


def medians(routes: dict[str, list[Callable[[], object]]], rounds: int) -> dict[str, float]:
    """Run the routes by turns, a batch each. Returns the median of each in milliseconds, the first batch left aside."""
    times: dict[str, list[float]] = {name: [] for name in routes}
    for start in range(0, rounds + BATCH, BATCH):
        for name, calls in routes.items():
            times[name] += [milliseconds(call) for call in calls[start : start + BATCH]]
    return {name: median(found[BATCH:]) for name, found in times.items()}


def _check(body: bytes) -> None:
    grades = {table.table: table.grade for table in nianbao.parse(body).tables}
    wanted = {"disclosure": "consistent", "requests": "verified", "appeals": "verified"}
    if grades != wanted:
        raise SystemExit(f"the page is not read: {grades}, expected {wanted}")


def _pandas(body: bytes) -> Callable[[], object]:
    text = body.decode()
    return lambda: pd.read_html(StringIO(text))


def _parse(body: bytes) -> Callable[[], object]:
    return lambda: nianbao.parse(body)


def _parse_first(body: bytes) -> Callable[[], object]:
    return lambda: (forget(), nianbao.parse(body))


def measured(rounds: int) -> tuple[dict[str, float], int, int]:
    """Return the medians, and the size in bytes of the spanned page and of the text."""
    reports = [report(seed) for seed in range(rounds + BATCH)]
    pages, texts = [spanned(each) for each in reports], [flattened(each) for each in reports]
    for body in (pages[0], texts[0]):
        _check(body)
    routes = {
        "pandas": [_pandas(body) for body in pages],
        "spanned": [_parse(body) for body in pages],
        "first": [_parse_first(body) for body in pages],
        "flattened": [_parse(body) for body in texts],
    }
    return medians(routes, rounds), len(pages[0]), len(texts[0])


def main() -> int:
    """Print the table; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parse", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=75, help="calls of each route")
    found, page_size, text_size = measured(parser.parse_args().rounds)
    ratio = found["pandas"] / found["spanned"]
    print(f"{'':44} {'ms':>8}   goal")
    print(f"{f'pandas.read_html, spanned page, {page_size // 1000} KB':44} {found['pandas']:>8.2f}")
    print(f"{'nianbao.parse, the same page':44} {found['spanned']:>8.2f}")
    print(f"{'times faster':44} {ratio:>8.2f}   {RATIO:g}, wished {WISHED:g}")
    print(f"{'nianbao.parse, of a layout not read before':44} {found['first']:>8.2f}")
    print(f"{f'nianbao.parse, flattened text, {text_size // 1000} KB':44} {found['flattened']:>8.2f}   {FLAT_MS:g}")
    return 0 if ratio >= RATIO and found["flattened"] <= FLAT_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
