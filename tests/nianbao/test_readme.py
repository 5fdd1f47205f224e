"""What the README prints runs as printed, and prints what it says; every command and option is in it."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import pytest

from nianbao.cli import main
from nianbao.dataset.schema import registry
from nianbao.exits import Exit
from nianbao.replay import ReplayProxy
from parsers.report import Grade
from tests.nianbao.conftest import NIANBAO, REPOSITORY, SAMPLES, Demo, environment

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands() -> Iterator[str]:
    for block in blocks("sh"):
        yield from block.splitlines()


def test_it_is_short_and_opens_with_what_a_newcomer_needs() -> None:
    lines = README.splitlines()
    assert len(lines) < 120
    assert (
        lines.index(
            "make demo   # harvests the sample sites of this repository over loopback and shows what came of it"
        )
        < 20
    )
    assert max(map(len, lines)) <= 160


def test_make_has_the_targets() -> None:
    targets = [shlex.split(line)[1] for line in commands() if line.startswith("make ")]
    assert targets == ["demo", "test"]
    recipe = subprocess.run(
        ["make", "--no-print-directory", "-n", "demo"], capture_output=True, text=True, check=True, cwd=REPOSITORY
    ).stdout
    assert recipe.splitlines()[-1] == ".venv/bin/nianbao demo"


def test_what_it_prints_of_the_demo_is_what_the_demo_prints(demo: Demo) -> None:
    (block,) = blocks("text")
    printed = [line.rstrip() for line in demo.result.stdout.splitlines()]
    expected = [line for line in block.splitlines() if line != "…"]
    assert len(expected) > 8
    assert [line for line in expected if line not in printed] == []
    assert sorted(expected, key=printed.index) == expected


@pytest.mark.parametrize("code", blocks("python"))
def test_python_runs_as_printed(
    code: str, demo: Demo, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(demo.folder)
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own lines
    assert len(capfd.readouterr().out.splitlines()) > 4


def test_shell_commands_run_as_printed_one_after_the_other(demo: Demo, tmp_path: Path) -> None:
    lines = [line for line in commands() if not line.startswith("make ")]
    assert len(lines) == 4
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "samples").symlink_to(SAMPLES)
    script = "\n".join(lines).replace("/tmp/", f"{tmp_path}/")  # noqa: S108 - not used
    script = script.replace(".venv/bin/nianbao", shlex.join(NIANBAO))
    with ReplayProxy(SAMPLES / "sites") as proxy:  # in the place of the internet
        script = script.replace(" harvest ", f" harvest --proxy {proxy.url} --delay 0 ")
        result = subprocess.run(
            ["bash", "-euc", script], capture_output=True, text=True, cwd=tmp_path, env=environment(HOME=str(tmp_path))
        )
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("汉阴县人民政府2024年度政府信息公开工作年度报告\n")
    assert "reports    4 new\n" in result.stdout
    pages = list((SAMPLES / "sites/www.hanyin.gov.cn").glob("*.html"))
    assert len((tmp_path / "reports.jsonl").read_text(encoding="utf-8").splitlines()) == len(pages)


def test_every_command_is_in_it_and_every_option_there_or_in_the_documents() -> None:
    texts = README + "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "docs").glob("*.md"))
    for name, command in main.commands.items():
        assert f"nianbao {name}" in README
        options = [option.opts[0] for option in command.params if isinstance(option, click.Option)]
        assert [option for option in options if option not in texts] == []


def test_every_exit_status_is_in_it() -> None:
    (line,) = re.findall(r"^Exit statuses: .*?\n\n", README, re.MULTILINE | re.DOTALL)
    assert [int(number) for number in re.findall(r"(?:: |· |^)(\d+) ", line, re.MULTILINE)] == [
        each.value for each in Exit
    ]


def test_tables_and_grades_are_those_of_the_dataset(demo: Demo) -> None:
    named = set(re.findall(r"`([a-z]+)(?:/|\.parquet|\.json)`", README))
    assert {name.split("/")[0] for name in registry()} <= named
    assert all((demo.store / "dataset" / name).exists() for name in ("reports", "panel.parquet", "datapackage.json"))
    assert all(f"`{grade}` " in README for grade in get_args(Grade))


def test_files_it_links_are_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert len(links) >= 3
    assert [link for link in links if not (REPOSITORY / link).exists()] == []


def test_figures_of_the_samples_are_true() -> None:
    sites = (SAMPLES / "sites.csv").read_text(encoding="utf-8").splitlines()[1:]
    reports = (SAMPLES / "reports.csv").read_text(encoding="utf-8").splitlines()[1:]
    layouts = {line.split(",")[-2] for line in reports}
    published = [line for line in reports if line.endswith(",published")]
    assert (len(sites), len(reports), len(published), len(layouts)) == (12, 40, 4, 11)
    assert "twelve sample sites in eight content systems and eleven layouts. Four of the forty reports" in README
