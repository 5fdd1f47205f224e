"""Sheets with ruled tables, drawn without fonts: grey values, and where the rules are."""

import cv2
import numpy as np

PAPER, INK = 245, 20


def sheet(wide: int = 1400, high: int = 1900) -> np.ndarray:
    return np.full((high, wide), PAPER, np.uint8)


def rule(image: np.ndarray, start: tuple[int, int], end: tuple[int, int], shade: int = INK, thick: int = 2) -> None:
    cv2.line(image, start, end, shade, thick)


def table(image: np.ndarray, xs: list[int], ys: list[int], shade: int = INK, thick: int = 2) -> None:
    """Rule a table without spans."""
    for x in xs:
        rule(image, (x, ys[0]), (x, ys[-1]), shade, thick)
    for y in ys:
        rule(image, (xs[0], y), (xs[-1], y), shade, thick)


def wiped(image: np.ndarray, left: int, top: int, right: int, bottom: int) -> None:
    image[top:bottom, left:right] = PAPER


def turned(image: np.ndarray, degrees: float, lean: float = 0.0) -> np.ndarray:
    """Turn a sheet, and move two of its corners by a share of its width."""
    high, wide = image.shape
    turn = np.vstack([cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0), [0, 0, 1]])
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    moved = corners + np.array([(lean, 0), (-lean, lean / 2), (0, 0), (0, -lean)], np.float32) * wide
    view = cv2.getPerspectiveTransform(corners, moved.astype(np.float32)) @ turn
    return cv2.warpPerspective(image, view, (wide, high), borderValue=PAPER)


def noisy(image: np.ndarray, amount: float, seed: int = 1) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, amount, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)
