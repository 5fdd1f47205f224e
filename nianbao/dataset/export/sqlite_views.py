"""Views of the SQLite file: the questions that most readers open it with."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from nianbao.dataset.export.sqlite_tables import quoted
from nianbao.dataset.fields import Field
from nianbao.dataset.schema import registry


@dataclass(frozen=True, slots=True)
class View:
    """One view: its name, what a row is, and the query behind it."""

    name: str
    title: str
    title_en: str
    query: str


_LABELLED = """
SELECT c.report_id, r.division_name, r.province, r.prefecture, r.scope, r.publisher, r.report_year, c."table", f.label,
  f.label_en, c.value, c.status, c.raw, f.unit, c."where", r.url, c.form, c."row", c."column"
FROM cells c JOIN reports r USING (report_id)
LEFT JOIN form_cells f USING (form, "table", "row", "column")"""
_TO_CHECK = f"""{_LABELLED}
WHERE c.status NOT IN ('printed', 'blank')"""
_FAILING = """
SELECT k.report_id, r.division_name, r.province, r.prefecture, r.scope, r.publisher, r.report_year, k."table", k.id,
  k.at, k."left", k."right", k."left" - k."right" AS difference, r.url
FROM checks k JOIN reports r USING (report_id)
WHERE k.outcome = 'fail'"""
_BY_PROVINCE = """
SELECT province, report_year, count(*) AS divisions,
  sum(published) AS published, sum(found) AS found, sum(fetched) AS fetched, sum(parsed) AS parsed,
  sum(verified) AS verified, round(100.0 * sum(verified) / count(*), 1) AS verified_percent
FROM coverage GROUP BY province, report_year"""
_MISSING = """
SELECT code, name, province, prefecture, report_year, reason, report_id FROM coverage WHERE NOT verified"""


def views() -> Iterator[View]:
    """Yield every view."""
    yield View("panel_labelled", "面板数据，列名为中文", "The panel with Chinese column names", _labelled_panel())
    yield View("cells_labelled", "单元格及其中文标签", "Cells with labels, and whose they are", _LABELLED)
    yield View("cells_to_check", "须核对的单元格", "Cells derived, unreadable or absent, with their place", _TO_CHECK)
    yield View("failing_checks", "不符的勾稽关系", "Checks that fail as printed, with both sides", _FAILING)
    yield View("coverage_by_province", "各省覆盖情况", "How far reports got, by province and year", _BY_PROVINCE)
    yield View("coverage_gaps", "未验证的报告及原因", "Divisions and years not verified, and why", _MISSING)


def create_views() -> Iterator[str]:
    """Yield what creates the views."""
    for view in views():
        yield f"CREATE VIEW {view.name} AS{view.query}"


def _labelled_panel() -> str:
    fields = registry()["panel"].fields
    shared = Counter(field.label for field in fields)
    columns = (f"{quoted(field.name)} AS {quoted(_label(field, shared))}" for field in fields)
    return "\nSELECT " + ",\n  ".join(columns) + "\nFROM panel"


def _label(field: Field, shared: Counter[str]) -> str:
    """Return the field's label, with its name where two forms print the same label over different numbers."""
    return field.label if shared[field.label] == 1 else f"{field.label}（{field.name}）"
