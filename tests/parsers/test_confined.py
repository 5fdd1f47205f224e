"""A reader in its own process: what it returns comes back whole, and whatever it does wrong ends in one line."""

import json
import os
import time

import pytest

from parsers.confined import Limits, run
from parsers.errors import DocumentError
from parsers.page import Grid, Line, Page, Piece
from parsers.page_json import page_from_json, page_to_json

HERE = "tests.parsers.test_confined"


def whole_page(body: bytes, *arguments: str) -> list[Page]:
    page = Page(blocks=[Line(body.decode() + "，".join(arguments), (1,), 2)], titles=["题"], pictures=3, scans=[2])
    page.blocks.append(Grid([[Piece("一", (1, 1, 1), columns=2, rows=3), Piece("", (1, 1, 2))]], 1))
    page.boxes = {"line:1": "page:1/box:1,2,3,4"}
    page.sources = [(1, "a.png")]
    return [page]


def refuses(body: bytes) -> list[Page]:
    raise DocumentError(f"refused {len(body)} bytes")


def breaks(_body: bytes) -> list[Page]:
    raise RuntimeError("two\nlines")


def dies(_body: bytes) -> list[Page]:
    os.abort()


def sleeps(_body: bytes) -> list[Page]:
    time.sleep(60)
    return []


def hoards(_body: bytes) -> list[Page]:
    held = bytearray(2_000_000_000)
    return [Page(blocks=[Line(str(len(held)), (1,))])]


def connects(_body: bytes) -> list[Page]:
    import socket

    socket.create_connection(("127.0.0.1", 9), timeout=1)
    return []


def starts(_body: bytes) -> list[Page]:
    import subprocess

    subprocess.run(["true"], check=True)
    return []


def prints(_body: bytes) -> list[Page]:
    print("not an answer")  # noqa: T201
    os.write(1, b"nor this")
    return [Page(blocks=[])]


def tells(_body: bytes) -> list[Page]:
    from pathlib import Path

    told = {"cwd": str(Path.cwd()), "names": sorted(os.environ)}
    return [Page(blocks=[Line(json.dumps(told), (1,))])]


def called(name: str, *, limits: Limits = Limits(), **more: object) -> list[Page]:  # noqa: B008
    return run(f"{HERE}:{name}", "正文".encode(), limits, name="a test", **more)  # type: ignore[arg-type]


def refusal(name: str, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(DocumentError) as caught:
        called(name, limits=limits)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_page_comes_back_as_it_was() -> None:
    (page,) = called("whole_page", arguments=["甲", "乙"])
    assert page == whole_page("正文".encode(), "甲", "乙")[0]
    assert page_from_json(json.loads(json.dumps(page_to_json(page)))) == page


def test_what_a_reader_refuses_is_refused() -> None:
    assert refusal("refuses") == "refused 6 bytes"


def test_an_unexpected_error_is_one_line() -> None:
    assert refusal("breaks") == "the document is damaged (RuntimeError: two lines)"


def test_a_reader_that_dies_is_a_refusal() -> None:
    assert "broke down" in refusal("dies")


def test_a_reader_that_takes_too_long_is_killed() -> None:
    start = time.monotonic()
    assert "took more than 1 seconds" in refusal("sleeps", Limits(seconds=1))
    assert time.monotonic() - start < 15


def test_a_reader_that_wants_too_much_memory_is_refused() -> None:
    assert "needs more than 300 MB" in refusal("hoards", Limits(megabytes=300))


def test_no_socket_is_opened() -> None:
    assert "PermissionError: socket." in refusal("connects")


def test_no_program_is_started_unless_the_reader_may() -> None:
    assert "subprocess.Popen is refused" in refusal("starts")
    assert called("starts", limits=Limits(programs=True)) == []


def test_what_a_library_prints_is_no_answer() -> None:
    assert called("prints") == [Page(blocks=[])]


def test_the_process_stands_in_a_folder_of_its_own_without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    (page,) = called("tells")
    told = json.loads(page.lines()[0].text)
    assert "nianbao-" in told["cwd"]
    assert not os.path.exists(told["cwd"])  # noqa: PTH110
    assert not {"HTTPS_PROXY", "AWS_SECRET_ACCESS_KEY"} & set(told["names"])
