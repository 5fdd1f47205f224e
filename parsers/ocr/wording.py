"""Labels that the recogniser misread by a sign or two, brought back to the form's own where only one is meant."""

from difflib import SequenceMatcher
from functools import cache, lru_cache

from parsers.characters import width
from parsers.forms import forms
from parsers.labels import whole_key

_NEAR = 0.75
_CLEARLY_NEARER = 0.12
_SHORTEST, _LONGEST = 4, 60


@cache
def _labels() -> dict[str, str]:
    """Return the labels of every row of every form by their plain text, variants with the numbering of the row too."""
    found = {}
    for form in forms().values():
        for table in form.tables.values():
            for row in (row for block in table.blocks for row in block.rows):
                for label in (row.label, *row.variants):
                    found[width(label).replace(" ", "")] = label
    return found


@cache
def _keys() -> frozenset[str]:
    return frozenset(map(whole_key, _labels()))


@lru_cache(maxsize=4_096)
def mended(text: str) -> str:
    """Return the label of a form that a text clearly means, the text itself where it is one or means none."""
    plain = width(text).replace(" ", "")
    if not _SHORTEST <= len(plain) <= _LONGEST or whole_key(plain) in _keys():
        return text
    scored = sorted(((_likeness(plain, label), label) for label in _labels()), reverse=True)
    (best, label), (second, _) = scored[:2]
    return _labels()[label] if best >= _NEAR and best - second >= _CLEARLY_NEARER else text


def _likeness(text: str, label: str) -> float:
    matcher = SequenceMatcher(None, text, label, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _NEAR - _CLEARLY_NEARER else 0.0
