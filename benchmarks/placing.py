"""What it costs to place numbers whose empty cells were dropped: `python -m benchmarks.placing`.

Documents of the zoo in layouts that drop blanks, with every way of leaving cells blank. For each: the processor time of
the whole parse, the solver's share of it, and the steps the solver took of those it may take.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

import nianbao
from parsers import placing
from parsers.placing import Problem
from tests.zoo.departures import BLANKS
from tests.zoo.documents import render
from tests.zoo.layouts import LAYOUTS
from tests.zoo.plans import Plan


@dataclass
class Cost:
    """Of one document: milliseconds of the parse and of the solver, and the solver's steps."""

    name: str
    parse: float = 0.0
    solver: float = 0.0
    steps: int = 0


@dataclass
class Meter:
    """Counts what the solver does while it is watched."""

    seconds: float = 0.0
    problems: list[Problem] = field(default_factory=list)


@contextmanager
def watched() -> Iterator[Meter]:
    """Watch every problem that is solved."""
    meter, solve = Meter(), Problem.solve

    def timed(problem: Problem) -> dict[str, set[placing.Vector]]:
        meter.problems.append(problem)
        start = time.process_time()
        try:
            return solve(problem)
        finally:
            meter.seconds += time.process_time() - start

    Problem.solve = timed  # type: ignore[method-assign, assignment]
    try:
        yield meter
    finally:
        Problem.solve = solve  # type: ignore[method-assign]


def cost(plan: Plan, seed: int) -> Cost:
    """Parse one document and return what it cost."""
    made = render(plan, seed)
    with watched() as meter:
        start = time.process_time()
        nianbao.parse(made.body)
        took = time.process_time() - start
    return Cost(made.name, took * 1e3, meter.seconds * 1e3, sum(problem.steps for problem in meter.problems))


def plans() -> list[Plan]:
    """Return every layout that drops blanks with every way of leaving cells blank."""
    layouts = [layout.name for layout in LAYOUTS.values() if layout.empties == "dropped"]
    return [Plan(layout, blanks=blanks) for layout in layouts for blanks in BLANKS]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.placing", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", type=int, default=8, help="documents of each plan")
    seeds = parser.parse_args().seeds
    costs = [cost(plan, seed) for plan in plans() for seed in range(seeds)]
    solved = sorted((each for each in costs if each.steps), key=lambda each: each.steps)
    print(f"{len(costs)} documents, {len(solved)} with rows to place; bound {placing.MAX_STEPS} steps\n")
    print(f"{'':12} {'median':>10} {'95 %':>10} {'worst':>10}")
    for name, values in (
        ("steps", [float(each.steps) for each in solved]),
        ("solver, ms", [each.solver for each in solved]),
        ("parse, ms", [each.parse for each in solved]),
    ):
        ranked = sorted(values)
        print(f"{name:12} {median(ranked):>10.1f} {ranked[len(ranked) * 95 // 100]:>10.1f} {ranked[-1]:>10.1f}")
    worst = solved[-1]
    print(f"\nmost steps: {worst.steps}, {worst.name}, {worst.solver:.1f} ms")
    print(f"given up: {sum(each.steps >= placing.MAX_STEPS for each in solved)}")


if __name__ == "__main__":
    main()
