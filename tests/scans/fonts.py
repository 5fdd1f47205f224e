"""The fonts that scans are printed in: some to tune with, others for the measurements alone.

Of those, the second reader of digits was trained with Noto Sans CJK and Tinos, with no other.
"""

from pathlib import Path
from random import Random

from PIL import ImageFont

NOTO = Path("/usr/share/fonts/opentype/noto")
TRUETYPE = Path("/usr/share/fonts/truetype")
TUNING = (
    (NOTO / "NotoSansCJK-Regular.ttc", 2),
    (TRUETYPE / "wqy/wqy-microhei.ttc", 0),
    (TRUETYPE / "arphic-gbsn00lp/gbsn00lp.ttf", 0),
    (TRUETYPE / "arphic/ukai.ttc", 0),
)
HELD_OUT = (
    (NOTO / "NotoSerifCJK-Regular.ttc", 2),
    (TRUETYPE / "wqy/wqy-zenhei.ttc", 0),
    (TRUETYPE / "arphic/uming.ttc", 0),
    (TRUETYPE / "arphic-gkai00mp/gkai00mp.ttf", 0),
    (NOTO / "NotoSansCJK-Regular.ttc", 2),
)
TUNING_DIGITS = (
    TRUETYPE / "liberation/LiberationSerif-Regular.ttf",
    TRUETYPE / "liberation/LiberationSans-Regular.ttf",
)
HELD_OUT_DIGITS = (
    TRUETYPE / "freefont/FreeSans.ttf",
    TRUETYPE / "crosextra/Caladea-Regular.ttf",
    TRUETYPE / "croscore/Tinos-Regular.ttf",
)


class Faces:
    """The fonts of one document: one for text, one for the numbers of its cells, by size in pixels."""

    def __init__(self, text: tuple[Path, int], digits: tuple[Path, int]) -> None:
        self._files = (text, digits)
        self._made: dict[tuple[bool, int], ImageFont.FreeTypeFont] = {}

    def font(self, size: int, *, digits: bool = False) -> ImageFont.FreeTypeFont:
        """Return the font of that size."""
        if (digits, size) not in self._made:
            path, index = self._files[digits]
            self._made[digits, size] = ImageFont.truetype(str(path), size, index=index)
        return self._made[digits, size]


def faces(rng: Random, *, held_out: bool) -> Faces:
    """Choose fonts among those that are installed; numbers are in the font of the text or in a Latin one."""
    texts = [face for face in (HELD_OUT if held_out else TUNING) if face[0].exists()]
    latin = [(path, 0) for path in (HELD_OUT_DIGITS if held_out else TUNING_DIGITS) if path.exists()]
    text = rng.choice(texts)
    return Faces(text, rng.choice([text, *latin]))
