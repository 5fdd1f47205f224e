"""What is committed is for everybody: no file names a machine or an index, and what is installed is pinned by hash."""

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
INDEX = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|index-url|trusted-host|find-links", re.IGNORECASE)
MACHINE = re.compile(
    r"/root/|/home/[a-z]|/Users/[A-Z]|[A-Z]:\\Users|/work/(?:main|shared)|\bshared/(?:corpus|tools|reference|forms|DESIGN)"
)
ITSELF = "tests/test_repository.py"


def tracked() -> list[str]:
    """Return the files of the repository, new ones included, without what it ignores."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, cwd=REPOSITORY).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no git checkout")
    return [name for name in listed.decode().split("\0") if name and (REPOSITORY / name).is_file()]


def lines() -> Iterator[tuple[str, int, str]]:
    for name in tracked():
        if name == ITSELF:
            continue
        for number, line in enumerate((REPOSITORY / name).read_bytes().decode("utf-8", "replace").splitlines(), 1):
            yield name, number, line


def test_no_file_names_a_machine_or_an_index() -> None:
    host = socket.gethostname()
    here = re.compile(rf"(?<![\w.-]){re.escape(host)}(?![\w.-])") if len(host) > 9 else None
    found = [
        f"{name}:{number}"
        for name, number, line in lines()
        if MACHINE.search(line) or (here and here.search(line)) or (INDEX.search(line) and name != "Makefile")
    ]
    assert found == []


def test_make_names_no_index() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert "https://" not in makefile
    assert set(re.findall(r"--\S*index-url\S*", makefile)) <= {"--no-emit-index-url"}


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_pin_every_package_by_hash(name: str) -> None:
    text = (REPOSITORY / name).read_text(encoding="utf-8").replace("\\\n", " ")
    entries = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(entries) > 15
    for entry in entries:
        assert re.match(r"[\w.\[\]-]+==[\w.!+]+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    assert not INDEX.search(text)


def test_every_dependency_of_the_project_is_locked() -> None:
    import tomllib

    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    locked = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    for dependency in project["project"]["dependencies"]:
        name = re.split(r"[<>=\[ ]", dependency)[0]
        assert re.search(rf"^{re.escape(name)}==", locked, re.MULTILINE), name


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    text = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.startswith("# Changelog\n")
    assert "\n## [Unreleased]\n" in text
    kinds = set(re.findall(r"^### (\w+)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_what_a_run_leaves_behind_is_ignored() -> None:
    ignored = (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".venv/", "data/harvest/", "__pycache__/"} <= set(ignored)
