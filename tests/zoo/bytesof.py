"""From text to the bytes of a file: encodings, declared, undeclared or declared wrongly."""

from itertools import dropwhile, takewhile

from tests.zoo.flow import Flow, Text
from tests.zoo.markup import page
from tests.zoo.style import Style

CODECS = {
    "utf-8": ("utf-8", "utf-8"),
    "utf-8-undeclared": ("utf-8", None),
    "utf-8-bom": ("utf-8-sig", None),
    "gbk-as-gb2312": ("gbk", "gb2312"),
    "gb18030-undeclared": ("gb18030", None),
    "big5": ("big5", "big5"),
}


def _title(flow: Flow) -> str:
    """Return the title of the first report, whose lines stand together at the top."""
    texts = [item for item in flow if isinstance(item, Text)]
    lines = takewhile(lambda text: text.role == "title", dropwhile(lambda text: text.role != "title", texts))
    return "".join(text.text for text in lines)


def html_bytes(inner: str, flow: Flow, style: Style) -> bytes:
    """Return an HTML page in the style's encoding; what a code page lacks becomes a character reference."""
    codec, declared = CODECS[style.encoding]
    return page(inner, _title(flow), style, declared).encode(codec, errors="xmlcharrefreplace")


def text_bytes(text: str, style: Style) -> bytes:
    """Return a text file in the style's encoding."""
    return text.encode(CODECS[style.encoding][0])
