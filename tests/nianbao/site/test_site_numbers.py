"""The numbers on the pages: states, sums, rates and medians, worked out here by hand."""

import statistics
from pathlib import Path

import numpy as np
import pytest

from nianbao.dataset.reader import open_dataset
from nianbao.site.indicators import by_id, indicators
from nianbao.site.medians import Groups
from nianbao.site.series import read_atlas
from nianbao.site.values import State, read_values
from parsers.forms import forms
from tests.nianbao.site.stores import HONGJIANG, JINGZHOU, TONGDAO, YOUXIAN, document, sound, store_of

BLANK_REFUSALS = ["requests.refused_secret.total", "requests.refused_secret.person"]


def read(store: Path, indicator: str, report: str = "431229-2024-jurisdiction") -> tuple[float | None, State]:
    values = read_values(open_dataset(store))
    row, column = values.ids.index(report), [each.id for each in indicators()].index(indicator)
    number = values.numbers[row, column]
    return None if np.isnan(number) else float(number), State(values.states[row, column])


def test_cells_sums_and_rates(tmp_path: Path) -> None:
    values = sound(40, 10, partial=6, refused_secret=3, refused_query=5)
    values |= {"appeals.reconsideration.total": 3, "appeals.reconsideration.corrected": 1}
    values |= {"appeals.reconsideration.upheld": 2, "appeals.later_suit.total": 1, "appeals.later_suit.pending": 1}
    store = store_of(tmp_path, document(JINGZHOU, 2024, values))
    expected = {
        "req_new_total": 40,
        "refused": 3 + 5,
        "unavailable": 16,
        "share_granted": 10 / 40 * 100,
        "share_granted_or_partial": 16 / 40 * 100,
        "share_refused": 8 / 40 * 100,
        "appeals_per_100": 4 / 40 * 100,
        "share_corrected": 1 / 3 * 100,
        "share_persons": 100,
    }
    for indicator, number in expected.items():
        assert read(store, indicator) == (pytest.approx(number), State.PRINTED), indicator


def test_other_handling_is_one_row_of_the_old_form_and_three_of_the_new(tmp_path: Path) -> None:
    old = document(JINGZHOU, 2020, sound(9, 4, closed=5), form="2019")
    new = document(JINGZHOU, 2021, sound(9, 2, closed_uncorrected=4, closed_other=3))
    store = store_of(tmp_path, old, new)
    assert read(store, "closed", "431229-2020-jurisdiction") == (5, State.PRINTED)
    assert read(store, "closed", "431229-2021-jurisdiction") == (7, State.PRINTED)
    assert read(store, "req_closed_other_total", "431229-2020-jurisdiction") == (None, State.OTHER_FORM)
    assert read(store, "dis_fees_amount", "431229-2020-jurisdiction") == (None, State.OTHER_FORM)
    assert read(store, "dis_fees_items_before", "431229-2021-jurisdiction") == (None, State.OTHER_FORM)


def test_a_blank_is_no_zero_unless_an_identity_proves_it(tmp_path: Path) -> None:
    proved = document(JINGZHOU, 2024, sound(4, 1), blanks=BLANK_REFUSALS)
    left_open = document(JINGZHOU, 2023, sound(4, 1), blanks=["disclosure.rules.issued"])
    store = store_of(tmp_path, proved, left_open)
    assert read(store, "req_refused_secret_total") == (0, State.ZERO)
    assert read(store, "refused") == (0, State.PRINTED)
    assert read(store, "dis_rules_issued", "431229-2023-jurisdiction") == (None, State.BLANK)


def test_what_cannot_be_read_makes_no_sum_and_no_rate(tmp_path: Path) -> None:
    store = store_of(tmp_path, document(JINGZHOU, 2024, sound(4, 1), unread=["requests.refused_secret.total"]))
    assert read(store, "refused") == (None, State.UNREADABLE)
    assert read(store, "share_refused") == (None, State.UNREADABLE)
    assert read(store, "share_granted") == (25, State.PRINTED)


def test_nothing_is_divided_by_zero(tmp_path: Path) -> None:
    store = store_of(tmp_path, document(JINGZHOU, 2024, {}))
    assert read(store, "share_granted") == (None, State.NO_DENOMINATOR)


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    report = document(JINGZHOU, 2024, sound(4, 1))
    without = report.report.tables[:2]
    store = store_of(tmp_path, document(JINGZHOU, 2024, sound(4, 1), tables=without))
    assert read(store, "app_direct_suit_total") == (None, State.NO_TABLE)
    assert read(store, "appeals_per_100") == (None, State.NO_TABLE)


def test_medians_are_of_the_same_level_and_year_in_prefecture_province_and_country(tmp_path: Path) -> None:
    county = {JINGZHOU: 10, TONGDAO: 20, HONGJIANG: 60, YOUXIAN: 200}
    documents = [document(division, 2024, sound(new, 1)) for division, new in county.items()]
    from parsers.report import Division

    huaihua = Division("431200", "怀化市")
    elsewhere = Division("440823", "遂溪县")
    documents += [document(huaihua, 2024, sound(9999, 1)), document(elsewhere, 2024, sound(7, 1))]
    documents += [document(JINGZHOU, 2023, sound(5, 1))]
    office = document(TONGDAO, 2023, sound(500, 1), scope="office", publisher="通道侗族自治县人民政府办公室")
    dataset = open_dataset(store_of(tmp_path, *documents, office))
    atlas = read_atlas(dataset)
    compared = Groups(atlas, read_values(dataset)).of(atlas.divisions["431229"])
    column = [each.id for each in indicators()].index("req_new_total")
    year = atlas.years.index(2024)
    found = [
        (group.middle[year, column], group.count[year, column])
        for group in (compared.prefecture, compared.province, compared.country)
    ]  # type: ignore[union-attr]
    assert found == [
        (statistics.median([10, 20, 60]), 3),
        (statistics.median([10, 20, 60, 200]), 4),
        (statistics.median([10, 20, 60, 200, 7]), 5),
    ]
    assert compared.province is not None
    assert compared.province.count[atlas.years.index(2023), column] == 1  # an office is no jurisdiction


def test_every_indicator_takes_cells_that_a_form_has() -> None:
    cells = {
        f"{code}.{row}.{column}"
        for form in forms().values()
        for code, table in form.tables.items()
        for row, column in table.cells()
    }
    from nianbao.site.values import cells_of

    assert all(set(cells_of(each)) <= cells and set(cells_of(each)) for each in indicators())
    assert len({each.id for each in indicators()}) == len(indicators())
    assert all(each.label.zh and each.label.en for each in indicators())
    assert all(each.formula.zh and each.formula.en for each in indicators() if each.kind == "rate")


def test_what_cannot_be_compared_is_no_indicator() -> None:
    ids = {each.id for each in indicators()}
    assert "dis_procurement_amount" not in ids  # printed in yuan or ten thousand yuan
    assert by_id("dis_fees_amount").forms == "2021"
    assert by_id("dis_fees_items_before").forms == "2019"
    assert by_id("dis_fees_amount").unit.zh == "万元"
