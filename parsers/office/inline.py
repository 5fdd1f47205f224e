"""The text of a Word paragraph as it shows: accepted changes, results of fields, breaks and tabs, what floats beside.

Element names follow ECMA-376 part 1, clause 17 (WordprocessingML).
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

_TEXT = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DROPPED = frozenset(
    {
        *(
            "del",
            "moveFrom",
            "delText",
            "delInstrText",
            "instrText",
            "rt",
            "rPr",
            "pPr",
            "sdtPr",
            "sdtEndPr",
            "fldData",
        ),
        *("footnoteReference", "endnoteReference", "footnoteRef", "endnoteRef", "annotationRef", "softHyphen"),
        *("rubyPr", "smartTagPr", "customXmlPr", "ctrlPr", "oMathParaPr"),
    }
)
_PICTURES = frozenset({"drawing", "pict", "object"})
_OFF = frozenset({"0", "false", "off", "none"})
_MAX_DEPTH = 120


def is_on(properties: Element | None, name: str) -> bool:
    """Say whether a switch stands among properties and is not turned off (ECMA-376 part 1, 17.17.4)."""
    switch = properties.find(name) if properties is not None else None
    return switch is not None and switch.get("val", "1").lower() not in _OFF


class Inline:
    """What a paragraph holds: `text`, the `boxes` (text boxes) anchored in it, its pictures.

    `images` are the relationships of the pictures that stand in the document itself.
    """

    def __init__(self, paragraph: Element) -> None:
        self.boxes: list[Element] = []
        self.images: list[str] = []
        self.pictures = 0
        self._words: list[str] = []
        self._read(paragraph, 0)
        self.text = "".join(self._words)

    def _read(self, node: Element, depth: int) -> None:
        if depth > _MAX_DEPTH:
            return
        for child in node:
            tag = child.tag
            if tag == "t":
                self._words.append(child.text or "")
            elif tag in _TEXT:
                self._words.append(_TEXT[tag])
            elif tag == "sym":
                self._words.append(_symbol(child.get("char", "")))
            elif tag in _PICTURES:
                self._float(child)
            elif tag == "AlternateContent":
                self._read(first_choice(child), depth + 1)
            elif tag not in _DROPPED and not (tag == "r" and is_on(child.find("rPr"), "vanish")):
                self._read(child, depth + 1)

    def _float(self, node: Element) -> None:
        """Take a drawing: the text boxes in it, else a picture."""
        boxes = list(_boxes(node, 0))
        self.boxes += boxes
        blips = [blip for blip in node.iter() if blip.tag in ("blip", "imagedata")]
        self.images += [name for blip in blips if (name := blip.get("embed") or blip.get("id"))]
        self.pictures += bool(blips) or (node.tag == "object" and not boxes)


def first_choice(alternatives: Element) -> Element:
    """Return the branch of alternatives that newer programs show (ECMA-376 part 3, 9.3), the only one that is read."""
    choice = alternatives.find("Choice")
    if choice is None:
        choice = alternatives.find("Fallback")
    return choice if choice is not None else Element("nothing")


def _boxes(node: Element, depth: int) -> Iterator[Element]:
    if depth > _MAX_DEPTH:
        return
    for child in node:
        if child.tag == "txbxContent":
            yield child
        else:
            yield from _boxes(first_choice(child) if child.tag == "AlternateContent" else child, depth + 1)


def _symbol(code: str) -> str:
    """Return the sign of a symbol font: signs of private use have no meaning outside of their font."""
    try:
        sign = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return "□" if "\ue000" <= sign <= "\uf8ff" else sign
