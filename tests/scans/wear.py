"""What a printer, a hand and a scanner do to a sheet: turn, perspective, blur, shade, noise, compression."""

from dataclasses import dataclass
from random import Random

import cv2
import numpy as np

from tests.scans.paper import HEIGHT, WIDTH

DRAWN = 300


@dataclass(frozen=True, slots=True)
class Wear:
    """One scanner on one day: `angle` in degrees, `skew` a share of the width, the rest in pixels or grey values."""

    dpi: int
    angle: float = 0.0
    skew: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    paper: int = 250
    ink: int = 15
    shadow: float = 0.0
    jpeg: int = 0


def wear(rng: Random, dpi: int) -> Wear:
    """Return a random scanner at that resolution."""
    return Wear(
        dpi,
        rng.uniform(-3, 3) * rng.choice((0.2, 0.5, 1)),
        rng.choice((0, 0.003, 0.006)),
        rng.uniform(0, 0.8),
        rng.choice((1, 3, 5, 8)),
        rng.randint(215, 255),
        rng.randint(0, 80),
        rng.choice((0, 0, 0.1, 0.2)),
        rng.choice((0, 35, 50, 65, 80, 90)),
    )


def _view(worn: Wear, rng: Random) -> tuple[np.ndarray, tuple[int, int]]:
    scale = worn.dpi / DRAWN
    size = (round(WIDTH * scale), round(HEIGHT * scale))
    turn = np.vstack([cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), worn.angle, 1.0), [0, 0, 1]])
    corners = np.array([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], np.float32)
    reach = worn.skew * WIDTH
    moved = corners + np.array([[rng.uniform(-reach, reach) for _ in range(2)] for _ in corners], np.float32)
    skew = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return np.diag([scale, scale, 1.0]) @ turn @ skew, size


def scanned(sheet: np.ndarray, worn: Wear, rng: Random) -> np.ndarray:
    """Return a sheet (8 bits of grey, 300 dots an inch) as that scanner sees it."""
    matrix, size = _view(worn, rng)
    soft = cv2.GaussianBlur(sheet, (0, 0), max(0.3, 0.42 * DRAWN / worn.dpi))
    seen = cv2.warpPerspective(soft, matrix, size, flags=cv2.INTER_LINEAR, borderValue=255).astype(np.float32)
    if worn.blur > 0.15:
        seen = cv2.GaussianBlur(seen, (0, 0), worn.blur)
    grey = worn.ink + (worn.paper - worn.ink) * seen / 255
    if worn.shadow:
        slope = np.linspace(1 - worn.shadow, 1, size[0], dtype=np.float32)
        grey *= slope[::-1] if rng.random() < 0.5 else slope
    chance = np.random.default_rng(rng.getrandbits(32))
    grey += chance.normal(0, worn.noise, grey.shape)
    image = np.clip(grey, 0, 255).astype(np.uint8)
    if worn.jpeg:
        _, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, worn.jpeg])
        image = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    return image
