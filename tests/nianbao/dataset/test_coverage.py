import pandas as pd

from nianbao.dataset.documents import Visit
from nianbao.dataset.reader import open_dataset
from nianbao.dataset.write import update
from parsers.report import Division
from tests.nianbao.dataset.made import made_document, made_report

SHUYANG = Division("321322", "沭阳县")


def _coverage(store, *documents, visits=()):
    update(store, documents, parser_version="1", visits=visits)
    return open_dataset(store).arrow("coverage").to_pandas().set_index(["code", "report_year"])


def _steps(row):
    return [
        None if pd.isna(row[step]) else bool(row[step])
        for step in ("published", "found", "fetched", "parsed", "verified")
    ]


def test_how_far_each_report_got(tmp_path):
    coverage = _coverage(
        tmp_path,
        made_document(made_report(year=2022), url="http://www.jzx.gov.cn/2022.html"),
        made_document(made_report(year=2023, values={"requests.new.person": 1}), url="http://www.jzx.gov.cn/2023.html"),
        made_document(made_report(year=2024, tables=()), url="http://www.jzx.gov.cn/2024.html"),
        made_document(made_report(year=2025), url="http://www.example.cn/2025.html"),
    )
    found = {year: (_steps(row), row["reason"]) for (_, year), row in coverage.iterrows()}
    assert pd.isna(coverage.loc[("431229", 2022), "reason"])
    assert {year: steps for year, (steps, _) in found.items()} == {
        2022: [True, True, True, True, True],
        2023: [True, True, True, True, False],
        2024: [True, True, True, False, False],
        2025: [True, False, False, False, False],
    }
    assert [found[year][1] for year in (2023, 2024, 2025)] == [
        "an identity fails as printed",
        "no statutory table in the document",
        "only a copy on another host",
    ]
    assert coverage.loc[("431229", 2022), "report_id"] == "431229-2022-jurisdiction"
    assert coverage["prefecture"].unique().tolist() == ["怀化市"]


def test_the_publisher_s_own_counts_before_any_copy(tmp_path):
    own = made_document(made_report(year=2024), url="http://www.jzx.gov.cn/a.html")
    copy = made_document(made_report(year=2024), url="http://a.example.cn/a.html")
    coverage = _coverage(tmp_path, copy, own)
    assert coverage["report_id"].to_list() == ["431229-2024-jurisdiction"]
    assert _steps(coverage.iloc[0]) == [True] * 5


def test_why_a_report_is_missing(tmp_path):
    visits = [
        Visit("431229", "靖州县"),
        Visit("431229", "靖州县", 2023, "failed: 404"),
        Visit("321322", "沭阳县", reason="blocked: script challenge"),
        Visit("330502", "吴兴区", 2022),
    ]
    coverage = _coverage(tmp_path, made_document(made_report(year=2024)), visits=visits)
    reasons = coverage["reason"].to_dict()
    assert reasons[("431229", 2022)] == "not found on its site"
    assert reasons[("431229", 2023)] == "failed: 404"
    assert pd.isna(reasons[("431229", 2024)])
    assert {reasons[("321322", year)] for year in (2022, 2023, 2024)} == {"blocked: script challenge"}
    assert reasons[("330502", 2022)] == "listed, not fetched yet"
    assert reasons[("330502", 2023)] == "not looked for yet"
    assert _steps(coverage.loc[("431229", 2023)]) == [True, True, False, False, False]
    assert _steps(coverage.loc[("321322", 2023)]) == [None, False, False, False, False]
    assert coverage.loc[("431229", 2022), "name"] == "靖州苗族侗族自治县"


def test_only_the_division_s_own_report_counts(tmp_path):
    office = made_report(scope="office", publisher="靖州县人民政府办公室", year=2024)
    coverage = _coverage(tmp_path, made_document(office), made_document(made_report(year=2023), url="http://a.gov.cn/"))
    assert coverage.index.to_list() == [("431229", 2023)]


def test_what_was_learned_stays_until_the_next_visit(tmp_path):
    _coverage(tmp_path, made_document(made_report()), visits=[Visit("321322", "沭阳县", 2024, "failed: timeout")])
    kept = _coverage(tmp_path)
    assert kept.loc[("321322", 2024), "reason"] == "failed: timeout"
    visited = _coverage(tmp_path, visits=[Visit("321322", "沭阳县")])
    assert visited.loc[("321322", 2024), "reason"] == "not found on its site"
    there = _coverage(tmp_path, made_document(made_report(division=SHUYANG), url="http://www.shuyang.gov.cn/a.html"))
    assert _steps(there.loc[("321322", 2024)]) == [True] * 5


def test_an_update_without_news_keeps_the_generation(tmp_path):
    visits = [Visit("321322", "沭阳县", 2024, "failed: timeout")]
    first = update(tmp_path, [made_document()], parser_version="1", visits=visits)
    again = update(tmp_path, [made_document()], parser_version="1", visits=visits)
    assert again.folder == first.folder
