"""A truth as tables of boxes with spans, the way an office suite would draw the form; renderings start from here."""

from dataclasses import dataclass, replace
from random import Random

from tests.zoo.labels import REPEAL_NOTE, block_title, group_of, label_of, punctuated
from tests.zoo.prints import printed
from tests.zoo.statute import Block, Line, form
from tests.zoo.style import Style
from tests.zoo.truths import Truth

CUTS = {
    **dict.fromkeys(("商业企业", "科研机构", "结果维持", "结果纠正", "其他结果", "尚未审结", "自然人"), 2),
    **dict.fromkeys(("本年新制作数量", "本年新公开数量"), 3),
    **dict.fromkeys(("社会公益组织", "法律服务机构"), 4),
}


@dataclass(frozen=True, slots=True)
class Box:
    """One cell of the markup: its lines, what it is (title, header, stub, label, value, extra, filler), its spans."""

    lines: tuple[str, ...]
    kind: str
    rows: int = 1
    columns: int = 1
    key: str | None = None

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "".join(self.lines)


Row = tuple[Box, ...]
Grid = tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a table is drawn from: the report, how it is printed, and chance."""

    report: Truth
    style: Style
    rng: Random

    def box(self, text: str, kind: str, rows: int = 1, columns: int = 1) -> Box:
        """Return a box of one line."""
        return Box((text,) if text else (), kind, rows, columns)

    def header(self, line: Line, rows: int = 1, columns: int = 1) -> Box:
        """Return the box of a column's label, cut in two lines where the style cuts."""
        text = label_of(line, self.style, self.rng)
        cut = CUTS.get(text, 0) if "cut" in self.style.labels else 0
        lines: tuple[str, ...] = (text[:cut], text[cut:]) if cut else (text,)
        if line.code == "repealed" and "explained" in self.style.labels:
            lines = (punctuated(line.label, self.style), punctuated(REPEAL_NOTE, self.style))
        return Box(lines, "header", rows, columns)

    def value(self, table: str, row: str, column: Line, columns: int = 1) -> Box:
        """Return the box of a cell of the form: its number in one of the style's formats, or the mark of a blank."""
        key = f"{table}.{row}.{column.code}"
        number = self.report.cells[key]
        name = self.rng.choice(self.style.numbers) if self.style.numbers else "plain"
        mixed = self.style.blank == "mixed"
        blank = self.rng.choice(("/", "-", "—", "无", "不适用")) if mixed else self.style.blank
        text = blank if number is None else printed(number, column, name, self.rng)
        return replace(self.box(text, "value", 1, columns), key=key)


def _spans(columns: int, width: int) -> list[int]:
    return [1] * (columns - 1) + [width - columns + 1]


def _data_row(draw: Drawing, block: Block, row: Line, width: int) -> Row:
    label = draw.box(label_of(row, draw.style, draw.rng), "label")
    spans = _spans(len(block.columns), width)
    return (
        label,
        *(draw.value("disclosure", row.code, column, span) for column, span in zip(block.columns, spans, strict=True)),
    )


def _extra_row(draw: Drawing) -> Row:
    values = (Box((str(draw.rng.randint(1, 400)),), "extra") for _ in range(3))
    return (draw.box("其他主动公开文件", "label"), *values)


def _block_rows(draw: Drawing, block: Block, width: int) -> list[Row]:
    spans = _spans(len(block.columns), width)
    headers = (draw.header(column, 1, span) for column, span in zip(block.columns, spans, strict=True))
    rows = [
        (draw.box(block_title(block, draw.style, draw.rng), "title", 1, width + 1),),
        (draw.box("信息内容", "header"), *headers),
        *(_data_row(draw, block, row, width) for row in block.rows),
    ]
    if "extra-row" in draw.style.labels and len(block.columns) == 3 and block.rows[0].code == "rules":
        rows.append(_extra_row(draw))
    return rows


def disclosure(draw: Drawing) -> list[Grid]:
    """Draw table 2: one table with title rows inside, or one table per block."""
    blocks = form(draw.report.forms["disclosure"]).blocks["disclosure"]
    apart = "blocks-apart" in draw.style.tables
    width = max(len(block.columns) for block in blocks)
    drawn = [_block_rows(draw, block, len(block.columns) if apart else width) for block in blocks]
    return [tuple(rows) for rows in drawn] if apart else [tuple(row for rows in drawn for row in rows)]


def _requests_header(draw: Drawing, columns: tuple[Line, ...]) -> list[Row]:
    note = draw.box(punctuated(form("2021").note, draw.style), "header", 3, 3)
    filled = "fillers" in draw.style.tables
    tall = 1 if filled else 2
    fillers = (Box((), "filler"),) if filled else ()
    inner = tuple(draw.header(column) for column in columns[1:-1])
    return [
        (note, draw.box("申请人情况", "header", 1, 7)),
        (draw.header(columns[0], tall), draw.box("法人或其他组织", "header", 1, 5), draw.header(columns[-1], tall)),
        (*fillers, *inner, *fillers),
    ]


def _stubs(draw: Drawing, rows: tuple[Line, ...], index: int) -> list[Box]:
    """Return the boxes of the groups that begin at this row, outermost first."""
    row, before = rows[index], rows[index - 1].groups if index else ()
    boxes = []
    for depth, group in enumerate(row.groups):
        if before[: depth + 1] != row.groups[: depth + 1]:
            height = sum(other.groups[: depth + 1] == row.groups[: depth + 1] for other in rows)
            if "broken-spans" in draw.style.tables:
                height = max(1, height + draw.rng.choice((-1, 0, 1)))
            boxes.append(draw.box(group_of(group, draw.style), "stub", height))
    return boxes


def _labelled_rows(draw: Drawing, table: str, block: Block, rows: tuple[Line, ...], width: int) -> list[Row]:
    drawn = []
    for index, row in enumerate(rows):
        label = draw.box(label_of(row, draw.style, draw.rng), "label", 1, width - len(row.groups))
        values = (draw.value(table, row.code, column) for column in block.columns)
        drawn.append((*_stubs(draw, rows, index), label, *values))
    return drawn


def requests(draw: Drawing) -> list[Grid]:
    """Draw table 3, in one table or in two with the cut at a page's end."""
    (block,) = form(draw.report.forms["requests"]).blocks["requests"]
    header = _requests_header(draw, block.columns)
    if not {"split", "split-headless"} & draw.style.tables:
        return [(*header, *_labelled_rows(draw, "requests", block, block.rows, 3))]
    at = draw.rng.randint(3, len(block.rows) - 3)
    first, second = (_labelled_rows(draw, "requests", block, rows, 3) for rows in (block.rows[:at], block.rows[at:]))
    return [(*header, *first), tuple(second) if "split-headless" in draw.style.tables else (*header, *second)]


def _appeals_wide(draw: Drawing, block: Block) -> Grid:
    first, *others = block.rows
    filled = "fillers" in draw.style.tables
    tall = 1 if filled else 2
    fillers = tuple(Box((), "filler") for _ in block.columns) if filled else ()
    groups = tuple(draw.box(label_of(row, draw.style, draw.rng), "header", 1, 5) for row in others)
    repeated = tuple(draw.header(column) for _ in others for column in block.columns)
    return (
        (draw.box(first.label, "header", 1, 5), draw.box("行政诉讼", "header", 1, 10)),
        (*(draw.header(column, tall) for column in block.columns), *groups),
        (*fillers, *repeated),
        tuple(draw.value("appeals", row.code, column) for row in block.rows for column in block.columns),
    )


def _appeals_columnwise(draw: Drawing, block: Block) -> Grid:
    """Draw table 4 with the headers of its columns printed upright, so that a line holds one character of each."""
    first, *others = block.rows
    upright = [" ".join(characters) for characters in zip("结果维持", "结果纠正", "其他结果", "尚未审结", strict=True)]
    header = [draw.box(first.label, "upright"), draw.box("行政诉讼", "upright")]
    header += [draw.box(label_of(row, draw.style, draw.rng), "upright") for row in others]
    for _ in block.rows:
        header += [draw.box(line, "upright") for line in (*upright, *draw.rng.choice((("总计",), ("总", "计"))))]
    values = tuple(draw.value("appeals", row.code, column) for row in block.rows for column in block.columns)
    return (*((box,) for box in header), values)


def _appeals_rows(draw: Drawing, block: Block) -> Grid:
    header: Row = (Box((), "filler", 1, 2), *(draw.header(column) for column in block.columns))
    return (header, *_labelled_rows(draw, "appeals", block, block.rows, 2))


def appeals(draw: Drawing) -> Grid:
    """Draw table 4: fifteen columns under a header of three rows, or three rows of five."""
    (block,) = form(draw.report.forms["appeals"]).blocks["appeals"]
    if "columnwise" in draw.style.tables:
        return _appeals_columnwise(draw, block)
    return _appeals_rows(draw, block) if "appeals-rows" in draw.style.tables else _appeals_wide(draw, block)


def tables(draw: Drawing) -> dict[str, list[Grid]]:
    """Draw the three tables, each as the grids it is published in."""
    return {"disclosure": disclosure(draw), "requests": requests(draw), "appeals": [appeals(draw)]}
