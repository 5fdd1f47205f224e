"""Where each page of a site lies."""

import hashlib
import re

_UNSAFE = re.compile(r"[^A-Za-z0-9._@-]")


def division_page(code: str) -> str:
    """Return the page of a division."""
    return f"c/{_safe(code)}.html"


def province_page(code: str) -> str:
    """Return the page that lists the divisions of a province."""
    return f"p/{_safe(code)}.html"


def source_page(report_id: str, year: int | None) -> str:
    """Return the page that shows where the numbers of a report come from."""
    return f"s/{year or 0}/{_safe(report_id)}.html"


def _safe(name: str) -> str:
    """Return a name that is a file's on every system; one that had to be changed keeps apart by its hash."""
    safe = _UNSAFE.sub("_", name)
    return safe if safe == name else f"{safe}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
