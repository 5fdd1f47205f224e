"""What a kill, a Ctrl-C or a power cut leaves behind, and how the next run goes on."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from warcio.archiveiterator import ArchiveIterator

from scraper.documents import documents
from scraper.harvest import harvest
from scraper.messages import Site
from scraper.options import Options
from scraper.outcomes import Outcome
from scraper.runs import begin_run, end_run
from scraper.state import State
from scraper.summary import Summary
from tests.scraper.conftest import NOW, QUICK, county
from tests.scraper.walker import LinkWalker
from tests.scraper.web import Reply, Web

HARVEST = """
import json, sys
from datetime import timedelta
from pathlib import Path
from scraper import Options, Site, harvest
from tests.scraper.conftest import NOW
from tests.scraper.walker import LinkWalker
store, proxy, sites = sys.argv[1:]
options = Options(delay=0, backoff=0.02, proxy=proxy, archive_bytes=20_000)
sites = [Site(*site) for site in json.loads(sites)]
summary = harvest(sites, Path(store), options, now=lambda: NOW, walker_of=LinkWalker)
print(json.dumps(summary.as_dict()))
"""


def start(store: Path, web: Web, sites: list[Site]) -> subprocess.Popen[str]:
    told = json.dumps([[site.code, site.name, site.site_url] for site in sites])
    command = [sys.executable, "-c", HARVEST, str(store), web.url, told]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_requests(web: Web, count: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 20
    while len(web.log) < count and process.poll() is None and time.monotonic() < until:
        time.sleep(0.0005)


def finish(store: Path, web: Web, sites: list[Site]) -> Summary:
    options = Options(**QUICK, proxy=web.url, archive_bytes=20_000)  # type: ignore[arg-type]
    return harvest(sites, store, options, now=lambda: NOW, walker_of=LinkWalker)


def kill_and_finish(web: Web, store: Path, *, kills: int, sites: list[Site], seed: int) -> Summary:
    rng = random.Random(seed)
    for _ in range(kills):
        process = start(store, web, sites)
        wait_for_requests(web, len(web.log) + rng.randrange(1, 12), process)
        time.sleep(rng.random() * 0.01)
        process.kill()
        process.communicate()
    return finish(store, web, sites)


def check_nothing_lost_or_doubled(web: Web, store: Path, sites: list[Site], *, kills: int) -> None:
    hosts = [site.site_url.split("/")[2] for site in sites]
    wanted = {f"http://{host}{path}" for host, path in web.pages if host in hosts and "/gk/20" in path}
    assert Counter(document.url for document in documents(store)) == Counter(wanted)
    asked = Counter((seen.host, seen.path) for seen in web.log)
    assert sum(asked.values()) - len(asked) <= kills * len(sites)
    assert all(count <= 1 + kills for count in asked.values())
    assert Counter(recorded(store)) == Counter(wanted)


def recorded(store: Path) -> list[str]:
    """The URLs of all archive files as warcio reads them, which are those that fastwarc reads."""
    urls, others = [], []
    for path in sorted((store / "archive").iterdir()):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                record.content_stream().read()
                if record.rec_type == "response":
                    urls.append(record.rec_headers.get_header("WARC-Target-URI"))
        with path.open("rb") as file:
            for fast in FastIterator(file, record_types=WarcRecordType.response):
                assert fast.verify_payload_digest()
                others.append(fast.headers["WARC-Target-URI"])
    assert urls == others
    return urls


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_harvest_is_completed_by_the_next(web: Web, tmp_path: Path, seed: int) -> None:
    sites = [county(web, number, reports=4, pause=0.004) for number in range(1, 5)]
    summary = kill_and_finish(web, tmp_path / "store", kills=2, sites=sites, seed=seed)
    assert summary.resumed
    assert {site.outcome for site in summary.sites} == {Outcome.OK}
    assert summary.new_records == 4 * 5
    assert summary.counts.as_dict()["discovered"] == 4 * (1 + 1 + 4 + 1 + 1)
    check_nothing_lost_or_doubled(web, tmp_path / "store", sites, kills=2)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_fifty_kills(web: Web, tmp_path: Path) -> None:
    for seed in range(10):
        store = tmp_path / f"store{seed}"
        web.log.clear()
        sites = [county(web, number, reports=12, pause=0.004) for number in range(1, 9)]
        summary = kill_and_finish(web, store, kills=5, sites=sites, seed=seed)
        assert summary.new_records == 8 * 13
        check_nothing_lost_or_doubled(web, store, sites, kills=5)


def test_ctrl_c_ends_in_good_order_and_the_next_run_goes_on(web: Web, tmp_path: Path) -> None:
    store = tmp_path / "store"
    sites = [county(web, number, reports=6, pause=0.02) for number in range(1, 4)]
    process = start(store, web, sites)
    wait_for_requests(web, 12, process)
    process.send_signal(signal.SIGINT)
    told, complaint = process.communicate(timeout=10)
    assert process.returncode == 0, complaint
    summary = json.loads(told)
    assert summary["interrupted"]
    counts = summary["counts"]
    assert counts["pending"] > 0
    assert json.loads((store / "runs" / summary["run"] / "summary.json").read_text(encoding="utf-8")) == summary
    last = finish(store, web, sites)
    assert last.resumed
    assert not last.interrupted
    assert last.run == summary["run"]
    check_nothing_lost_or_doubled(web, store, sites, kills=1)


def test_failures_of_a_broken_off_run_are_not_asked_for_again(web: Web, tmp_path: Path) -> None:
    store = tmp_path / "store"
    site = county(web, reports=2, headers={"ETag": '"v1"'})
    web.put("http://www.county1.gov.cn/gk/2020.html", "<p>please enable JavaScript</p>")
    finish(store, web, [site])
    unfinish(store)
    web.log.clear()
    summary = finish(store, web, [site])
    assert web.log == []
    assert summary.resumed
    assert dict(summary.sites[0].tallies["report"].failed) == {"blocked": 1}
    assert summary.sites[0].tallies["report"].fetched == 1


def test_what_was_pending_in_a_broken_off_run_is_asked_for(web: Web, tmp_path: Path) -> None:
    store = tmp_path / "store"
    site = county(web, reports=3, headers={"ETag": '"v1"'})
    page = web.pages["www.county1.gov.cn", "/gk/2021.html"]
    web.put("http://www.county1.gov.cn/gk/2021.html", Reply("", 503, {"Retry-After": "3600"}))
    assert finish(store, web, [site]).counts.pending == 3
    unfinish(store)
    web.pages["www.county1.gov.cn", "/gk/2021.html"] = page
    summary = finish(store, web, [site])
    assert (summary.resumed, summary.counts.pending) == (True, 0)
    assert summary.new_records == len(list(documents(store))) == 4


def unfinish(store: Path) -> None:
    """Make the last run look as if it had died before its last word."""
    state = State(store)
    state.write("UPDATE runs SET status = 'running'")
    state.write("UPDATE sites SET run = 0")
    state.close()


def test_old_broken_off_run_is_not_continued(tmp_path: Path) -> None:
    state = State(tmp_path, create=True)
    first = begin_run(state, NOW, resume_within=3600)
    again = begin_run(state, NOW.replace(hour=9), resume_within=3600)
    assert (again.id, again.resumed) == (first.id, True)
    later = begin_run(state, NOW.replace(hour=12), resume_within=3600)
    assert (later.id, later.resumed) == (first.id + 1, False)
    end_run(state, later, NOW, "finished")
    assert not begin_run(state, NOW.replace(hour=12), resume_within=3600).resumed
    state.close()


def test_store_cut_off_in_mid_write_is_still_read(web: Web, tmp_path: Path) -> None:
    """A power cut can leave bytes behind the last commit, in the archive and in the journal of SQLite."""
    store = tmp_path / "store"
    sites = [county(web, 1, reports=2)]
    finish(store, web, sites)
    last = max((store / "archive").iterdir())
    with last.open("ab") as file:
        file.write(os.urandom(700))
    (store / "state.sqlite-wal").write_bytes(os.urandom(4000))
    before = [(document.url, document.sha256) for document in documents(store)]
    summary = finish(store, web, [*sites, county(web, 2, reports=2)])
    assert summary.new_records == 3
    assert [(document.url, document.sha256) for document in documents(store)][: len(before)] == before
    assert len(recorded(store)) == 6
