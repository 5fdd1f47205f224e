"""Scores to text: held against sums over all paths, done the long way."""

from itertools import groupby, product

import numpy as np
import pytest

from parsers.ocr.ctc import likeliest, likelihood


def scores(seed: int, steps: int = 5, signs: int = 4) -> np.ndarray:
    values = np.random.default_rng(seed).random((steps, signs)) ** 3
    return np.log(values / values.sum(axis=1, keepdims=True))


def collapsed(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sign for sign, _ in groupby(path) if sign)


@pytest.mark.parametrize("seed", range(5))
def test_likelihood_sums_over_every_alignment(seed: int) -> None:
    table = scores(seed)
    sums: dict[tuple[int, ...], float] = {}
    for path in product(range(4), repeat=5):
        chance = float(np.exp(sum(table[step, sign] for step, sign in enumerate(path))))
        sums[collapsed(path)] = sums.get(collapsed(path), 0.0) + chance
    for text, chance in sums.items():
        assert likelihood(table, text) == pytest.approx(chance, rel=1e-9)
    assert sum(likelihood(table, text) for text in sums) == pytest.approx(1)


def test_a_sign_said_twice_needs_a_pause() -> None:
    sure = np.log(np.array([[0.01, 0.99], [0.98, 0.02], [0.01, 0.99]]))
    assert [sign for sign, _ in likeliest(sure)] == [1, 1]
    held = np.log(np.array([[0.01, 0.99], [0.02, 0.98], [0.01, 0.99]]))
    assert [sign for sign, _ in likeliest(held)] == [1]


def test_more_signs_than_steps_are_impossible() -> None:
    assert likelihood(scores(1, steps=2), [1, 2, 3]) == 0


def test_nothing_can_be_said() -> None:
    quiet = np.log(np.array([[0.9, 0.1], [0.8, 0.2]]))
    assert likeliest(quiet) == []
    assert likelihood(quiet, []) == pytest.approx(0.72)
