"""The zoo on paper: tables with rules come back whole, and no print of any kind gives a wrong number."""

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.zoo.judge import FAILING, share
from tests.zoo.printed import OPEN, RULED, judge_all, printable

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
PROGRAMS = {"chromium": "chromium", "libreoffice": "soffice"}


def counted(printer: str, borders: Sequence[str], folder: Path) -> tuple[Counter[str], list[str]]:
    if shutil.which(PROGRAMS[printer]) is None:
        pytest.skip(f"{PROGRAMS[printer]} is not installed")
    counts: Counter[str] = Counter()
    faults: list[str] = []
    for _, one, verdict in judge_all(printable(60, 2026, [printer], borders), folder):
        counts.update(verdict.counts)
        faults += [f"{one.parts}: {fault}" for fault in verdict.faults]
    assert counts["sure"] > 60 * 60, "the prints ask for too little"
    return counts, faults


@pytest.mark.parametrize("printer", PROGRAMS)
def test_tables_with_rules_are_read(printer: str, tmp_path: Path) -> None:
    counts, faults = counted(printer, RULED, tmp_path)
    assert {name: counts[name] for name in FAILING if counts[name]} == {}, faults[:10]
    assert share(counts) >= 0.999, faults[:10]


@pytest.mark.parametrize("printer", PROGRAMS)
def test_tables_without_rules_give_no_wrong_number(printer: str, tmp_path: Path) -> None:
    counts, faults = counted(printer, OPEN, tmp_path)
    assert {name: counts[name] for name in FAILING if counts[name] and name != "year"} == {}, faults[:10]
    assert share(counts) >= 0.95, faults[:10]
