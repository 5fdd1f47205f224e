"""Texts from pages that a spreadsheet would take for formulas: nothing downloaded is executed, not by Excel either.

Source: OWASP, CSV Injection. Full-width signs count too: a spreadsheet set to Chinese takes them for the narrow ones.
"""

import re

import pyarrow as pa
import pyarrow.compute as pc

_OPENING = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_HARMLESS = re.compile(r"[+\-＋－]?[\d.,，]*[\u4e00-\u9fff%％‰]*")

NEUTRAL = "'"
"""What is put before such a text; a spreadsheet shows it, other programs can take it off."""


def neutral(text: str) -> str:
    """Return a text that no spreadsheet evaluates; a lone sign (a blank mark) and a signed number stay as they are."""
    return NEUTRAL + text if _OPENING.match(text) and not _HARMLESS.fullmatch(text) else text


def neutral_column(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, int]:
    """Return a column of texts that no spreadsheet evaluates, and how many had to be altered."""
    encoded = pc.dictionary_encode(column).combine_chunks()
    texts = encoded.dictionary.to_pylist()
    altered = [neutral(text) for text in texts]
    changed = [position for position, text in enumerate(texts) if altered[position] != text]
    if not changed:
        return column, 0
    count = pc.sum(pc.is_in(encoded.indices, value_set=pa.array(changed, encoded.indices.type))).as_py()
    return pa.chunked_array([pa.array(altered, pa.string()).take(encoded.indices)]), count
