from dataclasses import replace

import pandas as pd
import pytest

from nianbao.dataset.reader import open_dataset
from nianbao.dataset.write import update
from parsers.report import Check, Division
from tests.nianbao.dataset.made import made_document, made_report

# Balanced: 3 new, 1 carried in, 2 granted, 1 other, 1 carried out.
NUMBERS = {
    f"requests.{row}.{column}": number
    for row, number in {
        "new": 3,
        "carried_in": 1,
        "granted": 2,
        "closed_other": 1,
        "handled": 3,
        "carried_out": 1,
    }.items()
    for column in ("person", "total")
}


def _panel(tmp_path, *reports):
    documents = [
        made_document(report, url=f"http://www.c{number}.gov.cn/a.html") for number, report in enumerate(reports)
    ]
    update(tmp_path, documents, parser_version="1")
    return open_dataset(tmp_path).panel()


def test_numbers_stand_in_their_columns(tmp_path):
    values = {
        **NUMBERS,
        "disclosure.fees.amount": 7538.66,
        "appeals.later_suit.upheld": 2,
        "appeals.later_suit.total": 2,
    }
    row = _panel(tmp_path, made_report(values=values)).iloc[0]
    assert (row["report_id"], row["division_code"], row["report_year"]) == ("431229-2024-jurisdiction", "431229", 2024)
    assert (row["req_new_person"], row["req_handled_total"], row["req_new_business"]) == (3, 3, 0)
    assert (row["dis_fees_amount"], row["app_later_suit_upheld"], row["app_later_suit_total"]) == (7538.66, 2, 2)
    assert row["grade"] == "verified"


def test_every_value_of_cells_is_in_the_panel(tmp_path):
    reports = [
        made_report(seed=1),
        made_report(seed=2, form="2019", year=2019),
        made_report(seed=3, forms_by_table={"appeals": "2019", "requests": "2019"}, year=2022),
    ]
    panel = _panel(tmp_path, *reports).set_index("report_id")
    cells = open_dataset(tmp_path).cells()
    prefix = {"disclosure": "dis", "requests": "req", "appeals": "app"}
    for cell in cells.itertuples():
        assert panel.loc[cell.report_id, f"{prefix[cell.table]}_{cell.row}_{cell.column}"] == cell.value
    assert panel.filter(regex="^(dis|req|app)_").notna().sum().sum() == len(cells) == 200 + 198 + (10 + 161 + 15)


def test_a_blank_is_0_where_an_identity_with_it_holds(tmp_path):
    blanks = ["requests.refused_secret.business", "appeals.direct_suit.pending", "requests.new.nonprofit"]
    row = _panel(tmp_path, made_report(values=NUMBERS, blanks=blanks)).iloc[0]
    assert row["req_refused_secret_business"] == row["app_direct_suit_pending"] == row["req_new_nonprofit"] == 0
    assert row["req_new_person"] == 3


def test_a_blank_stays_null_where_none_is_decided(tmp_path):
    everything = [f"requests.{row}.business" for row, _ in _places("requests")]
    rows = [f"appeals.reconsideration.{column}" for column in ("upheld", "corrected", "other", "pending", "total")]
    row = _panel(tmp_path, made_report(values=NUMBERS, blanks=["disclosure.rules.issued", *rows])).iloc[0]
    assert pd.isna(row["dis_rules_issued"])
    assert row[[name.replace("appeals", "app").replace(".", "_") for name in rows]].isna().all()
    row = _panel(tmp_path / "b", made_report(values=NUMBERS, blanks=everything)).iloc[0]
    assert row["req_new_business"] == 0  # the row's total holds


def test_a_blank_stays_null_where_every_identity_with_it_fails(tmp_path):
    values = {**NUMBERS, "requests.new.total": 4, "requests.new.business": 0}
    report = made_report(values=values, blanks=["requests.new.business"])
    requests = report.tables[1]
    failing = tuple(
        check._replace(outcome="undecidable") if check.at == "business" and check.id != "requests.total" else check
        for check in requests.checks
    )
    row = _panel(tmp_path, replace(report, tables=(report.tables[0], replace(requests, checks=failing)))).iloc[0]
    assert pd.isna(row["req_new_business"])
    assert row["req_carried_in_business"] == 0
    assert row["req_new_total"] == 4  # as printed, though it is wrong


@pytest.mark.parametrize("status", ["unreadable", "absent"])
def test_what_was_not_read_is_null(tmp_path, status):
    report = made_report(values=NUMBERS)
    table = report.tables[1]
    cells = tuple(
        cell._replace(value=None, status=status) if (cell.row, cell.column) == ("granted", "business") else cell
        for cell in table.cells
    )
    row = _panel(tmp_path, replace(report, tables=(replace(table, cells=cells),))).iloc[0]
    assert pd.isna(row["req_granted_business"])
    assert row["req_granted_person"] == 2
    assert pd.isna(row["dis_rules_issued"])


def test_a_derived_number_counts_as_read(tmp_path):
    report = made_report(values=NUMBERS)
    table = report.tables[1]
    cells = tuple(cell._replace(status="derived") for cell in table.cells)
    row = _panel(tmp_path, replace(report, tables=(replace(table, cells=cells),))).iloc[0]
    assert row["req_new_person"] == 3


def test_checks_that_are_no_identities_prove_nothing(tmp_path):
    report = made_report(blanks=["disclosure.rules.issued"])
    table = replace(report.tables[0], checks=(Check("narrative.disclosure", "rules", 1, 1, "pass"),))
    row = _panel(tmp_path, replace(report, tables=(table,))).iloc[0]
    assert pd.isna(row["dis_rules_issued"])


def test_rows_are_in_order_also_after_an_update(tmp_path):
    def county(number, year):
        return made_document(
            made_report(division=Division(f"4312{number}", "某县"), year=year), url=f"http://a.gov.cn/{number}{year}"
        )

    update(tmp_path, [county(21, 2023), county(25, 2022)], parser_version="1")
    update(tmp_path, [county(23, 2023), county(11, 2024)], parser_version="1")
    panel = open_dataset(tmp_path).panel()
    assert list(panel["report_id"].str[:11]) == ["431211-2024", "431221-2023", "431223-2023", "431225-2022"]
    assert list(panel.columns[:6]) == [
        "report_id",
        "division_code",
        "division_name",
        "prefecture",
        "province",
        "report_year",
    ]


def _places(table):
    return [(cell.row, cell.column) for t in made_report().tables if t.table == table for cell in t.cells]
