"""What schedulers get: units that systemd accepts, a crontab line, a CronJob, a container file, a workflow."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from nianbao.cli import main
from tests.nianbao.conftest import REPOSITORY

PACKAGING = REPOSITORY / "packaging"
SERVICE = (PACKAGING / "systemd" / "nianbao.service").read_text(encoding="utf-8")
CRON = (PACKAGING / "cron" / "nianbao").read_text(encoding="utf-8")
CONTAINER = (PACKAGING / "Containerfile").read_text(encoding="utf-8")
WORKFLOW = PACKAGING / "github" / "nightly.yml"
CRONJOB = PACKAGING / "kubernetes" / "cronjob.yaml"
DOCUMENT = REPOSITORY / "docs" / "nightly.md"
INSTALLED = re.compile(r"pip install [\"'](?:nianbao|\.)\[([\w,]+)\]")
EXPOSURE = 20  # of 100, at most, as systemd-analyze counts; 14 with systemd 252


@pytest.fixture
def units(tmp_path: Path) -> list[str]:
    """Return copies of the units whose program is there."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    (tmp_path / "nianbao.service").write_text(SERVICE.replace("/opt/nianbao/bin/nianbao", "/bin/true"))
    shutil.copy(PACKAGING / "systemd" / "nianbao.timer", tmp_path)
    return [str(tmp_path / name) for name in ("nianbao.service", "nianbao.timer")]


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


def test_systemd_accepts_the_units(units: list[str]) -> None:
    done = analyze("verify", "--man=no", *units)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_service_is_hardened(units: list[str]) -> None:
    done = analyze("security", "--offline=yes", f"--threshold={EXPOSURE}", "--no-pager", units[0])
    assert done.returncode == 0, done.stdout[-400:]
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "User=nianbao", "CapabilityBoundingSet="):
        assert f"\n{line}\n" in SERVICE


def cron_command() -> str:
    (line,) = [line for line in CRON.splitlines() if line.startswith("0 ")]
    fields = line.split(maxsplit=6)
    assert len(fields) == 7
    return fields[6].partition(" 2>>")[0].removeprefix("/opt/nianbao/bin/nianbao ")


def workflow_command() -> str:
    text = WORKFLOW.read_text(encoding="utf-8")
    (command,) = re.findall(r"^ +(nianbao nightly .*)$", text, re.MULTILINE)
    return str(command)


def container_arguments() -> list[str]:
    (job,) = [each for each in yaml.safe_load_all(CRONJOB.read_text(encoding="utf-8")) if each["kind"] == "CronJob"]
    return [str(each) for each in pod(job)["containers"][0]["args"]]


def pod(job: dict[str, Any]) -> Any:
    return job["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def test_every_scheduler_runs_a_command_that_there_is(tmp_path: Path) -> None:
    service = re.findall(r"^ExecStart=\S+ (.*)$", SERVICE, re.MULTILINE)
    commands = [shlex.split(text) for text in (*service, cron_command(), workflow_command().removeprefix("nianbao "))]
    commands += [container_arguments(), ["nightly", "--store", "/store"]]
    assert len(commands) == 5
    for command in commands:
        assert command[0] == "nightly"
        given = [*command[1:], "--config", str(tmp_path / "none.toml")]
        result = CliRunner().invoke(main, ["nightly", *given])
        assert result.exit_code == 6, result.output  # the options are known, and the file is missing


def test_the_cron_job_is_not_privileged_and_never_overlaps() -> None:
    (job,) = [each for each in yaml.safe_load_all(CRONJOB.read_text(encoding="utf-8")) if each["kind"] == "CronJob"]
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    (container,) = pod(job)["containers"]
    secured = container["securityContext"]
    assert pod(job)["securityContext"]["runAsNonRoot"]
    assert (secured["allowPrivilegeEscalation"], secured["readOnlyRootFilesystem"]) == (False, True)
    assert secured["capabilities"] == {"drop": ["ALL"]}
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod(job)["volumes"]}


def test_settings_in_the_files_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.nightly.config import load

    (maps,) = [each for each in yaml.safe_load_all(CRONJOB.read_text(encoding="utf-8")) if each["kind"] == "ConfigMap"]
    path = tmp_path / "nianbao.toml"
    path.write_text(maps["data"]["nianbao.toml"])
    assert load(path).text("alert.webhook") == "env:NIANBAO_WEBHOOK"


def test_the_workflow_has_few_rights_and_does_not_overlap() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["cancel-in-progress"] is False
    assert workflow["jobs"]["night"]["timeout-minutes"] <= 360


def test_the_container_file_copies_what_is_there_and_has_a_user() -> None:
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", CONTAINER, re.MULTILINE)
    for name in " ".join(copied).split():
        assert (REPOSITORY / name).exists(), name
    assert re.search(r"^USER 10001:10001$", CONTAINER, re.MULTILINE)


def test_extras_that_are_installed_are_extras() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = [WORKFLOW.read_text(encoding="utf-8"), CONTAINER, DOCUMENT.read_text(encoding="utf-8")]
    named = [name for text in texts for listed in INSTALLED.findall(text) for name in listed.split(",")]
    assert len(named) >= 6
    assert set(named) <= set(project["optional-dependencies"])


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("check-jsonschema", ["--builtin-schema", "vendor.github-workflows", str(WORKFLOW)]),
        ("kubernetes-validate", ["--strict", str(CRONJOB)]),
    ],
)
def test_the_yaml_fits_its_schema(tool: str, arguments: list[str]) -> None:
    program = shutil.which(tool, path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
