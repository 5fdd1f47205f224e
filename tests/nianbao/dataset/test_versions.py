import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.dataset.reader import open_dataset
from nianbao.dataset.rows import report_row
from nianbao.dataset.versions import Entry, Settled, settle
from nianbao.dataset.write import update
from tests.nianbao.dataset.made import URL, made_document, made_report

ID = "431229-2024-jurisdiction"


def _at(day, *, person=0, url=URL, **changes):
    """A report with that many new requests of persons and as many granted: every identity holds."""
    names = ("new", "granted", "handled")
    values = {f"requests.{row}.{column}": person for row in names for column in ("person", "total")}
    fetched = {name: changes.pop(name) for name in ("content_type", "site_code") if name in changes}
    return made_document(
        made_report(values=values, **changes), url=url, fetched_at=f"2025-03-{day:02}T00:00:00Z", **fetched
    )


def _write(store, *documents, parser_version="1"):
    return update(store, documents, parser_version=parser_version)


def _people(dataset, name="cells"):
    cells = dataset.arrow(name).to_pandas()
    return list(cells[(cells["row"] == "new") & (cells["column"] == "person")]["value"])


def test_a_change_makes_a_version_and_its_revisions(tmp_path):
    _write(tmp_path, _at(1, person=17))
    done = _write(tmp_path, _at(9, person=18))
    assert (done.new, done.changed, done.unchanged) == (0, 1, 0)
    dataset = open_dataset(tmp_path)
    report, past = dataset.reports().iloc[0], dataset.arrow("history/reports").to_pandas().iloc[0]
    assert (report["version"], report["fetched_at"]) == (2, "2025-03-09T00:00:00Z")
    assert (past["version"], past["fetched_at"], past["superseded_at"], past["reason"]) == (
        1,
        "2025-03-01T00:00:00Z",
        "2025-03-09T00:00:00Z",
        "revised",
    )
    assert _people(dataset) == [18]
    assert _people(dataset, "history/cells") == [17]
    assert len(dataset.arrow("history/checks")) == 42
    assert len(dataset.arrow("history/sections")) == 6
    revisions = dataset.arrow("revisions").to_pandas()
    changed = {(row, column) for row in ("new", "granted", "handled") for column in ("person", "total")}
    assert set(zip(revisions["row"], revisions["column"], strict=True)) == changed
    first = revisions[(revisions["row"] == "new") & (revisions["column"] == "person")].iloc[0]
    assert (first["report_id"], first["report_year"], first["version"]) == (ID, 2024, 2)
    assert (first["old_value"], first["old_status"], first["old_raw"]) == (17, "printed", "17")
    assert (first["new_value"], first["new_status"], first["new_raw"]) == (18, "printed", "18")
    assert (first["old_first_seen"], first["new_first_seen"]) == ("2025-03-01T00:00:00Z", "2025-03-09T00:00:00Z")


@pytest.mark.parametrize(
    "change",
    [
        {"title": "靖州县2024年政府信息公开工作年度报告（更正）"},
        {"sections": made_report().sections[:5]},
        {"sections": (replace(made_report().sections[0], text="改过的正文。"), *made_report().sections[1:])},
        {"blanks": ["requests.new.research"]},
        {"tables": made_report().tables[:2]},
    ],
)
def test_what_makes_a_version(tmp_path, change):
    _write(tmp_path, _at(1))
    _write(tmp_path, _at(2, **change))
    assert open_dataset(tmp_path).reports()["version"].tolist() == [2]
    assert len(open_dataset(tmp_path).arrow("history/reports")) == 1


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"published_at": "2025-02-19"}, {"warnings": ("x",)}])
def test_what_makes_none(tmp_path, change):
    _write(tmp_path, _at(1))
    done = _write(tmp_path, _at(2, **{"sha256": "1" * 64, **change}))
    assert (done.changed, done.unchanged, done.written) == (0, 1, ())
    assert open_dataset(tmp_path).reports()["fetched_at"].tolist() == ["2025-03-01T00:00:00Z"]


def test_a_change_of_status_alone(tmp_path):
    _write(tmp_path, _at(1, blanks=["requests.new.research"]))
    _write(tmp_path, _at(2, unread=["requests.new.research"]))
    revision = open_dataset(tmp_path).arrow("revisions").to_pylist()
    assert [(row["old_status"], row["new_status"], row["new_value"]) for row in revision] == [
        ("blank", "unreadable", None)
    ]


def test_a_table_that_changes_its_form(tmp_path):
    _write(tmp_path, _at(1))
    _write(tmp_path, _at(2, forms_by_table={"appeals": "2019"}))
    revisions = open_dataset(tmp_path).arrow("revisions").to_pandas()
    assert len(revisions) == 30
    assert set(revisions["form"]) == {"2019", "2021"}
    assert revisions[revisions["form"] == "2021"]["new_status"].isna().all()
    assert revisions[revisions["form"] == "2019"]["old_status"].isna().all()


def test_there_and_back_again(tmp_path):
    for day, person in ((1, 17), (2, 18), (3, 17)):
        _write(tmp_path, _at(day, person=person))
    dataset = open_dataset(tmp_path)
    assert _people(dataset) == [17]
    assert _people(dataset, "history/cells") == [17, 18]
    assert dataset.reports()["version"].tolist() == [3]
    again = _write(tmp_path, _at(1, person=17), _at(2, person=18), _at(3, person=17))
    assert again.written == ()


def test_a_new_parser_is_no_revision(tmp_path):
    _write(tmp_path, _at(1, person=17))
    done = _write(
        tmp_path,
        replace(_at(1, person=18), report=_with_hash_of(_at(1, person=18), _at(1, person=17))),
        parser_version="2",
    )
    assert done.changed == 1
    dataset = open_dataset(tmp_path)
    assert _people(dataset) == [18]
    assert dataset.reports()[["version", "parser_version"]].values.tolist() == [[1, "2"]]
    assert len(dataset.arrow("history/reports")) == len(dataset.arrow("revisions")) == 0


def _with_hash_of(document, other):
    return replace(document.report, sha256=other.report.sha256)


def test_a_new_parser_on_a_page_that_changed_too(tmp_path):
    _write(tmp_path, _at(1, person=17))
    _write(tmp_path, _at(2, person=18), parser_version="2")
    dataset = open_dataset(tmp_path)
    assert _people(dataset, "history/cells") == [17]
    assert dataset.arrow("history/reports").column("reason").to_pylist() == ["parsed_again"]
    assert len(dataset.arrow("revisions")) == 0
    _write(tmp_path, _at(1, person=17), _at(2, person=18), parser_version="2")
    dataset = open_dataset(tmp_path)
    assert dataset.arrow("history/reports").column("reason").to_pylist() == ["revised"]
    assert len(dataset.arrow("revisions")) == 6


def test_a_revision_stays_one_when_only_the_newest_is_parsed_again(tmp_path):
    _write(tmp_path, _at(1, person=17))
    _write(tmp_path, _at(2, person=18))
    _write(tmp_path, _at(2, person=18), parser_version="2")
    dataset = open_dataset(tmp_path)
    assert dataset.reports()["parser_version"].tolist() == ["2"]
    assert dataset.arrow("history/reports").column("reason").to_pylist() == ["revised"]
    assert len(dataset.arrow("revisions")) == 6


def _moved(document, where):
    """The document with the first cell of its first table elsewhere in the page."""
    first, *tables = document.report.tables
    table = replace(first, cells=(first.cells[0]._replace(where=where), *first.cells[1:]))
    return replace(document, report=replace(document.report, tables=(table, *tables)))


def _first_place(dataset):
    return dataset.cells()["where"].iloc[0]


def test_places_lead_into_the_very_document_of_the_version(tmp_path):
    _write(tmp_path, _moved(_at(1, person=17, sha256="a" * 64), "line:10"))
    _write(tmp_path, _moved(_at(2, person=18, sha256="b" * 64), "line:20"))
    _write(tmp_path, _moved(_at(3, person=17, sha256="c" * 64), "line:30"))
    dataset = open_dataset(tmp_path)
    assert (dataset.reports()["sha256"].iloc[0][0], _first_place(dataset)) == ("c", "line:30")
    assert dataset.arrow("history/cells").column("where").to_pylist()[::200] == ["line:10", "line:20"]
    _write(tmp_path, _moved(_at(4, person=17, sha256="d" * 64), "line:40"))
    dataset = open_dataset(tmp_path)
    assert (dataset.reports()["sha256"].iloc[0][0], _first_place(dataset)) == ("c", "line:30")


def test_a_new_parser_may_find_better_places(tmp_path):
    _write(tmp_path, _moved(_at(1, sha256="a" * 64), "line:10"))
    _write(tmp_path, _moved(_at(1, sha256="a" * 64), "table:1/row:2/cell:3"), parser_version="2")
    assert _first_place(open_dataset(tmp_path)) == "table:1/row:2/cell:3"


def test_the_archive_parsed_again_with_the_same_result(tmp_path):
    documents = [_at(1, person=17), _at(2, person=18), _at(3, person=18, sha256="2" * 64)]
    _write(tmp_path, *documents)
    done = _write(tmp_path, *documents, parser_version="2")
    dataset = open_dataset(tmp_path)
    assert _people(dataset) == [18]
    assert dataset.reports()["parser_version"].tolist() == ["2"]
    assert {name.split("/")[0] for name in done.written} == {"reports", "history"}
    assert len(dataset.arrow("revisions")) == 6


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_official_page_speaks_for_the_report(tmp_path, order):
    page = _at(1, person=17, url="http://www.jzx.gov.cn/b.html")
    other_page = _at(2, person=17, url="http://www.jzx.gov.cn/c.html")
    attachment = _at(3, person=18, url="http://www.jzx.gov.cn/a.pdf")
    documents = [page, other_page, attachment]
    _write(tmp_path, *[documents[position] for position in order])
    dataset = open_dataset(tmp_path)
    assert dataset.reports()["url"].tolist() == ["http://www.jzx.gov.cn/b.html"]
    assert _people(dataset) == [17]
    others = dataset.arrow("documents").to_pylist()
    assert [(row["url"], row["media"], row["same_content"]) for row in others] == [
        ("http://www.jzx.gov.cn/a.pdf", "attachment", False),
        ("http://www.jzx.gov.cn/c.html", "page", True),
    ]
    assert [row["sha256"] for row in others] == [attachment.report.sha256, other_page.report.sha256]
    assert _write(tmp_path, *documents).written == ()


def test_a_page_without_tables_does_not_displace_the_file_that_has_them(tmp_path):
    page = _at(1, url="http://www.jzx.gov.cn/b.html", tables=())
    attachment = _at(1, person=18, url="http://www.jzx.gov.cn/b.pdf")
    _write(tmp_path, page)
    _write(tmp_path, attachment, page)
    dataset = open_dataset(tmp_path)
    assert dataset.reports()["url"].tolist() == ["http://www.jzx.gov.cn/b.pdf"]
    assert dataset.arrow("documents").column("url").to_pylist() == ["http://www.jzx.gov.cn/b.html"]
    assert _people(dataset) == [18]


def test_a_better_document_found_later_keeps_what_was_there(tmp_path):
    _write(tmp_path, _at(1, person=18, url="http://www.jzx.gov.cn/a.pdf"))
    done = _write(tmp_path, _at(2, person=17, url="http://www.jzx.gov.cn/b.html"))
    assert done.changed == 1
    dataset = open_dataset(tmp_path)
    assert dataset.reports()["url"].tolist() == ["http://www.jzx.gov.cn/b.html"]
    assert dataset.arrow("documents").column("url").to_pylist() == ["http://www.jzx.gov.cn/a.pdf"]
    assert dataset.arrow("history/reports").column("reason").to_pylist() == ["better_document"]
    assert _people(dataset, "history/cells") == [18]
    assert len(dataset.arrow("revisions")) == 0
    assert _write(tmp_path, _at(1, person=18, url="http://www.jzx.gov.cn/a.pdf")).written == ()
    _write(tmp_path, _at(3, person=19, url="http://www.jzx.gov.cn/b.html"))
    dataset = open_dataset(tmp_path)
    past = dataset.arrow("history/reports").to_pylist()
    assert [(row["reason"], row["requests_form"]) for row in past] == [("better_document", "2021"), ("revised", "2021")]
    assert _people(dataset, "history/cells") == [18, 17]


def test_revisions_compare_versions_of_one_document(tmp_path):
    _write(tmp_path, _at(2, person=18, url="http://www.jzx.gov.cn/a.pdf"))
    _write(tmp_path, _at(1, person=17, url="http://www.jzx.gov.cn/b.html"))
    _write(tmp_path, _at(3, person=19, url="http://www.jzx.gov.cn/b.html"))
    dataset = open_dataset(tmp_path)
    assert dataset.arrow("history/reports").column("reason").to_pylist() == ["revised", "better_document"]
    revisions = dataset.arrow("revisions").to_pylist()
    assert {(row["old_value"], row["new_value"]) for row in revisions} == {(17, 19)}


def test_a_copy_elsewhere_never_replaces_the_publisher_s_own(tmp_path):
    own, copy = _at(9, person=17), _at(1, person=99, url="http://a.example.cn/a.html")
    for documents in ([copy], [own], [copy, own]):
        _write(tmp_path, *documents)
    reports = open_dataset(tmp_path).reports()
    assert reports[["report_id", "host_is_official"]].values.tolist() == [[ID, True], [f"{ID}@a.example.cn", False]]
    cells = open_dataset(tmp_path).cells()
    people = cells[(cells["row"] == "new") & (cells["column"] == "person")].set_index("report_id")["value"]
    assert people.to_dict() == {ID: 17, f"{ID}@a.example.cn": 99}


def test_bytes_that_turn_out_to_be_another_report(tmp_path):
    unknown = _at(1, person=17, division=None, sha256="a" * 64)
    other = _at(1, person=5, url="http://www.other.gov.cn/", division=None)
    _write(tmp_path, unknown, other)
    assert all(identifier.startswith("x-") for identifier in open_dataset(tmp_path).reports()["report_id"])
    known = _at(1, person=17, sha256="a" * 64)
    done = _write(tmp_path, known, parser_version="2")
    assert (done.new, done.retired) == (1, 1)
    dataset = open_dataset(tmp_path)
    assert sorted(dataset.reports()["report_id"].str[:6]) == ["431229", dataset.reports()["report_id"].iloc[1][:6]]
    assert len(dataset.cells()) == len(dataset.panel()) * 200 == 400
    assert _write(tmp_path, known, parser_version="2").written == ()


def test_a_report_whose_year_becomes_known_moves(tmp_path):
    unknown = _at(1, report_year=None, division=None, sha256="a" * 64)
    _write(tmp_path, unknown)
    _write(tmp_path, _at(1, division=None, sha256="a" * 64), parser_version="2")
    dataset = open_dataset(tmp_path)
    assert dataset.reports()["report_year"].tolist() == [2024]
    assert len(dataset.cells()) == 200
    assert [path.name for path in dataset.path("cells").iterdir()] == ["report_year=2024"]


def test_a_page_that_now_shows_the_next_year(tmp_path):
    _write(tmp_path, _at(1, year=2023, url=URL))
    _write(tmp_path, _at(9, year=2024, url=URL))
    assert open_dataset(tmp_path).reports()["report_year"].tolist() == [2023, 2024]


def _entries(fetches):
    """Documents as entries: (address, day, content, hash); their cells are not needed here."""
    any_row = report_row("x", _at(1), "1")
    for key, (address, day, content, counter) in enumerate(fetches):
        row = any_row | {"url": f"http://a.gov.cn/{address}", "fetched_at": f"2025-03-{day:02}T00:00:00Z"}
        yield Entry({**row, "content": str(content), "sha256": f"{content}-{counter}"}, key)


def _stored_again(settled):
    current = settled.current and replace(settled.current, is_version=True)
    return Settled(current, tuple(replace(entry, is_version=True) for entry in settled.history), settled.documents)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.just("a"), st.integers(1, 9), st.integers(0, 2), st.integers(0, 1)), min_size=1),
    st.randoms(use_true_random=False),
)
def test_versions_do_not_depend_on_the_order_of_documents(fetches, dice):
    fetches = list({fetch[1]: fetch for fetch in fetches}.values())  # one fetch a day
    entries = list(_entries(fetches))
    at_once = settle(Settled(), entries)
    days = [entry.row["fetched_at"] for entry in at_once.versions()]
    assert days == sorted(set(days))
    contents = [entry.row["content"] for entry in at_once.versions()]
    assert contents == [
        content for content, _ in itertools.groupby(str(f[2]) for f in sorted(fetches, key=lambda f: f[1]))
    ]
    one_by_one = Settled()
    dice.shuffle(entries)
    for entry in entries:
        one_by_one = _stored_again(settle(one_by_one, [entry]))
    one_by_one = _stored_again(settle(one_by_one, entries))
    assert one_by_one.rows() == at_once.rows()


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(*[st.sampled_from(values) for values in (["a", "b.pdf", "c"], range(1, 9), range(3), range(2))]),
        min_size=1,
    )
)
def test_merging_the_same_documents_again_changes_nothing(fetches):
    entries = list(_entries(fetches))
    once = _stored_again(settle(Settled(), entries))
    assert settle(once, entries).rows() == once.rows()
    assert once.current.url == min(entry.url for entry in entries)
    assert {entry.row["url"] for entry in once.documents} == {entry.url for entry in entries} - {once.current.url}
