"""No secret in any line, file or error; what is hidden stays readable otherwise."""

import json
from datetime import UTC, datetime

import pytest

from nianbao.nightly.log import Log
from nianbao.nightly.redaction import Redactor, resolved, shown
from scraper import Event, Outcome, Site

HOOK = "https://hooks.example.org/services/T0KENT0KENT0KEN?key=abcdefghijklm"
PROXY = "http://user:s3cret@proxy.example.org:8080"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        f"POST {HOOK} failed",
        "connection to /services/T0KENT0KENT0KEN reset",
        "bad key abcdefghijklm",
        f"proxy {PROXY}: 407",
        "s3cret",
    ],
)
def test_secrets_are_taken_out_wherever_they_stand(text: str) -> None:
    redacted = Redactor([HOOK, PROXY]).text(text)
    assert "***" in redacted
    assert not any(secret in redacted for secret in ("T0KENT0KENT0KEN", "abcdefghijklm", "s3cret"))


def test_other_words_stay() -> None:
    text = "www.hooks-of-the-services.gov.cn: 200 ok"
    assert Redactor([HOOK, PROXY, ""]).text(text) == text
    assert Redactor([""]).value({"a": ["x", 1, None]}) == {"a": ["x", 1, None]}


def test_credentials_of_any_address_go() -> None:
    assert Redactor().text("see http://me:pw@www.x.gov.cn/a@b") == "see http://***@www.x.gov.cn/a@b"


def test_shown_addresses_name_the_host_alone() -> None:
    assert shown(HOOK) == "https://hooks.example.org/***"
    assert shown("http://127.0.0.1:8080") == "http://127.0.0.1:8080"
    assert shown("") == ""


def test_secrets_can_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_HOOK", HOOK)
    assert resolved("env:NIANBAO_HOOK") == HOOK
    with pytest.raises(ValueError, match="'NO_SUCH_NAME' is not set"):
        resolved("env:NO_SUCH_NAME")


def test_json_lines_hold_one_event_each_and_no_control_characters() -> None:
    written: list[str] = []
    log = Log("json", Redactor([HOOK]), now=lambda: NOW, write=written.append)
    site = Site("440823", "遂溪县\x1b[31m\nx", "http://www.suixi.gov.cn/")
    log.event(Event("page", site, 0, 1, f"http://www.suixi.gov.cn/?to={HOOK}", Outcome.OK))
    log.event(Event("site_done", site, 1, 1, None, Outcome.TIMEOUT, "slow"))
    log.say("stage", "harvest", stage="harvest")
    lines = [json.loads(line) for line in written]
    assert all("\n" not in line for line in written)
    assert [line["event"] for line in lines] == ["page", "site_done", "stage"]
    assert {line["at"] for line in lines} == {"2026-03-01T00:00:00Z"}
    assert (lines[1]["outcome"], lines[1]["code"], lines[1]["detail"]) == ("timeout", "440823", "slow")
    assert "T0KEN" not in "".join(written)


def test_readable_lines_are_one_a_site_and_stage() -> None:
    written: list[str] = []
    log = Log("text", Redactor([PROXY]), now=lambda: NOW, write=written.append)
    site = Site("440823", "遂溪县", "http://www.suixi.gov.cn/")
    log.event(Event("page", site, 0, 1, "http://www.suixi.gov.cn/", Outcome.OK))
    log.event(Event("site_done", site, 1, 1, None, Outcome.OK))
    log.say("note", f"through {PROXY}")
    assert written == ["[1/1] 遂溪县: ok, 1 page", "note: through http://***@proxy.example.org:8080"] or written == [
        "[1/1] 遂溪县: ok, 1 page",
        "note: through ***",
    ]
