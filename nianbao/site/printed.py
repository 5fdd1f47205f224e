"""Pages of PDF files and pictures of scans as images with boxes, made in a process of its own.

What is shown is drawn anew from the document: nothing of its bytes gets onto the page.
"""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from parsers.errors import DocumentError
from parsers.sniff import format_of

_BOX = re.compile(r"page:(\d+)/box:(-?[\d.]+),(-?[\d.]+),(-?[\d.]+),(-?[\d.]+)")
_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 60
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")
_NEEDED = 'showing pages of PDF files needs nianbao[pdf]; install it with: pip install "nianbao[pdf]"'


class Box(NamedTuple):
    """Where a cell stands on a page, in points from the top left."""

    name: str
    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as a PNG picture, its size in points, and the boxes on it."""

    number: int
    picture: bytes
    width: float
    height: float
    boxes: tuple[Box, ...]


def boxes_of(places: Mapping[str, str]) -> list[Box]:
    """Return the boxes among the places of cells, by cell name."""
    found = []
    for name, place in places.items():
        match = _BOX.fullmatch(place)
        if match:
            found.append(Box(name, int(match[1]), *(float(number) for number in match.groups()[1:])))
    return found


def sheets(body: bytes, boxes: Sequence[Box]) -> list[Sheet]:
    """Draw the pages of a PDF file or a picture on which the boxes stand. Raises DocumentError."""
    found = format_of(body)
    if found is None or found.code not in ("pdf", "image"):
        raise DocumentError("the numbers stand in pictures inside of the document, which are not drawn here")
    answer = _drawn(body, sorted({box.page for box in boxes}))
    if "missing" in answer:
        raise DocumentError(_NEEDED)
    if not answer.get("pages"):
        raise DocumentError("its pages cannot be drawn; the file is damaged")
    return [
        Sheet(
            page["number"],
            base64.b64decode(page["picture"]),
            page["width"],
            page["height"],
            tuple(box for box in boxes if box.page == page["number"]),
        )
        for page in answer["pages"]
    ]


def _drawn(body: bytes, numbers: Sequence[int]) -> dict[str, Any]:
    """Ask a process of its own for the pages; an answer without pages where it broke down."""
    order = json.dumps({"pages": list(numbers)}).encode()
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ} | {"PYTHONPATH": str(_ROOT)}
    command = [sys.executable, "-P", "-m", "nianbao.site.drawing"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, input=order + b"\n" + body, capture_output=True, timeout=_SECONDS, check=False, env=environment
        )
        answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    except subprocess.TimeoutExpired:
        raise DocumentError(f"drawing its pages took more than {_SECONDS} seconds") from None
    except ValueError:
        return {}
    return answer
