"""The command line as a whole: help, wrong use, and ends that nobody planned."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import nianbao
from nianbao.cli import main
from tests.nianbao.conftest import NIANBAO, REPOSITORY, SAMPLES, Run, environment

REPORT = SAMPLES / "sites/www.hangzhou.gov.cn/art/2026/1/30/art_1256349_59402219.html"
STATUSES = (0, 1, 2, 3, 130, 141)


def invoke(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "80", "FORCE_COLOR": None}).invoke(main, [str(each) for each in arguments])


def test_version_is_the_one_of_the_package() -> None:
    assert invoke("--version").output == f"nianbao {nianbao.__version__}\n"


def test_help_documents_commands_and_exit_statuses() -> None:
    text = invoke("--help").output
    assert all(f"  {command}  " in text for command in ("parse", "harvest", "demo"))
    assert all(any(line.split()[:1] == [str(status)] for line in text.splitlines()) for status in STATUSES)


@pytest.mark.parametrize("command", ["", "parse", "harvest", "demo"])
def test_every_help_has_an_example_that_is_a_command_line(command: str) -> None:
    text = invoke(*filter(None, [command]), "--help").output
    example = text.split("Example")[1]
    assert f"nianbao {command}".strip() in example
    assert max(map(len, text.splitlines())) <= 100


def test_every_option_says_what_it_does() -> None:
    context = click.Context(main)
    options = [
        option
        for name in main.list_commands(context)
        for option in main.commands[name].params
        if isinstance(option, click.Option)
    ]
    assert len(options) >= 9
    assert all(option.help for option in options)


@pytest.mark.parametrize(
    "arguments",
    [
        ["unknown"],
        ["parse"],
        ["parse", "--format", "xml", "x"],
        ["parse", "--url", "http://x/", "a", "b"],
        ["harvest"],
        ["harvest", "--sites", "sites.csv"],
        ["harvest", "--sites", "sites.csv", "--store", "s", "--delay", "soon"],
        ["harvest", "--sites", "sites.csv", "--store", "s", "--delay", "-1"],
        ["harvest", "--sites", "sites.csv", "--store", "s", "--max-pages", "0"],
        ["harvest", "--sites", "sites.csv", "--store", "s", "--proxy", "nowhere"],
        ["harvest", "--sites", "sites.csv", "--store", "s", "--user-agent", "两行"],
        ["demo", "here"],
    ],
)
def test_wrong_use_is_status_2_and_does_nothing(
    arguments: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert "Usage: " in result.stderr
    assert "Traceback" not in result.stderr


def test_a_defect_of_one_file_is_one_line_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.commands import parse

    real = parse.parse_all

    def broken(body: bytes, **settings: str | None) -> object:
        if b"59402219" not in body and b"sygfj" in body:
            raise RecursionError("maximum depth")
        return real(body, **settings)

    monkeypatch.setattr(parse, "parse_all", broken)
    bad = next((SAMPLES / "sites/www.shuyang.gov.cn").rglob("63e0f7f8*.shtml"))
    result = invoke("parse", bad, REPORT)
    assert result.exit_code == 1
    assert result.stdout.startswith(f'{{"source":"{REPORT}"')
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"nianbao: {bad}: this program failed (RecursionError: maximum depth at test_cli.py:")
    assert "please report it" in line


def test_a_defect_outside_of_files_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.commands import parse

    monkeypatch.setattr(parse, "_print_json", lambda report: {}["nothing"])
    result = invoke("parse", REPORT)
    (line,) = result.stderr.splitlines()
    assert result.exit_code == 1
    assert line.startswith("nianbao: this program failed (KeyError: 'nothing' at test_cli.py:")


def test_ctrl_c_is_one_line_and_status_130(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    quiet = environment(PYTHONWARNINGS="ignore")  # the signal can fall between the opening of a file and its `with`
    command = [*NIANBAO, "parse", str(pipe)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=quiet) as process, pipe.open("wb"):  # opens once read
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert errors.decode().splitlines() == ["nianbao: interrupted; run the same command again to go on"]


@pytest.mark.parametrize("form", ["jsonl", "table"])
def test_a_reader_that_goes_away_is_no_matter(form: str) -> None:
    arguments = [*NIANBAO, "parse", "--format", form, *[str(REPORT)] * 12]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(COLUMNS="80")
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_status_3(nianbao: Run) -> None:
    with Path("/dev/full").open("w") as full:
        result = nianbao("parse", REPORT, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 3
    assert result.stderr.splitlines() == [
        "nianbao: output: No space left on device; make room or give access, then run again"
    ]


def test_parse_does_not_wait_for_what_it_does_not_use() -> None:
    script = (
        "import sys; from nianbao.cli import main\n"
        f"main(['parse', {str(REPORT)!r}], standalone_mode=False)\n"
        "print(*{'pandas', 'pyarrow', 'numpy', 'httpx', 'rich', 'scraper'} & set(sys.modules), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, env=environment(), cwd=REPOSITORY
    )
    assert result.stderr.split() == []


def test_public_names() -> None:
    from nianbao import open_dataset, parse, parse_all

    assert parse(REPORT.read_bytes()).title == "杭州市2025年政府信息公开工作年度报告"
    assert [report.report_year for report in parse_all(REPORT.read_bytes())] == [2025]
    assert open_dataset.__module__ == "nianbao.datasets"
    with pytest.raises(AttributeError, match="no attribute 'open_dataste'"):
        nianbao.open_dataste  # noqa: B018


def test_an_interruption_while_a_command_ends_is_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(click.Group, "main", late)
    with pytest.raises(SystemExit) as ended:
        main(["codebook"])
    assert ended.value.code == 130
