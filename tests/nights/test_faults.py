"""A few nights with faults, each followed by one in peace; `python -m tests.nights.faults` does hundreds."""

import pytest

from tests.nights.faults import LIVES, drawn, run, table
from tests.nights.injuries import FAULTS, NEEDS_MOUNT, NEEDS_ROOT


def test_a_series_draws_every_fault_that_can_be_made() -> None:
    assert set(drawn(1, 200, mount=True)) == set(FAULTS)
    assert set(drawn(1, 200, mount=False)) == set(FAULTS) - NEEDS_MOUNT - NEEDS_ROOT
    assert drawn(1, 200, mount=True) == drawn(1, 200, mount=True) != drawn(2, 200, mount=True)
    assert len(drawn(3, 17, mount=True)) == 17


def test_the_table_names_every_fault() -> None:
    lines = list(table([{"fault": "kill -9", "statuses": [-9], "struck": True, "problems": []}]))
    assert lines[1].split() == ["kill", "-9", "1", "1", "0", "1", "×", "-9"]
    assert len(lines) == len(FAULTS) + 2
    assert LIVES > 1


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_after_every_fault_the_next_night_completes_and_nothing_is_lost_or_doubled() -> None:
    assert [result for result in run(12, 7) if result["problems"]] == []
