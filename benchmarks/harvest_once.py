"""One harvest in a process of its own: `python -m benchmarks.harvest_once PROXY SITES`; prints one JSON object.

`seconds` is the whole run, `visiting` the run without the setting up before the first site, `peak` the most memory that
the process held, in bytes, `reports` what it archived.
"""

import json
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.loopback import home_page
from scraper import Event, Options, Site, harvest


def main(proxy: str, sites: int) -> None:
    """Harvest so many sites into a new store, without a delay."""
    listed = [Site(f"{100000 + number}", f"某某县{number}", home_page(number)) for number in range(sites)]
    with tempfile.TemporaryDirectory(prefix="nianbao-benchmark-") as folder:
        moments = [time.perf_counter()]

        def note(event: Event) -> None:
            if event.kind == "site_started" and len(moments) == 1:
                moments.append(time.perf_counter())

        options = Options(delay=0, proxy=proxy)
        summary = harvest(listed, Path(folder), options, note, now=lambda: datetime(2026, 4, 1, tzinfo=UTC))
        ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    seconds, visiting = (ended - moment for moment in moments)
    told = {"seconds": seconds, "visiting": visiting, "peak": peak, "reports": summary.new_records}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
