"""A photographed or scanned sheet laid flat: paper made even, turned upright, its perspective undone."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

Image = np.ndarray[Any, Any]
SHORT_SIDE = (1343, 1770)
"""Pixels of a sheet's shorter side while it is read: 162 to 214 dots an inch on A4."""
_MOST_PIXELS = 20_000_000
_PROFILE = 700
_MOST_TURN = 8.0
_SHORTEST_RULE = 0.12
_FEWEST_RULES = 4
_SMOOTH = 7
_BESIDE = 5
_DARKER = 0.12
_NEARLY_ALL = 0.88
_MOST_LEAN = 0.06
_MOST_PERSPECTIVE = 0.15


@dataclass(frozen=True, slots=True)
class Flat:
    """A sheet laid flat: `ink` from 0 (paper) to 1, `back` maps its points to those of the sheet as it came."""

    ink: Image
    back: Image

    def box(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        """Return the upright box around a rectangle's corners on the sheet as it came, in its pixels."""
        corners = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], np.float64)
        points = cv2.perspectiveTransform(corners, self.back)[0]
        low, high = points.min(axis=0), points.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def lay_flat(grey: Image) -> Flat:
    """Return a sheet of grey values as ink on even paper, its rules level and plumb."""
    scale = _scale(grey.shape)
    ink = inked(_resized(grey, scale))
    turn = _turn(ink)
    matrix = np.vstack([_rotation(turn, ink.shape), [0, 0, 1]])
    turned = _warped(ink, matrix)
    matrix = _upright(turned) @ matrix
    back = np.diag([1 / scale, 1 / scale, 1.0]) @ np.linalg.inv(matrix)
    return Flat(_warped(ink, matrix), back)


def _scale(shape: tuple[int, ...]) -> float:
    """Return how to scale a sheet: by its shorter side, since a picture of a web page can be very long."""
    short, long = min(shape), max(shape)
    low, high = SHORT_SIDE
    wanted = low / short if short < low else min(1.0, high / short)
    return float(min(wanted, np.sqrt(_MOST_PIXELS / (short * long))))


def _resized(grey: Image, scale: float) -> Image:
    if scale == 1:
        return grey
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=method)


def inked(grey: Image) -> Image:
    """Return how dark each pixel is beside the paper around it: 0 paper, 1 the darkest print of the sheet."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), 21)
    even = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    dark = 1.0 - grey.astype(np.float32) / np.maximum(even, 1.0)
    strong = cv2.blur(dark, (3, 3))
    found = strong[strong > 0.15]
    full = float(np.percentile(found, 90)) if found.size > 500 else 0.5
    return np.asarray(np.clip(dark / max(full, 0.2), -0.3, 1.3), dtype=np.float32)


def _rotation(degrees: float, shape: tuple[int, ...]) -> Image:
    return np.asarray(cv2.getRotationMatrix2D((shape[1] / 2, shape[0] / 2), degrees, 1.0))


def _warped(ink: Image, matrix: Image) -> Image:
    size = (ink.shape[1], ink.shape[0])
    return np.asarray(cv2.warpPerspective(ink, matrix, size, flags=cv2.INTER_CUBIC, borderValue=0.0))


def _turn(ink: Image) -> float:
    """Return by how many degrees to turn a sheet so that its lines are level: their profile is sharpest then."""
    scale = _PROFILE / max(ink.shape)
    small = cv2.resize(np.clip(ink, 0, 1), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)

    def sharpness(degrees: float) -> float:
        turned = cv2.warpAffine(small, _rotation(degrees, small.shape), small.shape[::-1])
        return float(np.square(np.diff(turned.sum(axis=1))).sum() + np.square(np.diff(turned.sum(axis=0))).sum())

    best = max(np.arange(-_MOST_TURN, _MOST_TURN + 0.01, 0.5), key=sharpness)
    best = max(np.arange(best - 0.5, best + 0.51, 0.1), key=sharpness)
    return float(max(np.arange(best - 0.1, best + 0.11, 0.025), key=sharpness))


def _upright(ink: Image) -> Image:
    """Return the map under which the rules of a sheet become level and plumb, the identity where it has too few."""
    height, width = ink.shape
    level, plumb = _rules(ink, across=True), _rules(ink, across=False)
    if len(level) < _FEWEST_RULES or len(plumb) < _FEWEST_RULES:
        return np.eye(3)
    unit = np.array([[2 / width, 0, -1], [0, 2 / width, -height / width], [0, 0, 1]])
    found = _straightening(_vanishing(level, unit), _vanishing(plumb, unit))
    return np.eye(3) if found is None else np.linalg.inv(unit) @ found @ unit


def _rules(ink: Image, *, across: bool) -> list[tuple[Image, float]]:
    """Return long rules as homogeneous lines with their lengths."""
    long = max(25, ink.shape[1] // 45)
    mask = rule_mask(ink if across else ink.T, long)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    lines = []
    for index in range(1, count):
        left, top, wide, high, _ = stats[index]
        if wide < _SHORTEST_RULE * max(mask.shape) or high > wide * _MOST_LEAN + 8:
            continue
        ys, xs = np.nonzero(labels[top : top + high, left : left + wide] == index)
        slope, start = np.polyfit(xs + left, ys + top, 1)
        if abs(slope) < _MOST_LEAN:
            line = np.array([slope, -1.0, start]) if across else np.array([-1.0, slope, start])
            lines.append((line, float(wide)))
    return lines


def rule_mask(ink: Image, long: int) -> Image:
    """Return where a thin level line of at least about `long` pixels runs (8 bits, 1 or 0).

    Each place must be darker than what is just above and below, nearly all along: strokes of characters leave gaps.
    """
    along = cv2.blur(ink, (_SMOOTH, 1))
    beside = np.maximum(np.roll(along, _BESIDE, axis=0), np.roll(along, -_BESIDE, axis=0))
    thin = np.asarray(along - np.maximum(beside, 0) > _DARKER, dtype=np.uint8)
    share = cv2.blur(thin.astype(np.float32), (long, 1))
    core = np.asarray(share >= _NEARLY_ALL, dtype=np.uint8)
    return np.asarray(np.minimum(cv2.dilate(core, np.ones((1, long // 2 * 2 + 1), np.uint8)), thin))


def _vanishing(lines: list[tuple[Image, float]], unit: Image) -> Image:
    """Return the point nearest to all lines, homogeneous: the smallest eigenvector of their weighted products."""
    back = np.linalg.inv(unit).T
    total = np.zeros((3, 3))
    for line, length in lines:
        placed = back @ line
        placed = placed / np.hypot(placed[0], placed[1])
        total += length * np.outer(placed, placed)
    return np.asarray(np.linalg.eigh(total)[1][:, 0])


def _straightening(level: Image, plumb: Image) -> Image | None:
    """Return the map that sends two vanishing points to the axes, None where they are no scan's."""
    horizon = np.cross(level, plumb)
    if abs(horizon[2]) < 1e-9 or np.hypot(horizon[0], horizon[1]) > _MOST_PERSPECTIVE * abs(horizon[2]):
        return None
    flat = np.eye(3)
    flat[2] = horizon / horizon[2]
    right, down = (flat @ level)[:2], (flat @ plumb)[:2]
    right, down = right / np.hypot(*right), down / np.hypot(*down)
    right, down = right * np.sign(right[0]), down * np.sign(down[1])
    if abs(right[1]) > _MOST_LEAN or abs(down[0]) > _MOST_LEAN:
        return None
    axes = np.eye(3)
    axes[:2, :2] = np.linalg.inv(np.array([right, down]).T)
    return np.asarray(axes @ flat)
