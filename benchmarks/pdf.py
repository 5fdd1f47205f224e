"""How long a PDF file takes, from its bytes to a report: `python -m benchmarks.pdf [--pages 6]`.

Wall time of the whole parse, the reader's own process and its imports among it, on a report with a text layer that is
printed here; medians. Exit status 1 where six pages take 1.5 seconds or more.
"""

import argparse
import subprocess
import sys
import time
from statistics import median

import nianbao
from parsers.confined import Limits, run
from tests.parsers.papers import paper
from tests.parsers.pdf.press import bound
from tests.parsers.pdf.typeset import Setter
from tests.parsers.shapes import sheets

WISHED, PAGES = 1.5, 6


def printed(pages: int) -> bytes:
    """A report of so many pages: its tables, then as much text as it takes."""
    setter = Setter()
    setter.report(sheets(paper()))
    while len(setter.papers) <= pages:
        setter.words("本部分如实报告有关情况，没有其他需要说明的内容，特此说明。")
    return bound(setter.papers[:pages])


def seconds(rounds: int, body: bytes) -> dict[str, float]:
    """Return the median wall time of a parse, of the reader in its process, and of an interpreter that does nothing."""
    works = {
        "whole parse": lambda: nianbao.parse(body),
        "reader in its process": lambda: run("parsers.pdf.reader:read_pdf", body, Limits()),
        "empty interpreter": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)
    return {name: median(found) for name, found in times.items()}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pdf", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    body = printed(options.pages)
    found = seconds(options.rounds, body)
    grades = [table.grade for table in nianbao.parse(body).tables]
    print(f"{options.pages} pages, {len(body):,} bytes, tables {', '.join(grades)}")
    for name, value in found.items():
        print(f"{name:24} {value:6.3f} s")
    return int(options.pages == PAGES and found["whole parse"] >= WISHED)


if __name__ == "__main__":
    sys.exit(main())
