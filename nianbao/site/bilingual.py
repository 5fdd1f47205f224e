"""Words in both languages, and text of others made safe to stand on a page."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup, escape

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


class Text(NamedTuple):
    """One label in Chinese and in English."""

    zh: str
    en: str

    def __html__(self) -> str:
        """Return both languages as markup; the style sheet shows the one that the reader chose."""
        zh, en = plain(self.zh), plain(self.en)
        if zh == en:
            return str(escape(zh))
        return f"<span lang=zh>{escape(zh)}</span><span lang=en>{escape(en)}</span>"


NONE = Text("", "")


def plain(text: str | None) -> str:
    """Return a text without control characters: U+FFFD stands where one was, so that none can steer the page.

    Taken out are the C0 and C1 controls but tab and line feed, line separators, surrogates, and every character that
    changes direction or is not seen (Unicode UAX #9, section 2).
    """
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text) if text else ""


def quoted(text: str | None) -> Markup:
    """Return text of others as markup: escaped, cleaned and isolated in its direction."""
    return Markup("<bdi lang=zh>{}</bdi>").format(plain(text))


def web_address(url: str | None) -> str | None:
    """Return an address that a link may lead to: http or https, nothing else; None for any other."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc and plain(url) == url else None


def in_script(value: Any) -> str:
    """Return a value as JSON that can stand inside of a script element: no `<`, no `&`, no line separator."""
    text = json.dumps(_cleaned(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_IN_SCRIPT)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {plain(str(name)): _cleaned(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value
