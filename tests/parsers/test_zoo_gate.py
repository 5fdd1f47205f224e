"""A part of the zoo of layouts, and the figures it may not fall below; `accuracy.json` beside the zoo keeps them.

Documents that show one layout, arrangement, departure or noise alone, evenly spread, then random combinations. To lower
a figure is a decision: edit the file by hand and say why in the change.
"""

import json
from collections import Counter
from pathlib import Path

from tests.zoo import run
from tests.zoo.documents import document
from tests.zoo.judge import Verdict, share
from tests.zoo.plans import plain_plans

ACCURACY = Path(run.__file__).with_name("accuracy.json")
KEPT = json.loads(ACCURACY.read_text(encoding="utf-8"))


def numbers() -> list[int]:
    first = len(plain_plans())
    alone = [index * first // KEPT["alone"] for index in range(KEPT["alone"])]
    return alone + list(range(first, first + KEPT["combined"]))


def test_the_zoo_is_read_as_well_as_it_was() -> None:
    verdicts = [run.judged(document(number, KEPT["seed"])) for number in numbers()]
    counts: Counter[str] = Counter()
    for verdict in verdicts:
        counts.update(verdict.counts)
    assert counts["documents"] >= KEPT["alone"] + KEPT["combined"] >= 250
    assert counts["sure"] > 100 * counts["documents"], "the gate asks for too little"
    grown = {name: _faults(verdicts, name) for name, most in KEPT["most"].items() if counts[name] > most}
    assert grown == {}
    assert share(counts) >= KEPT["least_right"], _faults(verdicts, "missed")


def _faults(verdicts: list[Verdict], name: str) -> list[str]:
    return [f"{verdict.name}: {fault}" for verdict in verdicts if verdict.counts[name] for fault in verdict.faults][:10]
