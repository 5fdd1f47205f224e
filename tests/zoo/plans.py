"""Plans: what a document is made of, everything alone and in random combinations."""

from dataclasses import dataclass
from functools import cache
from random import Random

from tests.zoo.departures import BLANKS, MISTAKES
from tests.zoo.layouts import ARRANGEMENTS, LAYOUTS, Layout, fits
from tests.zoo.noise import NOISES, Noise, goes_with, ordered


@dataclass(frozen=True, slots=True)
class Plan:
    """What a document is made of; `blanks` and `mistake` name departures, "" for none."""

    layout: str
    arrangement: str = "standard"
    blanks: str = ""
    mistake: str = ""
    noises: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """Every name the plan is made of."""
        return tuple(name for name in (self.layout, self.arrangement, self.blanks, self.mistake, *self.noises) if name)


@cache
def plain_plans() -> tuple[Plan, ...]:
    """Return every layout, arrangement, departure and noise alone."""
    plans = [Plan(name) for name in LAYOUTS]
    for layout in LAYOUTS.values():
        others = [name for name, item in ARRANGEMENTS.items() if name != "standard" and fits(item, layout)]
        plans += [Plan(layout.name, name) for name in others]
        plans += [Plan(layout.name, blanks=name) for name in BLANKS]
        plans += [Plan(layout.name, mistake=name) for name in MISTAKES]
        for noise in NOISES.values():
            if goes_with(noise, layout):
                names = tuple(item.name for item in ordered([noise], Random(0)))
                plans.append(Plan(layout.name, noises=names, blanks="random-zeros" if noise.group == "blank" else ""))
    return tuple(plans)


def _noises(layout: Layout, rng: Random) -> tuple[str, ...]:
    able: list[Noise] = [noise for noise in NOISES.values() if goes_with(noise, layout)]
    picked = rng.sample(able, min(len(able), rng.choice((0, 1, 2, 3, 5, 8))))
    return tuple(noise.name for noise in ordered(picked, rng))


def random_plan(rng: Random, layout: str | None = None) -> Plan:
    """Return a random combination."""
    shape = LAYOUTS[layout or rng.choice(list(LAYOUTS))]
    able = [item for item in ARRANGEMENTS.values() if fits(item, shape)]
    arrangement = ARRANGEMENTS["standard"] if rng.random() < 0.4 else rng.choice(able)
    blanks = rng.choice(list(BLANKS)) if rng.random() < 0.5 and arrangement.whole else ""
    mistake = rng.choice(list(MISTAKES)) if rng.random() < 0.12 else ""
    return Plan(shape.name, arrangement.name, blanks, mistake, _noises(shape, rng))


def plan(number: int, seed: int) -> tuple[Plan, int]:
    """Return plan `number` of a run and the seed to render it with: first everything alone, then combinations."""
    plans = plain_plans()
    if number < len(plans):
        return plans[number], seed
    return random_plan(Random(f"plan {seed}/{number}")), seed * 1_000_003 + number
