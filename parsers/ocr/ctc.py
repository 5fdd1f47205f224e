"""What a row of scores says (connectionist temporal classification): the likeliest signs, and how likely a text is."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Scores = np.ndarray[Any, Any]
"""Natural logarithms of probabilities: step × sign; sign 0 stands for none."""
_NEVER = -1e9


def likeliest(scores: Scores) -> list[tuple[int, float]]:
    """Return the signs of the likeliest path, each with the probability it has at its best step."""
    best = scores.argmax(axis=1)
    found: list[tuple[int, float]] = []
    last = 0
    for step, sign in enumerate(best.tolist()):
        probability = float(np.exp(scores[step, sign]))
        if sign and sign == last and found:
            found[-1] = (sign, max(found[-1][1], probability))
        elif sign:
            found.append((sign, probability))
        last = sign
    return found


def likelihood(scores: Scores, signs: Sequence[int]) -> float:
    """Return how probable exactly these signs are, over all their alignments (Graves et al. 2006, section 4.1)."""
    states = [0]
    for sign in signs:
        states += [sign, 0]
    count = len(states)
    emitted = scores[:, states]
    may_skip = np.array([i > 1 and states[i] != 0 and states[i] != states[i - 2] for i in range(count)])
    alpha = np.full(count, _NEVER)
    alpha[: min(2, count)] = emitted[0, : min(2, count)]
    for step in range(1, len(scores)):
        once = np.concatenate(([_NEVER], alpha[:-1]))
        twice = np.where(may_skip, np.concatenate(([_NEVER, _NEVER], alpha[:-2]))[:count], _NEVER)
        alpha = np.logaddexp(np.logaddexp(alpha, once), twice) + emitted[step]
    total = alpha[-1] if count == 1 else np.logaddexp(alpha[-1], alpha[-2])
    return float(np.exp(min(0.0, total)))
