"""The zoo as office files is read as well as the zoo itself; the measure is that of issue 6: 99.9 %, silent 0."""

from collections import Counter

import pytest

from tests.zoo import worded
from tests.zoo.judge import passed
from tests.zoo.run import judged


def held(count: int, kind: str, *, every: int = 1, seed: int = 3) -> Counter[str]:
    total: Counter[str] = Counter()
    for _, verdict in worded.verdicts(count, seed, kind, 2, every):
        total.update(verdict.counts)
    return total


@pytest.mark.parametrize(("kind", "every"), [("docx", 41), ("xlsx", 17)])
def test_some_of_the_zoo_is_read_from_office_files(kind: str, every: int) -> None:
    total: Counter[str] = Counter()
    for one, seed in worded.chosen(6 * every, 3, kind)[::every]:
        total.update(judged(worded.rendered(one, seed, kind)).counts)
    assert total["sure"] > 600
    assert passed(total), total


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("kind", "count", "every"),
    [("docx", 300, 5), ("xlsx", 200, 3), ("doc", 60, 9), ("rtf", 60, 9), ("xls", 60, 4), ("ofd", 40, 5)],
)
def test_the_zoo_is_read_from_office_files(kind: str, count: int, every: int) -> None:
    total = held(count, kind, every=every)
    assert total["documents"] >= count
    assert passed(total), total
