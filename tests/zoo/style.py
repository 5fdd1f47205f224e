"""How one document is printed: the choices that the noises set and that sheets and renderings obey."""

from dataclasses import dataclass, field

Glyph = str


@dataclass(frozen=True, slots=True)
class Style:
    """Every choice has the plain one as its default.

    `blank` is printed for an empty cell; `numbers` names number formats, `labels` label departures; `opening` and
    `point` are the numbering of (一) and of 1.; `shift` renumbers the sections; `glyphs` names character faults;
    `tables` names arrangements of the tables; `page` names what else stands on the page;
    `told` says whether the sentences of section 1 agree with the tables.
    """

    blank: str = ""
    numbers: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    opening: str = "（一）"
    point: str = "."
    gap: str = ""
    wide_punctuation: bool = True
    shift: str = "plain"
    title: str = "plain"
    glyphs: tuple[Glyph, ...] = ()
    encoding: str = "utf-8"
    tables: frozenset[str] = field(default=frozenset())
    page: frozenset[str] = field(default=frozenset())
    clutter: str = "plain"
    told: str = "right"
