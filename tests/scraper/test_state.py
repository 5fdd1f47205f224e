import sqlite3
from pathlib import Path

import pytest

from parsers.errors import StoreError
from scraper.schema import VERSION
from scraper.state import State


def test_newer_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    State(tmp_path, create=True).close()
    with sqlite3.connect(tmp_path / "state.sqlite") as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(StoreError, match=rf"of version {VERSION + 1}, this program knows {VERSION}; install"):
        State(tmp_path, create=True)


def test_store_that_was_never_harvested_into(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="harvest into this store first"):
        State(tmp_path)


@pytest.mark.parametrize("body", [b"this is no database " * 50, b"SQLite format 3\0" + b"\xff" * 4000])
def test_damaged_state_is_one_clear_line(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "state.sqlite").write_bytes(body)
    with pytest.raises(StoreError) as error:
        State(tmp_path, create=True)
    assert "state.sqlite" in str(error.value)
    assert "restore it from a copy" in str(error.value)
    assert "\n" not in str(error.value)


def test_half_written_transaction_leaves_nothing(tmp_path: Path) -> None:
    state = State(tmp_path, create=True)

    def half() -> None:
        with state.transaction():
            state.write("INSERT INTO archives VALUES ('a', 1)")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert state.lengths() == {}
    with state.transaction():
        state.write("INSERT INTO archives VALUES ('a', 1)")
    assert state.lengths() == {"a": 1}
    state.close()


def test_state_is_kept_in_wal_mode(tmp_path: Path) -> None:
    state = State(tmp_path, create=True)
    assert [tuple(row) for row in state.select("PRAGMA journal_mode")] == [("wal",)]
    state.close()
