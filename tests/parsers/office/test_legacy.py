"""Older formats go through LibreOffice: what it needs, what it may not do, and that it ends."""

import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from parsers.errors import DocumentError
from parsers.office.legacy import read_legacy
from parsers.office.soffice import convert
from tests.parsers.office.made import p, tbl, tc
from tests.zoo.worded import whole_docx

TABLE = [p("靖州县"), tbl(tc("规章") + tc("3"), tc("文件") + tc("12")), p("")]


def outcome(body: bytes) -> str:
    try:
        read_legacy(body, "doc")
    except DocumentError as error:
        return str(error)
    return "read"


def program(folder: Path, script: str) -> None:
    """Put a program in the place of LibreOffice."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_without_libreoffice_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DocumentError, match=r"no soffice is on the PATH; install it \(Debian: apt install") as caught:
        read_legacy(b"{\\rtf1 x}", "rtf")
    assert "\n" not in str(caught.value)


def test_a_conversion_that_makes_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(DocumentError, match="makes nothing of an RTF document"):
        read_legacy(b"{\\rtf1 x}", "rtf")


def test_a_conversion_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 60")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    begun = time.monotonic()
    with pytest.raises(DocumentError, match=r"took more than 0\.5 seconds"):
        convert(b"x", "doc", "docx", name="a file", seconds=0.5)
    assert time.monotonic() - begun < 10


def test_the_profile_turns_macros_links_and_the_network_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = tmp_path / "kept.xcu"
    script = 'profile=${1#-env:UserInstallation=file://}; cp "$profile/user/registrymodifications.xcu" ' + str(kept)
    program(tmp_path, script + f"; env > {tmp_path}/environment")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("https_proxy", "http://somewhere:3128")
    monkeypatch.setenv("SECRET_TOKEN", "hidden")
    with pytest.raises(DocumentError):
        convert(b"x", "doc", "docx", name="a file", seconds=20)
    settings = kept.read_text(encoding="utf-8")
    for name in ("DisableMacrosExecution", "DisableActiveContent", "BlockUntrustedRefererLinks"):
        assert f'oor:name="{name}" oor:op="fuse"><value>true</value>' in settings
    environment = (tmp_path / "environment").read_text()
    assert "SECRET_TOKEN" not in environment
    assert "somewhere" not in environment


def test_rtf_nested_beyond_reason_is_refused_before_it_is_handed_on() -> None:
    with pytest.raises(DocumentError, match="levels deep"):
        read_legacy(b"{\\rtf1 " + b"{" * 5_000 + b"}" * 5_000 + b"}", "rtf")


def test_another_kind_is_refused() -> None:
    with pytest.raises(DocumentError, match="kind pages is not converted"):
        read_legacy(b"x", "pages")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["doc", "rtf", "odt"])
def test_tables_of_older_formats_come_through(kind: str) -> None:
    body = convert(whole_docx(TABLE), "docx", kind, name="a test", seconds=60)
    (page,) = read_legacy(body, kind)
    (grid,) = [block for block in page.blocks if not hasattr(block, "text")]
    assert [[cell.raw for cell in row] for row in grid.rows] == [["规章", "3"], ["文件", "12"]]


@pytest.mark.slow
@pytest.mark.parametrize(
    "inner",
    [
        r'{\field{\*\fldinst INCLUDEPICTURE "http://127.0.0.1:%d/a.png" \\d}{\fldrslt x}}',
        r"{\*\template http://127.0.0.1:%d/t.dot}",
        r'{\field{\*\fldinst INCLUDETEXT "http://127.0.0.1:%d/t.docx"}{\fldrslt y}}',
        r"{\object\objautlink{\*\objclass Word.Document.8}{\*\objdata 0105000002000000}}%d",
    ],
)
def test_nothing_is_asked_for_while_a_document_is_converted(inner: str) -> None:
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                asked.append(connection.recv(100))
                connection.close()

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            body = b"{\\rtf1\\ansi " + (inner % server.getsockname()[1]).encode() + b" text}"
            read_legacy(body, "rtf")
        finally:
            done.set()
            listener.join()
    assert asked == []


@pytest.mark.slow
def test_damaged_documents_are_named_and_leave_no_process_behind() -> None:
    whole = convert(whole_docx(TABLE), "docx", "doc", name="a test", seconds=60)
    for body in (whole[:3_000], whole[:600] + bytes(len(whole) - 600)):
        assert "\n" not in outcome(body)
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "nianbao-office-" not in listed
