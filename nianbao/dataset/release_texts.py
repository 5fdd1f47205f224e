"""The texts of a release for people: what it holds, how to read it, how to cite it.

Source: Citation File Format 1.2.0, https://citation-file-format.github.io/.
"""

import json
from collections import Counter
from collections.abc import Iterator

from nianbao.dataset.codebook import ABOUT, TITLE
from nianbao.dataset.export.parts import batches
from nianbao.dataset.fields import GRADES
from nianbao.dataset.reader import Dataset
from nianbao.dataset.schema import registry

_AUTHOR = "nianbao contributors"
_GRADES = {
    "verified": "every cell read, every identity of the form holds",
    "consistent": "every cell read, no identity fails, some cannot be decided",
    "inconsistent": "every cell read, an identity fails as printed",
    "partial": "a table or a cell was not read",
    None: "no statutory table in the document",
}
_MADE_UP_TITLE = " (demo: made-up numbers)"
_CAUTION = "**This is a release of the demo: most of its numbers are made up. Do not cite it.**"
_MORE_FILES = (
    "`datapackage.json` (Frictionless Data Package) and `CODEBOOK.md` tell what each column means and what a missing",
    "value says, `VALIDATION.md` what was checked and what fails as published, `CHANGES.md` what changed since the",
    "release before.",
    "",
)
_USAGE = (
    "## Use",
    "",
    "```sh",
    "sha256sum --check SHA256SUMS   # nothing was lost on the way",
    "```",
    "",
    "```python",
    "import pandas as pd",
    "",
    'panel = pd.read_parquet("panel.parquet")   # one row a report, one column a cell',
    "```",
    "",
    "In the panel a blank is 0 only where an identity of the form proves it; whatever was not read is missing, and",
    "`status` in `cells` says why. Published mistakes are kept as printed: their checks fail.",
    "",
    "## Cite",
    "",
)
_HOW_TO_CITE = f"""{_AUTHOR}. *{TITLE}*. Release {{date}}.

`CITATION.cff` says the same to programs. The numbers are those that the governments published; `url` and `sha256` in
`reports` name the document of each."""


def citation(date: str, made_with: str, *, made_up: bool) -> str:
    """Return CITATION.cff for the release of a date; scalars are JSON strings, which are YAML too."""
    title = TITLE + _MADE_UP_TITLE if made_up else TITLE
    program, _, version = made_with.partition(" ")
    lines = (
        "cff-version: 1.2.0",
        "message: Please cite the release that you used by its date.",
        "type: dataset",
        f"title: {_scalar(title)}",
        f"abstract: {_scalar(ABOUT)}",
        f"version: {_scalar(date)}",
        f"date-released: {_scalar(date)}",
        "authors:",
        f"  - name: {_scalar(_AUTHOR)}",
        "keywords:",
        *(f"  - {_scalar(word)}" for word in ("政府信息公开", "年度报告", "open government information", "China")),
        "references:",
        "  - type: software",
        f"    title: {_scalar(program)}",
        f"    version: {_scalar(version)}",
        "    authors:",
        f"      - name: {_scalar(_AUTHOR)}",
    )
    return "\n".join(lines) + "\n"


def readme(dataset: Dataset, date: str, made_with: str, *, made_up: bool) -> str:
    """Return README.md: what the release holds, in numbers, and how to use it."""
    head = (f"# {TITLE}, {date}", "", *((_CAUTION, "") if made_up else ()))
    cite = _HOW_TO_CITE.format(date=date)
    return "\n".join((*head, *_about(dataset, date, made_with), *_tables(dataset), *_USAGE, cite)) + "\n"


def _about(dataset: Dataset, date: str, made_with: str) -> Iterator[str]:
    reports = dataset.arrow("reports").select(["report_year", "division_code", "grade"]).to_pydict()
    years = sorted({year for year in reports["report_year"] if year is not None})
    divisions = {code for code in reports["division_code"] if code is not None}
    grades = Counter(reports["grade"])
    yield ABOUT
    yield ""
    yield f"- {len(reports['grade'])} reports of {len(divisions)} divisions of China"
    if years:
        yield f"- report years {years[0]} to {years[-1]}"
    yield f"- everything that was fetched up to {date} (UTC), written by {made_with}"
    yield ""
    yield "| grade | reports | meaning |"
    yield "|---|---:|---|"
    for grade in (*GRADES, None):
        yield f"| {grade or '(none)'} | {grades[grade]} | {_GRADES[grade]} |"
    yield ""


def _tables(dataset: Dataset) -> Iterator[str]:
    yield "## Tables"
    yield ""
    yield "| table | rows | holds |"
    yield "|---|---:|---|"
    for name, table in registry().items():
        rows = sum(len(batch) for batch in batches(dataset, name))
        yield f"| `{name}{'/' if table.folder else '.parquet'}` | {rows} | {table.title_en} ({table.title}) |"
    yield ""
    yield from _MORE_FILES


def _scalar(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
