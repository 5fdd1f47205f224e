"""The paging component of Hanweb jcms: what its call in a page says, and the addresses that follow from it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from scraper.discovery.links import absolute

PAGES_PER_CALL = 3
_PROXY = "/module/web/jpage/dataproxy.jsp"
_FIELDS = ("col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname", "permissiontype")
_CALL = re.compile(r"\bjpage\s*\(")
_CLOSE = re.compile(r"\}\s*\)")
_REACH = 3000
"""How far from the call, in characters, its fields can stand in a variable of their own."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the address of the records without the span, how many there are, and how many a page shows."""

    address: str
    total: int
    per_page: int

    def span(self, start: int) -> str:
        """Return the address of the records from `start` (counted from 1) over three pages."""
        end = start + PAGES_PER_CALL * self.per_page - 1
        proxy, _, query = self.address.partition("?")
        numbers = urlencode({"startrecord": start, "endrecord": end, "perpage": self.per_page})
        return f"{proxy}?{numbers}&{query}"


def calls(text: str, base: str) -> Iterator[Call]:
    """Yield the calls of a page that name a column, a unit and a total."""
    if "jpage" not in text:
        return
    begin = 0
    for match in _CALL.finditer(text):
        close = _CLOSE.search(text, match.end())
        end = close.end() if close else match.end() + _REACH
        region = text[max(begin, match.start() - _REACH) : end]
        begin = end
        fields = {name: value for name in _FIELDS if (value := _field(region, name)) is not None}
        total, per_page = _field(region, "totalRecord"), _field(region, "perPage")
        proxy = absolute(_field(region, "proxyUrl") or _PROXY, base)
        if proxy and total and total.isdecimal() and {"columnid", "unitid"} <= fields.keys():
            size = int(per_page) if per_page and per_page.isdecimal() else 0
            yield Call(f"{proxy.split('?')[0]}?{urlencode(fields)}", int(total), max(1, size or 15))


def _field(text: str, name: str) -> str | None:
    """Return the value of a property in a script's object, quoted or bare."""
    match = re.search(rf"(?<![\w$]){name}[\"']?\s*:\s*(?:\"([^\"]*)\"|'([^']*)'|([\w./-]+))", text)
    return next((group for group in match.groups() if group is not None), None) if match else None
