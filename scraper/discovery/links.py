"""The links of a page: absolute URL, full text, and the date printed next to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.characters import clean

LONGEST_URL = 2000
LONGEST_TEXT = 300
MOST_LINKS = 5000
"""What is read of one page, at most."""
_ANCHORS = "a, area, iframe, frame, embed, object, [onclick], link[rel=next]"
_EMBEDDED = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
_SCRIPTED = re.compile(
    r"(?:window\.open|location\.(?:assign|replace)|(?:window|self|top|parent|document)?\.?location(?:\.href)?\s*=)"
    r"\s*\(?\s*[\"']([^\"']+)[\"']"
)
_CUT = re.compile(r"(?:…|⋯|\.{2,})\s*$")
_DATE = re.compile(r"(?<!\d)(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_SPACE = re.compile(r"\s+")
_STRAY = re.compile(r"[\t\r\n]")
_LEVELS = 4
_SIBLINGS = 6
"""How far around a link its date is looked for."""
_SAFE = "%/:=&?~#+!$,;'@()*[]|"
_KEEPS_FRAGMENT = "/gkmlpt/"
"""The Guangdong platform names its category in the fragment; elsewhere a fragment is a place in the same page."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link: absolute http(s) URL, its full text, the ISO date beside it, and whether the page embeds the target."""

    url: str
    text: str
    date: str | None = None
    embedded: bool = False


def absolute(href: str, base: str) -> str | None:
    """Return the absolute URL of a reference (RFC 3986, section 5), None unless it is a usable http(s) URL.

    As the URL Standard has it, tabs and line ends are dropped and backslashes are slashes; characters outside ASCII are
    percent-encoded as UTF-8. A URL with credentials is refused.
    """
    reference = _STRAY.sub("", href).strip().replace("\\", "/")
    try:
        parts = urlsplit(urljoin(base, reference))
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            return None
        port = parts.port
    except ValueError:
        return None
    default = {"http": 80, "https": 443}[parts.scheme]
    netloc = parts.hostname.lower() + (f":{port}" if port and port != default else "")
    if ":" in parts.hostname:
        netloc = f"[{parts.hostname}]" + (f":{port}" if port and port != default else "")
    fragment = parts.fragment if _KEEPS_FRAGMENT in parts.path else ""
    path = quote(parts.path or "/", safe=_SAFE)
    url = urlunsplit((parts.scheme, netloc, path, quote(parts.query, safe=_SAFE), quote(fragment, safe=_SAFE)))
    return url if len(url) <= LONGEST_URL else None


def links_of(markup: str | LexborHTMLParser, base: str) -> tuple[Link, ...]:
    """Return the links of a page or of a fragment of one, in reading order, without repetitions.

    A link's text is what is visible, or its `title` or the `alt` of its picture where the visible text is cut off or
    missing. Texts in traditional script are converted. Malformed links and those elsewhere than http(s) are left out.
    """
    tree = LexborHTMLParser(markup) if isinstance(markup, str) else markup
    declared = tree.css_first("base[href]")
    if declared is not None:
        base = absolute(declared.attributes.get("href") or "", base) or base
    found: dict[tuple[str, str], Link] = {}
    for node in tree.css(_ANCHORS)[:MOST_LINKS]:
        for reference in _references(node):
            url = absolute(reference, base)
            if url:
                link = Link(url, _text(node), _date(node), node.tag in _EMBEDDED)
                found.setdefault((link.url, link.text), link)
    return _simplified(tuple(found.values()))


def _references(node: LexborNode) -> Iterator[str]:
    """Yield what a node refers to: its attribute, and the addresses its scripts open."""
    attributes = node.attributes
    reference = attributes.get(_EMBEDDED.get(node.tag or "", "href")) or ""
    if reference.strip().lower().startswith("javascript:"):
        yield from _SCRIPTED.findall(reference)
    elif reference.strip() and not reference.strip().startswith("#"):
        yield reference
    yield from _SCRIPTED.findall(attributes.get("onclick") or "")


def _text(node: LexborNode) -> str:
    """Return the full text of a link, at most `LONGEST_TEXT` characters."""
    visible = _plain(node.text(separator=" "))
    title = _plain(node.attributes.get("title") or node.attributes.get("alt") or "")
    if visible and not _CUT.search(visible):
        longer = title.startswith(visible) and len(title) <= LONGEST_TEXT
        return title if longer else visible[:LONGEST_TEXT]
    if not title:
        picture = node.css_first("img[alt], img[title]")
        if picture is not None:
            title = _plain(picture.attributes.get("alt") or picture.attributes.get("title") or "")
    return (title or visible or _plain(node.attributes.get("aria-label") or ""))[:LONGEST_TEXT]


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _date(node: LexborNode) -> str | None:
    """Return the date printed in a link or beside it, before another link comes; None where there is none."""
    place: LexborNode | None = node
    for _ in range(_LEVELS):
        if place is None:
            return None
        own = _DATE.search(place.text(separator=" ")[:LONGEST_TEXT]) if place is node else None
        beside, alone = _beside(place)
        match = own or _DATE.search(beside)
        if match:
            return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
        if not alone:
            return None
        place = place.parent
    return None


def _beside(node: LexborNode) -> tuple[str, bool]:
    """Return the text of the nearest siblings up to another link, and whether there was no other."""
    texts, alone = [], True
    for forward in (True, False):
        sibling = node.next if forward else node.prev
        for _ in range(_SIBLINGS):
            if sibling is None:
                break
            if sibling.tag == "a" or (sibling.tag != "-text" and sibling.css_first("a") is not None):
                alone = False
                break
            texts.append(sibling.text(separator=" ")[:LONGEST_TEXT])
            sibling = sibling.next if forward else sibling.prev
        else:
            alone = False
    return " | ".join(texts), alone


def _simplified(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Return the links with their texts in simplified script, judged over all of them together."""
    if not links:
        return ()
    texts = clean("\n".join(link.text for link in links)).split("\n")
    return tuple(
        link if link.text == text else replace(link, text=text) for link, text in zip(links, texts, strict=True)
    )
