"""How long a scanned page takes, and how much memory: `python -m benchmarks.ocr [--reports 4] [--dpi 150]`.

Prints seconds of wall clock and of processor a page, in a process that has its models loaded, then the whole way
through `nianbao.parse` (a process of its own for each document), and the most memory used.
"""

import argparse
import resource
import statistics
import time

import nianbao
from parsers.ocr.reader import read_image
from tests.scans.documents import as_tiff, scan


def _told(name: str, walls: list[float], processors: list[float]) -> None:
    print(
        f"{name:32} {statistics.median(walls):6.2f} s a page (worst document {max(walls):.2f}), "
        f"{statistics.median(processors):.2f} s of processor"
    )


def _spent() -> float:
    return sum(
        use.ru_utime + use.ru_stime for use in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ocr", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--reports", type=int, default=4)
    parser.add_argument("--dpi", type=int, default=150)
    options = parser.parse_args()
    scans = [scan(number, 500, options.dpi) for number in range(options.reports)]
    bodies = [(as_tiff(one.sheets, options.dpi), len(one.sheets)) for one in scans]
    read_image(bodies[0][0])
    print(f"{len(bodies)} reports of {sum(pages for _, pages in bodies)} pages at {options.dpi} dots an inch")
    for name, read in (("models loaded", read_image), ("nianbao.parse, own process", nianbao.parse)):
        walls, processors = [], []
        for body, pages in bodies:
            begun, used = time.perf_counter(), _spent()
            read(body)
            walls.append((time.perf_counter() - begun) / pages)
            processors.append((_spent() - used) / pages)
        _told(name, walls, processors)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1_000
    print(f"{'most memory of a reading process':32} {most:6.0f} MB")


if __name__ == "__main__":
    main()
