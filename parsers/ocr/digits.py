"""The second reader of digits: a small network of this project, which shares nothing with the first.

Its weights and the way they were made are described in `docs/scans.md`.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import cv2
import numpy as np

from parsers.ocr.ctc import Scores, likeliest, likelihood
from parsers.ocr.recogniser import session_of
from parsers.ocr.straighten import Image

ALPHABET = "0123456789.,-/+"
HIGH = 32
_WIDTHS = (64, 96, 160, 256)
_BATCH = 64


class DigitReading:
    """What the second reader makes of a cell."""

    def __init__(self, scores: Scores) -> None:
        self._scores = scores

    def digits(self) -> str:
        """Return the likeliest text."""
        return "".join(ALPHABET[sign - 1] for sign, _ in likeliest(self._scores))

    def likelihood(self, text: str) -> float:
        """Return how probable it is that the cell says exactly `text`; 0 where it cannot write it."""
        if any(sign not in ALPHABET for sign in text):
            return 0.0
        return likelihood(self._scores, [ALPHABET.index(sign) + 1 for sign in text])


@cache
def _session() -> Any:
    return session_of((files(__package__) / "digits.onnx").read_bytes())


def read_digits(lines: Sequence[Image]) -> list[DigitReading]:
    """Read lines of ink in which digits fill half to four fifths of the height; in the order given."""
    found: list[DigitReading | None] = [None] * len(lines)
    sized = [_sized(line) for line in lines]
    groups: dict[int, list[int]] = {}
    for index, image in enumerate(sized):
        groups.setdefault(image.shape[1], []).append(index)
    for indexes in groups.values():
        for start in range(0, len(indexes), _BATCH):
            batch = indexes[start : start + _BATCH]
            images = np.stack([sized[index] for index in batch])[:, None]
            (scores,) = _session().run(None, {"x": images})
            for index, own in zip(batch, scores, strict=True):
                found[index] = DigitReading(own)
    return [reading for reading in found if reading is not None]


def _sized(line: Image) -> Image:
    """Scale a line to the height of the network and normalise it: paper 0, the darkest print 1."""
    height, width = line.shape
    wide = min(max(8, round(width * HIGH / height)), _WIDTHS[-1])
    room = next(each for each in _WIDTHS if each >= wide)
    method = cv2.INTER_AREA if height > HIGH else cv2.INTER_LINEAR
    image = cv2.resize(line, (wide, HIGH), interpolation=method).astype(np.float32)
    paper, ink = float(np.median(image)), float(np.percentile(image, 99))
    image = (image - paper) / max(ink - paper, 0.2)
    full = np.zeros((HIGH, room), np.float32)
    full[:, :wide] = np.clip(image, -0.5, 1.5)
    return full
