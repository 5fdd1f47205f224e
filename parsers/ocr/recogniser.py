"""The text recogniser whose model comes in the rapidocr wheel: lines of print to text, and to digits alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import cv2
import numpy as np

from parsers.errors import DocumentError
from parsers.ocr.ctc import Scores, likeliest, likelihood
from parsers.ocr.straighten import Image

THREADS = 2
SIGNS = "0123456789.,-+/无"
"""What a cell that holds a number or a blank mark can say."""
_LOOK_ALIKE = {
    "0": "OoОоΟ○〇◯Oo０",
    "1": "lI|丨｜１",
    "-": "－—–―一−‐ー",
    ",": "，‚",
    ".": "．·。•",
    "/": "／∕",
    "+": "＋十",
}
_HIGH = 48
_NARROWEST = 64
_WIDEST = 2400
_AREA = 5_000
"""Columns of pixels recognised at once, all lines of a batch together."""
_LEAST = 1e-7


@dataclass(frozen=True, slots=True)
class Reading:
    """One line as read: its text with the least probability of its characters; its scores over `SIGNS` alone."""

    text: str
    sure: float
    scores: Scores

    def digits(self) -> str:
        """Return the likeliest text of `SIGNS` alone."""
        return "".join(SIGNS[sign - 1] for sign, _ in likeliest(self.scores))

    def likelihood(self, text: str) -> float:
        """Return how probable it is that the line says exactly `text`, of `SIGNS` alone."""
        return likelihood(self.scores, [SIGNS.index(sign) + 1 for sign in text])


def session_of(model: bytes | str) -> Any:
    """Open a model on at most `THREADS` processors."""
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@dataclass(frozen=True, slots=True)
class _Model:
    session: Any
    characters: tuple[str, ...]
    columns: tuple[tuple[int, ...], ...]
    """For each of `SIGNS`, the columns of the model's scores that mean it."""


@cache
def _model() -> _Model:
    folder = files("rapidocr") / "models"
    found = sorted(str(path) for path in folder.iterdir() if "_rec_" in path.name and path.name.endswith(".onnx"))
    if not found:
        raise DocumentError("the installed rapidocr carries no recognition model; install rapidocr>=3.4,<4")
    session = session_of(found[-1])
    listed = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    characters = ("", *listed, " ")
    index = {character: at for at, character in enumerate(characters)}
    columns = tuple(
        tuple(index[alike] for alike in dict.fromkeys(sign + _LOOK_ALIKE.get(sign, "")) if alike in index)
        for sign in SIGNS
    )
    return _Model(session, characters, columns)


def recognise(lines: Sequence[Image]) -> list[Reading]:
    """Read lines of ink (0 paper, 1 print), each cut to its own height; in the order given."""
    readings: list[Reading | None] = [None] * len(lines)
    sized = [_sized(line) for line in lines]
    for batch in _batches([image.shape[1] for image in sized]):
        width = max(sized[index].shape[1] for index in batch)
        images = np.zeros((len(batch), 3, _HIGH, width), np.float32)
        for row, index in enumerate(batch):
            images[row, :, :, : sized[index].shape[1]] = 1.0 - 2.0 * np.clip(sized[index], 0, 1)
            images[row, :, :, sized[index].shape[1] :] = 1.0
        for index, found in zip(batch, _run(images), strict=True):
            readings[index] = found
    return [reading for reading in readings if reading is not None]


def _sized(line: Image) -> Image:
    height, width = line.shape
    wide = round(width * _HIGH / height)
    wide = min(max(wide, 8), _WIDEST)
    method = cv2.INTER_AREA if height > _HIGH else cv2.INTER_CUBIC
    image = cv2.resize(line, (wide, _HIGH), interpolation=method)
    return image if wide >= _NARROWEST else np.pad(image, ((0, 0), (0, _NARROWEST - wide)))


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Group lines of nearly the same width."""
    batch: list[int] = []
    for index in sorted(range(len(widths)), key=lambda index: widths[index]):
        if batch and (len(batch) + 1) * widths[index] > _AREA:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _run(images: Image) -> Iterator[Reading]:
    model = _model()
    (probabilities,) = model.session.run(None, {model.session.get_inputs()[0].name: images})
    signs = [probabilities[:, :, list(columns)].sum(axis=2) for columns in model.columns]
    none = 1.0 - np.sum(signs, axis=0)
    for row, (best, top) in enumerate(zip(probabilities.argmax(axis=2), probabilities.max(axis=2), strict=True)):
        text, sure = _text(best.tolist(), top.tolist(), model.characters)
        own = np.stack([_none(none[row], probabilities[row, :, 0]), *(sign[row] for sign in signs)], axis=1)
        yield Reading(text, sure, np.log(np.maximum(own, _LEAST)))


def _none(rest: Any, blank: Any) -> Any:
    """Return how probable no sign is; other characters cost probability."""
    return np.minimum(np.maximum(blank, 0), np.maximum(rest, 0))


def _text(best: list[int], top: list[float], characters: tuple[str, ...]) -> tuple[str, float]:
    found, sure, last = [], 1.0, 0
    for sign, probability in zip(best, top, strict=True):
        if sign and sign != last:
            found.append(characters[sign])
            sure = min(sure, probability)
        last = sign
    return "".join(found).strip(), sure
