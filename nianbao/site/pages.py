"""Templates to pages: one environment in which everything is escaped, and what every page shares."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nianbao.site.bilingual import Text, plain, quoted, web_address
from nianbao.site.labels import GRADES, GRADES_EXPLAINED, LEVELS, SCOPES, STATUSES, TABLES
from nianbao.site.numbers import thousands

_TEMPLATES = Path(__file__).with_name("templates")
POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data: blob:; "
    "form-action 'self' file:; base-uri 'none'"
)
"""Content-Security-Policy of every page: its own files and nothing else, also where they lie on a disk."""

MARKS = {"verified": "V", "consistent": "C", "inconsistent": "I", "partial": "P", None: "-"}


class Pages:
    """Renders the pages of one site."""

    def __init__(self, years: tuple[int, ...]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
        )
        self._environment.globals.update(
            T=Text,
            GRADES=GRADES,
            GRADES_EXPLAINED=GRADES_EXPLAINED,
            LEVELS=LEVELS,
            MARKS=MARKS,
            POLICY=POLICY,
            SCOPES=SCOPES,
            STATUSES=STATUSES,
            TABLES=TABLES,
            years=years,
        )
        self._environment.filters.update(quoted=quoted, plain=plain, web_address=web_address, thousands=thousands)

    def render(self, template: str, *, root: str = "", **context: Any) -> str:
        """Return a page; `root` leads from its folder to that of the first page."""
        return self._environment.get_template(template).render(root=root, **context)
