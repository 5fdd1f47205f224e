"""The registry of layouts (how a page is rendered) and arrangements (what stands on it)."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.zoo import decoys, flow, markup, pages, pdftext, plaintext
from tests.zoo.flow import Flow
from tests.zoo.style import Style
from tests.zoo.truths import Truth

Render = Callable[[Flow, Style, Random], str]
Build = Callable[[Truth, Style, Random], Flow]


@dataclass(frozen=True, slots=True)
class Layout:
    """A rendering.

    `empties` says what becomes of cells that print nothing: kept, labelled (counted from the label of their row),
    tailed (so too, but the end of a row is in doubt), dropped, or lost (the rendering loses more than those). `tags`
    are what noises and arrangements can ask for.
    """

    name: str
    render: Render
    empties: str
    tags: frozenset[str]


def _layout(name: str, render: Render, empties: str, *tags: str) -> Layout:
    return Layout(name, render, empties, frozenset(tags))


LAYOUTS = {
    layout.name: layout
    for layout in (
        _layout("html", markup.spanned, "kept", "html", "grid"),
        _layout("html-short", markup.short_rows, "dropped", "html", "grid"),
        _layout("html-paragraphs", markup.paragraphs, "dropped", "html", "lines"),
        _layout("html-breaks", markup.breaks, "dropped", "html", "lines"),
        _layout("lines", plaintext.lines, "dropped", "text", "lines"),
        _layout("lines-spaced", plaintext.spaced, "dropped", "text", "lines"),
        _layout("lines-padded", plaintext.padded, "dropped", "text", "lines"),
        _layout("pipes", plaintext.pipes, "labelled", "text", "rows"),
        _layout("pipes-padded", plaintext.padded_pipes, "tailed", "text", "rows"),
        _layout("pipes-framed", plaintext.framed_pipes, "kept", "text", "rows"),
        _layout("pipes-short", plaintext.short_pipes, "dropped", "text", "rows"),
        _layout("pipes-alone", plaintext.lone_pipes, "dropped", "text", "lines"),
        _layout("pipes-behind", plaintext.tailed_pipes, "dropped", "text", "lines"),
        _layout("tabs", plaintext.tabs, "labelled", "text", "rows"),
        _layout("blanks", plaintext.blanks, "dropped", "text", "rows", "blank-separated"),
        _layout("pdf", pdftext.paged, "dropped", "text", "lines", "wrapped-lines"),
        _layout("deduplicated", plaintext.deduplicated, "lost", "text", "lines", "equal-lines-lost"),
    )
}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What stands on the page.

    `build` makes the flow, `tables` and `page` set the style, `needs` names layout tags. `has_tables` is false where
    the page shows none, `empty` true where the form was left empty, `whole` false where the page ends early,
    `is_report` false where it is something else; `years` are those it can be of.
    """

    name: str
    build: Build = flow.standard
    tables: frozenset[str] = frozenset()
    page: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    has_tables: bool = True
    empty: bool = False
    whole: bool = True
    is_report: bool = True
    years: tuple[int, int] | None = None


GRID = frozenset({"grid"})
ARRANGEMENTS = {
    item.name: item
    for item in (
        Arrangement("standard"),
        Arrangement("blocks-apart", tables=frozenset({"blocks-apart"})),
        Arrangement("fillers", tables=frozenset({"fillers"}), needs=GRID),
        Arrangement("split", tables=frozenset({"split"})),
        Arrangement("split-headless", tables=frozenset({"split-headless"}), needs=GRID),
        Arrangement("appeals-rows", tables=frozenset({"appeals-rows"})),
        Arrangement("columnwise", tables=frozenset({"columnwise"}), needs=frozenset({"text", "lines"})),
        Arrangement("wrapped", page=frozenset({"wrapped"}), needs=frozenset({"html"})),
        Arrangement("decoys", decoys.with_decoys),
        Arrangement("last-year-before", pages.last_year_before),
        Arrangement("last-year-after", pages.last_year_after),
        Arrangement("last-year-beside", pages.last_year_beside, needs=GRID),
        Arrangement("two-reports", pages.with_another),
        Arrangement("left-empty", empty=True),
        Arrangement("cut-off", pages.cut_off, whole=False),
        Arrangement("headings-only", pages.headings_only, has_tables=False),
        Arrangement("narrative-only", pages.narrative_only, has_tables=False),
        Arrangement("before-2019", decoys.before_2019, has_tables=False, years=(2014, 2018)),
        Arrangement("other-document", decoys.other_document, has_tables=False, is_report=False),
    )
}


def fits(arrangement: Arrangement, layout: Layout) -> bool:
    """Say whether the arrangement can be rendered in the layout."""
    doubled = arrangement.name.startswith("last-year") or arrangement.name == "two-reports"
    hopeless = layout.empties == "lost" and (doubled or not arrangement.whole)
    return arrangement.needs <= layout.tags and not hopeless
