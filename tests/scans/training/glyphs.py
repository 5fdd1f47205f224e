"""Samples to learn digits from: strings as the cells of a form hold them, drawn small, worn, with remains of rules."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

HEIGHT, WIDTH = 32, 160
ALPHABET = "0123456789.,-/+"
ROOTS = (Path("/usr/share/fonts"), Path("/usr/share/texmf/fonts"))
HELD_OUT = ("NotoSerifCJK", "zenhei", "uming", "gkai00mp", "Caladea", "FreeSans", "NimbusRoman", "RobotoCondensed")
UNFIT = (
    *(
        "Italic",
        "Oblique",
        "italic",
        "oblique",
        "Symbol",
        "D050000L",
        "opens___",
        "Keyboard",
        "Initials",
        "_I.",
        "Z003",
    ),
    *("_K.", "math", "Math", "Black", "Thin", "EBGaramond", "slant", "caps", "Lato", "RI.", "BI.", "-It."),
)


@cache
def fonts() -> tuple[str, ...]:
    """Return the files of the fonts to learn from, without those held out for the measurements."""
    files = sorted(path for root in ROOTS for path in root.rglob("*.[ot]t[fc]"))
    usable = [str(path) for path in files if not any(name in path.name for name in (*UNFIT, *HELD_OUT))]
    return tuple(path for path in usable if _has_lining_digits(path))


def _has_lining_digits(path: str) -> bool:
    font = ImageFont.truetype(path, 60)
    boxes = [font.getbbox(digit) for digit in "0123456789"]
    heights = [bottom - top for _, top, _, bottom in boxes]
    return min(heights) > 30 and max(heights) - min(heights) < 6 and font.getbbox("1") != font.getbbox("0")


@cache
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def _grouped(text: str, rng: Random) -> str:
    return f"{int(text):,}" if rng.random() < 0.12 and text.isdecimal() and len(text) > 3 else text


def string(rng: Random) -> str:
    """Return what a cell could hold: mostly numbers of few digits, also decimals, signs and marks of a blank."""
    kind = rng.random()
    if kind < 0.05:
        return ""
    if kind < 0.11:
        return rng.choice(("/", "-", "-", "--", "/", "—"))
    if kind < 0.30:
        return str(rng.randint(0, 9))
    if kind < 0.72:
        digits = rng.choice((2, 2, 3, 3, 4, 5, 6, 7))
        alike = rng.random() < 0.15
        first = rng.randint(1, 9)
        text = "".join(str(first if alike else rng.randint(0, 9)) for _ in range(digits))
        return _grouped(str(max(1, int(text))), rng)
    if kind < 0.94:
        whole = str(rng.randint(0, 10 ** rng.choice((1, 2, 3, 4, 5, 6))))
        places = rng.choice((1, 2, 2, 2, 3, 4))
        return _grouped(whole, rng) + "." + "".join(str(rng.randint(0, 9)) for _ in range(places))
    return rng.choice("+-") + str(rng.randint(0, 10 ** rng.choice((1, 2, 3))))


def _drawn(text: str, path: str, rng: Random) -> np.ndarray:
    """Return a text in ink (1.0) on paper (0.0), digits 40 pixels high, with room around it."""
    font = _font(path, 56)
    left, _, right, _ = font.getbbox(text or "0")
    _, head, _, foot = font.getbbox("0")
    height = foot - head
    margin = int(height * 0.8)
    gap = rng.choice((0, 0, 0, 1, 2, -1))
    width = right - left + 2 * margin + max(0, gap) * len(text)
    canvas = Image.new("L", (width, height + 2 * margin), 0)
    draw = ImageDraw.Draw(canvas)
    x = margin - left
    for sign in text if gap else [text]:
        draw.text((x, margin - head), sign, fill=255, font=font)
        x += int(font.getlength(sign)) + gap
    return np.asarray(canvas, np.float32) / 255


def _ruled(image: np.ndarray, rng: Random) -> None:
    """Leave remains of a cell's rules along its edges."""
    height, width = image.shape
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        ink, thick = rng.uniform(0.3, 1.0), rng.choice((1, 2, 3))
        at = rng.randint(0, 7)
        if rng.random() < 0.5:
            at = at if rng.random() < 0.5 else height - at - thick
            image[at : at + thick, :] = np.maximum(image[at : at + thick, :], ink)
        else:
            at = at if rng.random() < 0.5 else width - at - thick
            image[:, at : at + thick] = np.maximum(image[:, at : at + thick], ink)


def _scanned(image: np.ndarray, rng: Random) -> np.ndarray:
    """Turn, blur and sample an image at a scanner's resolution, so that digits are 9 to 34 pixels high."""
    high = image.shape[0] / 2.6
    target = 9 * (34 / 9) ** (rng.random() ** 1.8)
    scale = target / high
    height, width = image.shape
    angle = rng.uniform(-1.5, 1.5)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale * rng.uniform(0.94, 1.06))
    turn[0, 1] += rng.uniform(-0.05, 0.05) * scale
    size = (max(8, int(width * scale)), max(8, int(height * scale)))
    turn[:, 2] += (size[0] / 2 - width / 2 + rng.uniform(-0.5, 0.5), size[1] / 2 - height / 2 + rng.uniform(-0.5, 0.5))
    soft = rng.uniform(0.25, 0.5) / scale
    soft = cv2.GaussianBlur(image, (0, 0), max(0.3, soft))
    small = cv2.warpAffine(soft, turn, size, flags=cv2.INTER_LINEAR)
    blur = rng.uniform(0.0, 1.25) * (target / 18) ** 0.7
    return cv2.GaussianBlur(small, (0, 0), blur) if blur > 0.2 else small


def _exposed(image: np.ndarray, rng: Random) -> np.ndarray:
    """Fade, stain, sharpen and compress."""
    paper, ink = rng.uniform(200, 255), rng.uniform(0, 120)
    grey = paper - image * (paper - ink)
    noise = np.random.default_rng(rng.getrandbits(32))
    grey += noise.normal(0, rng.choice((1, 3, 6, 10, 15)), image.shape)
    if rng.random() < 0.1:
        grey = np.where(noise.random(image.shape) < 0.01, rng.choice((0, 255)), grey)
    if rng.random() < 0.15:
        grey = np.where(grey < paper - (paper - ink) * rng.uniform(0.3, 0.6), ink, paper)
    if rng.random() < 0.2:
        grey = grey + (grey - cv2.GaussianBlur(grey, (0, 0), 1.0)) * rng.uniform(0.3, 1.0)
    grey8 = np.clip(grey, 0, 255).astype(np.uint8)
    if rng.random() < 0.7:
        _, packed = cv2.imencode(".jpg", grey8, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(30, 95)])
        grey8 = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    return grey8


def sample(rng: Random) -> tuple[np.ndarray, str, int]:
    """Return an image (HEIGHT × WIDTH, 8 bits, as scanned), what it says, and how wide it is."""
    while True:
        text = string(rng)
        image = _drawn(text, rng.choice(fonts()), rng)
        if not text:
            image[:] = 0
        grey = _exposed(_scanned(_framed(image, rng), rng), rng)
        scale = HEIGHT / grey.shape[0]
        width = round(grey.shape[1] * scale * rng.uniform(0.95, 1.05))
        if width <= WIDTH:
            method = cv2.INTER_AREA if scale < 1 else rng.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC))
            small = cv2.resize(grey, (width, HEIGHT), interpolation=method)
            full = np.full((HEIGHT, WIDTH), np.median(small), np.uint8)
            full[:, :width] = small
            return full, text.replace("—", "-"), width


def _framed(image: np.ndarray, rng: Random) -> np.ndarray:
    """Cut the room around a text to what a cell leaves: digits fill 50 to 80 % of the height."""
    height = image.shape[0]
    high = height / 2.6
    room = high / rng.uniform(0.5, 0.8)
    spare = max(0.0, height - room)
    top = int(spare * rng.uniform(0.35, 0.65))
    left = int(rng.uniform(0, 0.7) * high)
    cut = np.ascontiguousarray(image[top : int(top + room), left : image.shape[1] - int(rng.uniform(0, 0.7) * high)])
    _ruled(cut, rng)
    return cut


def samples(seed: int) -> Iterator[tuple[np.ndarray, str, int]]:
    """Yield samples without end."""
    rng = Random(seed)
    while True:
        yield sample(rng)
