"""Imports point one way, and what a package says it exports is there, sorted."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGES = ("nianbao", "scraper", "parsers")
MAY_IMPORT = {
    "parsers": {"parsers"},
    "scraper": {"scraper", "parsers"},
    "nianbao.dataset": {"nianbao.dataset", "parsers"},
    "nianbao": {"nianbao", "nianbao.dataset", "scraper", "parsers"},
}


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (REPOSITORY / package).rglob("*.py")


def part_of(module: str) -> str | None:
    """Return the part of the project that a module belongs to, the longest name that fits."""
    fitting = [part for part in MAY_IMPORT if module == part or module.startswith(f"{part}.")]
    return max(fitting, key=len, default=None)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_imports_point_one_way() -> None:
    seen = 0
    for path in sources():
        own = part_of(name_of(path))
        assert own
        for imported in imports_of(path):
            part = part_of(imported)
            if part is None:
                assert imported.split(".")[0] not in {"tests", "benchmarks"}, f"{path} imports {imported}"
                continue
            seen += 1
            assert part in MAY_IMPORT[own], f"{path} imports {imported}"
    assert seen > 100


def modules() -> list[str]:
    names = []
    for package in PACKAGES:
        found = pkgutil.walk_packages([str(REPOSITORY / package)], f"{package}.")
        names += [package, *(module.name for module in found if not module.name.endswith("__main__"))]
    return names


def kind_and_name(name: str) -> tuple[bool, bool, str]:
    """Sort constants first, then classes, then functions, each by name, as isort does."""
    return not name.isupper(), not name[0].isupper(), name


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_exported_is_sorted_and_there(package: str) -> None:
    for name in (name for name in modules() if name.split(".")[0] == package):
        module = importlib.import_module(name)
        exported = getattr(module, "__all__", None)
        if exported is not None:
            assert list(exported) == sorted(set(exported), key=kind_and_name), name
            assert [each for each in exported if not hasattr(module, each)] == []


def test_the_front_door_exports_what_the_design_names() -> None:
    import nianbao

    assert nianbao.__all__ == ["open_dataset", "parse", "parse_all"]


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [path for path in sources() if drawers & set(path.relative_to(REPOSITORY).with_suffix("").parts)] == []
