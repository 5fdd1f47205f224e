"""`nianbao harvest`: accounts at the end, lines for what is wrong, documented ends."""

import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nianbao import open_dataset, parse_stage
from nianbao.cli import main
from nianbao.replay import ReplayProxy
from tests.nianbao.conftest import NIANBAO, environment
from tests.nianbao.small_site import ATTACHMENT, build, site_list

HEADER = "code,name,site_url,column_url"


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplayProxy]:
    with ReplayProxy(build(tmp_path_factory.mktemp("site"))) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    return site_list(tmp_path / "sites.csv")


def invoke(*arguments: object) -> Result:
    runner = CliRunner(env={"COLUMNS": "80", "FORCE_COLOR": None})
    return runner.invoke(main, ["harvest", "--delay", "0", *map(str, arguments)])


def test_the_summary_accounts_for_everything(sites: Path, store: Path, proxy: ReplayProxy) -> None:
    result = invoke("--sites", sites, "--store", store, "--proxy", proxy.url)
    assert result.exit_code == 0
    lines = dict(line.split(maxsplit=1) for line in result.stdout.splitlines() if not line.startswith(" "))
    total, *parts = map(int, re.findall(r"\d+", lines["discovered"]))
    assert total == sum(parts) > 4
    names = re.findall(r"[a-z]+", lines["discovered"])
    assert names == ["fetched", "unchanged", "skipped", "failed", "pending"]
    assert lines["sites"] == "1: 1 ok"
    assert lines["documents"] == "4 to parse = 2 read + 2 skipped + 0 failed"
    assert "  skipped  1 attachment: the PDF file is damaged" in result.stdout
    assert lines["reports"] == "2 new"
    assert lines["archive"] == str(store / "archive")
    assert lines["dataset"].startswith(str(store / "dataset"))
    assert Path(lines["run"]).is_file()


def test_progress_is_a_plain_line_for_each_site_and_stage(sites: Path, store: Path, proxy: ReplayProxy) -> None:
    result = invoke("--sites", sites, "--store", store, "--proxy", proxy.url)
    assert re.search(r"^\[1/1\] 遂溪县: ok, \d+ pages$", result.stderr, re.MULTILINE)
    assert result.stderr.splitlines()[-2:] == ["parse: 4 documents", "dataset: bringing it up to date"]
    assert "\x1b" not in result.output


def test_progress_is_bars_on_a_terminal_and_the_result_stays_plain(
    sites: Path, store: Path, proxy: ReplayProxy
) -> None:
    controller, terminal = pty.openpty()
    command = [*NIANBAO, "harvest", "--delay", "0", "--sites", sites, "--store", store, "--proxy", proxy.url]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=terminal, env=environment(TERM="xterm", COLUMNS="100")
    ) as process:
        os.close(terminal)
        shown = b"".join(iter(lambda: _read(controller), b""))
        assert process.stdout
        printed = process.stdout.read()
    os.close(controller)
    assert process.returncode == 0
    assert b"1/1 sites" in shown
    assert b"\x1b[" in shown
    assert printed.startswith(b"sites      1: 1 ok\n")
    assert b"\x1b" not in printed


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux's way to say that the other end is closed
        return b""


def test_nothing_new_is_said(sites: Path, store: Path, proxy: ReplayProxy) -> None:
    arguments = ("--sites", sites, "--store", store, "--proxy", proxy.url)
    assert "Nothing changed" not in invoke(*arguments).stdout
    again = invoke(*arguments)
    assert again.exit_code == 0
    assert again.stdout.splitlines()[-1].startswith("Nothing changed since the last run")
    assert "documents  0 to parse = 0 read + 0 skipped + 0 failed\n" in again.stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"", "code"),
        (b"code,name,column_url\n440823,x,\n", "site_url"),
        (f"{HEADER}\n440823,遂溪县,ftp://www.suixi.gov.cn/,\n".encode(), "ftp"),
        (f"{HEADER}\n440823,遂溪县,suixi,\n".encode(), "suixi"),
        (f"{HEADER}\n4408,遂溪县,http://www.suixi.gov.cn/,\n".encode(), "4408"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ""),
    ],
)
def test_a_list_that_cannot_be_used_is_one_line_and_status_1(
    content: bytes | None, words: str, tmp_path: Path, store: Path
) -> None:
    sites = tmp_path / "list.csv"
    if content is not None:
        sites.write_bytes(content)
    result = invoke("--sites", sites, "--store", store)
    (line,) = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (1, "")
    assert line.startswith(f"nianbao: {sites}: ")
    assert words in line
    assert not store.exists()


def test_a_folder_in_the_place_of_the_list(tmp_path: Path, store: Path) -> None:
    result = invoke("--sites", tmp_path, "--store", store)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"nianbao: {tmp_path}: cannot be read")
    assert len(result.stderr.splitlines()) == 1


def test_a_bad_row_is_one_line_and_the_others_are_harvested(tmp_path: Path, store: Path, proxy: ReplayProxy) -> None:
    sites = site_list(tmp_path / "sites.csv", "610921,汉阴县,gopher://www.hanyin.gov.cn/,", "61,汉阴县,http://x.cn/,")
    result = invoke("--sites", sites, "--store", store, "--proxy", proxy.url)
    complaints = [line for line in result.stderr.splitlines() if line.startswith("nianbao: ")]
    assert result.exit_code == 1
    assert [line.split(": ")[1] for line in complaints] == [f"{sites}:3", f"{sites}:4"]
    assert len(open_dataset(store).reports()) == 2


def bad_store(kind: str, tmp_path: Path) -> tuple[Path, str]:
    """Make a store that cannot be used; with the path that the line must name."""
    file = tmp_path / "file"
    file.write_text("not a folder")
    if kind == "below a file":
        return file / "store", str(file / "store")
    if kind == "a file":
        return file, str(file)
    if kind == "no state":
        (tmp_path / "damaged").mkdir()
        (tmp_path / "damaged" / "state.sqlite").write_bytes(b"this is no database, " * 100)
        return tmp_path / "damaged", "state.sqlite"
    if kind == "of the demo":
        (tmp_path / "demo").mkdir()
        (tmp_path / "demo" / "DEMO.txt").touch()
        return tmp_path / "demo", str(tmp_path / "demo")
    (tmp_path / "taken" / "dataset").mkdir(parents=True)
    return tmp_path / "taken", str(tmp_path / "taken" / "dataset")


@pytest.mark.parametrize("kind", ["below a file", "a file", "no state", "of the demo", "dataset taken"])
def test_a_store_that_cannot_be_used_is_one_line_and_status_3(
    kind: str, tmp_path: Path, sites: Path, proxy: ReplayProxy
) -> None:
    store, named = bad_store(kind, tmp_path)
    result = invoke("--sites", sites, "--store", store, "--proxy", proxy.url)
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("nianbao: ")]
    assert (result.exit_code, result.stdout) == (3, "")
    assert named in line
    assert "; " in line, f"does not say what to do: {line}"
    assert "Traceback" not in result.stderr


def test_no_site_to_be_reached_is_status_1(tmp_path: Path, store: Path, proxy: ReplayProxy) -> None:
    sites = tmp_path / "sites.csv"
    sites.write_text(f"{HEADER}\n610921,汉阴县,http://127.0.0.1:9/,\n", encoding="utf-8")
    result = invoke("--sites", sites, "--store", store)
    assert result.exit_code == 1
    assert "sites      1: 1 unsafe\n" in result.stdout
    assert result.stderr.splitlines()[-1].startswith("nianbao: no site could be read; check")


def test_a_document_that_breaks_the_parser_is_named(
    sites: Path, store: Path, proxy: ReplayProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(body: bytes, **settings: str | None) -> object:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(parse_stage, "read_reports", broken)
    result = invoke("--sites", sites, "--store", store, "--proxy", proxy.url)
    assert result.exit_code == 1
    complaints = [line for line in result.stderr.splitlines() if line.startswith("nianbao: ")]
    assert len(complaints) == 4
    assert complaints[0].startswith(f"nianbao: {ATTACHMENT}: this program failed (ZeroDivisionError: by zero at ")


def test_max_pages_ends_a_site_and_leaves_the_rest_pending(sites: Path, store: Path, proxy: ReplayProxy) -> None:
    result = invoke("--sites", sites, "--store", store, "--proxy", proxy.url, "--max-pages", "2")
    assert result.exit_code == 0
    (accounts,) = [line for line in result.stdout.splitlines() if line.startswith("discovered ")]
    assert "2 fetched" in accounts
    assert "0 pending" not in accounts


def test_user_agent_is_sent(sites: Path, store: Path, proxy: ReplayProxy) -> None:
    agent = "somebody (+mailto:somebody@example.org)"
    invoke("--sites", sites, "--store", store, "--proxy", proxy.url, "--user-agent", agent)
    assert proxy.requests[-1].headers["user-agent"] == agent


def test_ctrl_c_ends_in_good_order_and_the_next_run_goes_on(sites: Path, store: Path, tmp_path: Path) -> None:
    with ReplayProxy(build(tmp_path / "site")) as proxy:
        arguments = ["--sites", str(sites), "--store", str(store), "--proxy", proxy.url]
        command = [*NIANBAO, "harvest", *arguments, "--delay", "0.5"]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), text=True
        ) as process:
            while len(proxy.requests) < 3:
                assert process.poll() is None
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            printed, errors = process.communicate(timeout=30)
        result = invoke(*arguments)
    assert process.returncode == 130
    assert errors.splitlines()[-1].startswith("nianbao: interrupted; ")
    assert "Traceback" not in errors
    assert "sites      1: 1 pending\n" in printed
    assert "documents" not in printed
    assert result.exit_code == 0
    assert "goes on with run" in result.stderr
    assert len(open_dataset(store).reports()) == 2
