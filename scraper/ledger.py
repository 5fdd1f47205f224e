"""How a visit and the result of a site are put into the state."""

import json
import zlib
from collections.abc import Iterable

from scraper.archive import Position
from scraper.messages import Response, Site
from scraper.outcomes import SUCCESSES, Outcome
from scraper.state import ARCHIVED_KINDS, State, Visit
from scraper.summary import SiteResult, result_to_json

BODY_LEVEL = 6
FAILED = frozenset(Outcome) - SUCCESSES - {Outcome.PENDING}


def save_visit(state: State, visit: Visit, position: Position | None) -> None:
    """Write a visit; `position` is where its response was archived, None where it was not."""
    site, key = visit.site, visit.key
    state.write(
        ASKED,
        key,
        visit.kind,
        site.code,
        site.site_url,
        visit.run,
        visit.outcome,
        visit.detail,
        visit.status,
        visit.seen_at,
    )
    if visit.response is not None:
        _save_answer(state, visit, visit.response, position)
    if visit.kind in ARCHIVED_KINDS and visit.outcome in SUCCESSES:
        save_link(state, visit)


def save_link(state: State, visit: Visit) -> None:
    """Write the link by which a site leads to an archived page."""
    site = visit.site
    state.write(LINKED, visit.key, site.code, site.site_url, visit.kind, visit.found_on, visit.text)


def _save_answer(state: State, visit: Visit, response: Response, position: Position | None) -> None:
    headers = json.dumps(dict(response.headers), ensure_ascii=False)
    etag, modified = response.headers.get("etag"), response.headers.get("last-modified")
    state.write(ANSWERED, etag, modified, response.url, headers, visit.key)
    if visit.outcome is Outcome.OK:
        state.write("UPDATE pages SET sha256 = ?, fetched_at = ? WHERE key = ?", visit.sha256, visit.seen_at, visit.key)
    if position is not None:
        record = state.write(
            RECORDED,
            *(visit.key, position.file, position.offset, position.length, response.url, visit.kind),
            *(response.content_type, visit.sha256, visit.seen_at, visit.run),
        )
        state.write("UPDATE pages SET record = ? WHERE key = ?", record, visit.key)
    if visit.kind not in ARCHIVED_KINDS:
        state.write("INSERT OR REPLACE INTO bodies VALUES (?, ?)", visit.key, zlib.compress(response.body, BODY_LEVEL))


def save_site(state: State, site: Site, run: int, at: str, result: SiteResult) -> None:
    """Write how a run ended for a site at a time; the streak counts runs in a row with one outcome."""
    state.write(
        ENDED,
        *(site.code, site.site_url, site.name, site.column_url, result.column),
        *(run, result.outcome, result.detail, at if result.outcome in SUCCESSES else None, result_to_json(result)),
        *(at, result.outcome in FAILED, at if result.outcome in FAILED else None),
    )


def seen_again(state: State, key: str, run: int) -> None:
    """Note that a run came by a page that the one before it had just fetched."""
    state.write("UPDATE pages SET run = ? WHERE key = ?", run, key)


def mark_unfinished(state: State, sites: Iterable[Site], run: int) -> None:
    """Note of sites that the end of a run cut off in mid-visit: a later run goes on with what this one has."""
    with state.transaction():
        for site in sites:
            state.write(CUT_OFF, site.code, site.site_url, site.name, site.column_url, run)


ASKED = """
INSERT INTO pages (key, kind, code, site_url, run, outcome, detail, status, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, code = excluded.code, site_url = excluded.site_url,
    run = excluded.run, outcome = excluded.outcome, detail = excluded.detail, status = excluded.status,
    seen_at = excluded.seen_at
"""
ANSWERED = "UPDATE pages SET etag = ?, last_modified = ?, final_url = ?, headers = ? WHERE key = ?"
RECORDED = """
INSERT INTO records (key, file, offset, length, url, kind, content_type, sha256, fetched_at, run)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
LINKED = """
INSERT INTO links (key, code, site_url, kind, found_on, text) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (key, code, site_url) DO UPDATE SET kind = excluded.kind, found_on = excluded.found_on, text = excluded.text
"""
ENDED = """
INSERT INTO sites (code, site_url, name, column_url, column_found, run, outcome, detail, streak, last_success, result,
    visited_at, failing, failing_since)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
ON CONFLICT (code, site_url) DO UPDATE SET name = excluded.name, column_url = excluded.column_url,
    column_found = coalesce(excluded.column_found, column_found), run = excluded.run,
    streak = CASE WHEN outcome = excluded.outcome THEN streak + (run <> excluded.run) ELSE 1 END,
    outcome = excluded.outcome, detail = excluded.detail,
    last_success = coalesce(excluded.last_success, last_success), result = excluded.result,
    visited_at = excluded.visited_at, unfinished_since = NULL,
    failing = CASE WHEN excluded.failing THEN failing + (failing = 0 OR run <> excluded.run) ELSE 0 END,
    failing_since = CASE WHEN excluded.failing THEN coalesce(failing_since, excluded.failing_since) END
"""
CUT_OFF = """
INSERT INTO sites (code, site_url, name, column_url, outcome, detail, unfinished_since)
VALUES (?, ?, ?, ?, 'pending', 'the time of the run ended in the middle of the first visit', ?)
ON CONFLICT (code, site_url) DO UPDATE SET unfinished_since = coalesce(unfinished_since, excluded.unfinished_since)
"""
