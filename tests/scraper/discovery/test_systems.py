"""Every content system: all reports found, all decoys left with their reason, wherever the walk starts."""

import pytest

from tests.scraper.discovery.simulated import explore
from tests.scraper.discovery.systems import SYSTEMS

HOST = "www.anping.gov.cn"


def check(made, walk):
    assert walk.urls("report") == made.reports
    assert {url: walk.skipped.get(url) for url in made.decoys} == made.decoys
    addresses = [(request.url, request.context.get("fragment")) for request in walk.asked]
    assert len(addresses) == len(set(addresses)), "an address is asked for twice"
    assert not set(walk.skipped) & {request.url for request in walk.asked}


@pytest.mark.parametrize("name", SYSTEMS)
def test_from_nothing_but_the_home_page(name):
    made = SYSTEMS[name](HOST)
    walk = explore(made)
    check(made, walk)
    assert walk.asked[0].kind == "home"
    assert walk.column == made.column_url
    assert f"{made.root}/zwgk2/" not in walk.urls("disclosure"), "the search goes on after the column is found"


@pytest.mark.parametrize("name", SYSTEMS)
def test_with_the_column_given_the_home_page_is_not_asked_for(name):
    made = SYSTEMS[name](HOST)
    walk = explore(made, column_url=made.column_url)
    check(made, walk)
    assert not walk.urls("home")
    assert walk.asked[0].kind == "column"
    assert walk.column == made.column_url


@pytest.mark.parametrize("name", SYSTEMS)
def test_with_the_column_remembered_the_second_walk_is_shorter(name):
    made = SYSTEMS[name](HOST)
    first = explore(made)
    second = explore(made, first.column)
    check(made, second)
    assert len(second.asked) < len(first.asked)
    assert second.column == first.column


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("old", ["/old/nb/", "/zwyw/"])
def test_after_the_column_moved_it_is_found_again(name, old):
    made = SYSTEMS[name](HOST)
    made.put(f"http://{HOST}/zwyw/", "<title>要闻</title><a href='/zwyw/1.html'>全县召开经济工作会议</a>")
    walk = explore(made, f"http://{HOST}{old}")
    check(made, walk)
    assert walk.column == made.column_url
    assert any("known column" in note and old in note for note in walk.notes)


@pytest.mark.parametrize("name", SYSTEMS)
def test_two_walks_over_the_same_pages_are_the_same(name):
    first, second = explore(SYSTEMS[name](HOST)), explore(SYSTEMS[name](HOST))
    assert first.asked == second.asked
    assert first.skipped == second.skipped
    assert first.notes == second.notes


@pytest.mark.parametrize("name", ["next_links", "numbered_query"])
def test_an_unknown_system_is_said_to_be_one(name):
    assert any("no content system recognised" in note for note in explore(SYSTEMS[name](HOST)).notes)


@pytest.mark.parametrize("name", sorted(set(SYSTEMS) - {"next_links", "numbered_query", "openness_years"}))
def test_a_known_system_leaves_nothing_to_remark(name):
    assert explore(SYSTEMS[name](HOST)).notes == []


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_list_page_that_cannot_be_had_costs_only_what_follows_it(name):
    made = SYSTEMS[name](HOST)
    pages = [request.url for request in explore(made).asked if request.kind == "list"]
    for lost in pages:
        walk = explore(made, fails=lambda request, lost=lost: request.url == lost)
        assert walk.urls("report") <= made.reports
        assert any(lost in note and "unread" in note for note in walk.notes)
        assert walk.urls("report") or name.startswith(("gkmlpt", "jpaas"))
