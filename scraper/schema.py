"""The tables of the state: one SQLite file in WAL mode, opened here and nowhere else."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parsers.errors import StoreError

FILE_NAME = "state.sqlite"
VERSION = 2
ADVICE = (
    ("malformed", "restore it from a copy"),
    ("not a database", "restore it from a copy"),
    ("full", "make room on the disk"),
    ("I/O", "make room on the disk"),
    ("readonly", "make it writable"),
    ("unable to open", "make its folder writable"),
    ("locked", "another program holds it"),
)

TABLES = """
CREATE TABLE runs (                       -- one row a run
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,            -- its folder under runs/
    started_at TEXT NOT NULL,             -- ISO 8601, UTC, as every time here
    finished_at TEXT,
    status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'interrupted', 'abandoned'))
);
CREATE TABLE sites (                      -- one row a site, as of its last run
    code TEXT NOT NULL,
    site_url TEXT NOT NULL,
    name TEXT NOT NULL,
    column_url TEXT NOT NULL,             -- as given
    column_found TEXT,                    -- as found, to be tried first
    run INTEGER REFERENCES runs(id),
    outcome TEXT,
    detail TEXT,
    streak INTEGER NOT NULL DEFAULT 0,    -- runs in a row with this outcome
    last_success TEXT,
    result TEXT,                          -- what summary.json says of it
    visited_at TEXT,                      -- when its last visit came to an end
    failing INTEGER NOT NULL DEFAULT 0,   -- visits in a row without a success
    failing_since TEXT,                   -- when the first of them ended
    unfinished_since INTEGER,             -- the run whose time ended in the middle of its visit
    PRIMARY KEY (code, site_url)
);
CREATE TABLE archives (                   -- up to where each archive file counts
    file TEXT PRIMARY KEY,
    length INTEGER NOT NULL
);
CREATE TABLE records (                    -- one row an archived response
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,                    -- of the page it belongs to
    file TEXT NOT NULL REFERENCES archives(file),
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    url TEXT NOT NULL,                    -- after redirects
    kind TEXT NOT NULL,
    content_type TEXT,
    sha256 TEXT NOT NULL,                 -- of the decompressed body
    fetched_at TEXT NOT NULL,
    run INTEGER NOT NULL REFERENCES runs(id)
);
CREATE INDEX records_by_key ON records(key);
CREATE TABLE pages (                      -- one row a request ever made
    key TEXT PRIMARY KEY,                 -- the URL; for a POST its fields too
    kind TEXT NOT NULL,
    code TEXT NOT NULL,                   -- the site that asked last
    site_url TEXT NOT NULL,
    run INTEGER NOT NULL,                 -- of the last request
    outcome TEXT NOT NULL,                -- of the last request
    detail TEXT NOT NULL,
    status INTEGER,
    seen_at TEXT NOT NULL,                -- of the last request
    etag TEXT,                            -- this and what follows: of the last good answer
    last_modified TEXT,
    sha256 TEXT,
    fetched_at TEXT,
    final_url TEXT,
    headers TEXT,
    record INTEGER REFERENCES records(id)
);
CREATE TABLE bodies (                     -- last good body of a page that leads to reports, and of robots.txt
    key TEXT PRIMARY KEY REFERENCES pages(key),
    body BLOB NOT NULL                    -- zlib
);
CREATE TABLE links (                      -- every link that led to an archived page, one a site
    key TEXT NOT NULL,
    code TEXT NOT NULL,
    site_url TEXT NOT NULL,
    kind TEXT NOT NULL,
    found_on TEXT,
    text TEXT,
    PRIMARY KEY (key, code, site_url)
);
"""

FROM_VERSION_1 = """
ALTER TABLE sites ADD COLUMN visited_at TEXT;
ALTER TABLE sites ADD COLUMN failing INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN failing_since TEXT;
ALTER TABLE sites ADD COLUMN unfinished_since INTEGER;
UPDATE sites SET visited_at = (SELECT started_at FROM runs WHERE runs.id = sites.run);
UPDATE sites SET failing = streak, failing_since = visited_at
    WHERE outcome NOT IN ('ok', 'unchanged', 'pending');
"""
"""Brings the tables of version 1 to those of version 2."""


def connect(store: Path, *, create: bool) -> sqlite3.Connection:
    """Open the state of a store, made anew where there is none and `create` says so.

    Raises StoreError where it is missing, damaged, of a newer version, or cannot be written.
    """
    path = store / FILE_NAME
    if not create and not path.is_file():
        raise StoreError(f"{path}: no such file; harvest into this store first")
    with naming(path):
        connection = sqlite3.connect(path, timeout=30.0, isolation_level=None, check_same_thread=False)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            _bring_to_version(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """All or nothing; raises StoreError."""
    with naming(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if connection.in_transaction:  # SQLite itself rolls back when the disk is full
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Turn an error of SQLite into one that names the file and what to do."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # a bug, not the disk's doing
    except sqlite3.DatabaseError as error:
        text = str(error)
        advice = next((advice for sign, advice in ADVICE if sign in text), "check the disk")
        raise StoreError(f"{path}: {text}; {advice}") from error


def _bring_to_version(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise StoreError(f"{path}: of version {version}, this program knows {VERSION}; install a newer nianbao")
    if version < VERSION:
        steps = TABLES if version == 0 else FROM_VERSION_1
        connection.executescript(f"BEGIN IMMEDIATE; {steps} PRAGMA user_version = {VERSION}; COMMIT;")
