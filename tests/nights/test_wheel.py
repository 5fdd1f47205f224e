"""The wheel that is released: only what it should hold, and it works in an environment of its own."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.nianbao.conftest import REPOSITORY

PACKAGES = {"nianbao", "scraper", "parsers"}
SUFFIXES = {
    ".py",
    ".toml",
    ".csv",
    ".md",
    ".txt",
    ".html",
    ".css",
    ".js",
    ".json",
    ".svg",
    ".j2",
    ".jinja",
    ".typed",
    ".onnx",
}
LARGEST = 8 << 20


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the build backend that is installed; no index is asked."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir"]
    done = subprocess.run([*command, str(out), str(REPOSITORY)], capture_output=True, text=True, check=False, cwd=out)
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.mark.slow
def test_it_holds_the_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        names = [info.filename for info in file.infolist()]
        sizes = {info.filename: info.file_size for info in file.infolist()}
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES
    inside = [name for name in names if name.split("/")[0] in PACKAGES]
    assert [name for name in inside if Path(name).suffix not in SUFFIXES] == []
    assert [name for name in inside if "__pycache__" in name or "/test" in name or name.startswith(".")] == []
    assert [name for name, size in sizes.items() if size > LARGEST] == []
    tracked = {path.relative_to(REPOSITORY).as_posix() for top in PACKAGES for path in (REPOSITORY / top).rglob("*")}
    assert set(inside) <= tracked
    assert {"nianbao/cli.py", "scraper/sites.csv", "parsers/forms/2021.toml", "nianbao/nightly/night.py"} <= set(inside)


@pytest.mark.slow
def test_it_works_where_only_its_dependencies_are(wheel: Path, tmp_path: Path) -> None:
    """Install the wheel into an environment that sees the libraries of this one, and not this checkout."""
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", str(site), str(wheel)]
    subprocess.run(install, capture_output=True, check=True, cwd=tmp_path)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [sys.executable, "-m", "nianbao"]
    (tmp_path / "sites.csv").write_text("code,name,site_url,column_url\n440823,遂溪县,http://127.0.0.1:9/,\n")
    (tmp_path / "nianbao.toml").write_text('sites = "sites.csv"\n[harvest]\ndelay = 0\nretries = 0\n')
    given = {"cwd": tmp_path, "env": {**kept, "PYTHONPATH": str(site)}, "capture_output": True, "text": True}
    shown = subprocess.run([*command, "config"], check=True, **given)  # type: ignore[call-overload]
    assert shown.stdout.startswith('sites = ""')
    night = subprocess.run(  # type: ignore[call-overload]
        [*command, "nightly", "--store", "store", "--config", "nianbao.toml"], check=False, **given
    )
    assert night.returncode == 0, night.stderr  # the guard refuses a loopback address: one broken site on a first night
    where = subprocess.run(  # type: ignore[call-overload]
        [sys.executable, "-c", "import nianbao; print(nianbao.__file__)"], check=True, **given
    )
    assert where.stdout.startswith(str(site))
