"""Characters as conversions and fonts leave them, brought back to simplified Chinese; places are kept.

Nothing here adds or removes a line, so a cleaned line still stands where its original stands.
"""

import re
import unicodedata
from functools import cache, lru_cache

from opencc import OpenCC

_TONE = "a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿɡ"
_PINYIN = re.compile(rf"(?<=[㐀-鿿])(?:[(（][{_TONE}]{{1,6}}(?:[ '’][{_TONE}]{{1,6}}){{0,5}}[)）])+")
_SIGNS = r"★☆◆◇■●◎▲△▼▽►◄※♦♣♠♥✦✧\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad"
_DECORATION = re.compile(f"[{_SIGNS}]+")
_LOST_BLANK = re.compile(r"\?\?+")
_DOUBLED = re.compile(r"([,，、。;；:：])\1+")
_RADICAL = re.compile(r"[⺀-⿟豈-﫿]")
_ODD = re.compile(rf"[⺀-⿟豈-﫿{_SIGNS}]|\?\?|([,，、。;；:：])\1")
_LATIN_ASIDE = re.compile(rf"[㐀-鿿][(（][{_TONE}]")
_PROTECTED = {"乾县": "\ue000县", "乾縣": "\ue000县", "乾安": "\ue000安"}
_WORDS = (
    ("政府资讯", "政府信息"),
    ("政府讯息", "政府信息"),
    ("资讯公开", "信息公开"),
    ("讯息公开", "信息公开"),
    ("覆议", "复议"),
)
_ENOUGH_TELLING = 3
_TELLING = frozenset("報開縣處數總關國務請訴訟辦於為與個類訊這發時間況準學業農產區門長無實結級現條標題設計")
_RADICALS_WITHOUT_NFKC = {
    "⺠": "民",
    "⻓": "长",
    "⻋": "车",
    "⻔": "门",
    "⻚": "页",
    "⻅": "见",
    "⻉": "贝",
    "⻬": "齐",
    "⻩": "黄",
}


def clean(text: str) -> str:
    """Clean one text: script, pinyin, radicals of PDF fonts, inserted signs, doubled punctuation.

    Punctuation and width stay as printed; `width` folds those.
    """
    return tidy(simplified(text) if is_traditional(text) else text)


def is_traditional(text: str) -> bool:
    """Say whether a text is in traditional script: at least three of its telling characters, as common as in prose."""
    return len(_TELLING.intersection(text)) >= _ENOUGH_TELLING


@lru_cache(maxsize=16_384)
def width(text: str) -> str:
    """Fold full-width forms, compatibility characters and signs to their plain ones (Unicode NFKC), blanks stripped."""
    return unicodedata.normalize("NFKC", text).strip() if not text.isascii() else text.strip()


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Convert a text from traditional script; names that are right as they stand are kept."""
    for name, shielded in _PROTECTED.items():
        text = text.replace(name, shielded)
    text = str(_converter().convert(text)).replace("\ue000", "乾")
    for word, ours in _WORDS:
        text = text.replace(word, ours)
    return text


def telling(text: str) -> frozenset[str]:
    """Return the characters of a text that tell traditional script."""
    return _TELLING.intersection(text)


def tidy(text: str) -> str:
    """Take out of a text what fonts, decoration and annotators put in, line breaks aside."""
    if _ODD.search(text):
        text = _RADICAL.sub(_plain_radical, text)
        text = _DECORATION.sub("", text)
        text = _LOST_BLANK.sub(" ", text)
        text = _DOUBLED.sub(r"\1", text)
    if _LATIN_ASIDE.search(text):
        text = _PINYIN.sub("", text)
    return text


def _plain_radical(match: re.Match[str]) -> str:
    sign = match[0]
    return _RADICALS_WITHOUT_NFKC.get(sign) or unicodedata.normalize("NFKC", sign)
