"""Damaged and hostile PDF files: each ends in a report or in one line that says why not, in bounded time."""

import re
import time
import zlib
from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

import pytest

from parsers.confined import Limits, outcome, run
from parsers.errors import DocumentError
from parsers.opening import open_pages
from tests.parsers import papers
from tests.parsers.pdf.press import Paper, bound
from tests.parsers.pdf.typeset import Setter, printed_report
from tests.parsers.reading import numbers, read
from tests.parsers.shapes import sheets

Found = TypeVar("Found")
WHOLE = printed_report()
TRUTH = papers.values(papers.paper())


def refusal(body: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        open_pages(body)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def pages_or_line(reader: Callable[..., Found], *body: bytes) -> Found | None:
    """What a reader makes of a body, None where it refuses in one line."""
    try:
        return reader(*body)
    except DocumentError as error:
        said = str(error)
    assert said
    assert "\n" not in said
    return None


def replaced(body: bytes, old: bytes, new: bytes) -> bytes:
    assert old in body
    return body.replace(old, new)


def test_a_file_without_pages_is_named_so() -> None:
    assert "0 pages" in refusal(bound([]))


def test_a_file_that_needs_a_password_is_named_so() -> None:
    assert "encrypted; remove its password" in refusal(bound([Paper()], opened_with="x"))


def test_a_file_encrypted_without_a_password_is_read() -> None:
    body = bound(Setter().report(sheets(papers.paper())), opened_with="")
    assert numbers(read(body)) == TRUTH


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_truncated_file_is_refused_or_read_as_far_as_it_goes(share: float) -> None:
    found = pages_or_line(read_numbers, WHOLE[: int(len(WHOLE) * share)]) or {}
    assert all(value == TRUTH[name] for name, value in found.items() if not isinstance(value, str))


def read_numbers(body: bytes) -> dict[str, Any]:
    return numbers(read(body))


def test_scripts_links_and_attachments_are_never_followed() -> None:
    script = b'/OpenAction << /S /JavaScript /JS (app.launchURL\\("http://127.0.0.1:9/"\\)) >>'
    launch = b"/AA << /WC << /S /Launch /F (/bin/sh) >> /WS << /S /URI /URI (http://127.0.0.1:9/) >> >>"
    body = bound(Setter().report(sheets(papers.paper())), catalog=script + b" " + launch)
    assert numbers(read(body)) == TRUTH


def test_deep_nesting_is_refused() -> None:
    body = bound([Paper()], catalog=b"/X " + b"[" * 60_000 + b"]" * 60_000)
    start = time.monotonic()
    pages_or_line(open_pages, body)
    assert time.monotonic() - start < 30


def test_pages_that_are_their_own_parents_end() -> None:
    body = bound([Paper()])
    pages_or_line(open_pages, replaced(body, b"/Kids [7 0 R]", b"/Kids [2 0 R]"))


SHORT = Limits(seconds=1.5, megabytes=600)


def hurried(body: bytes) -> None:
    """The reader in its own process under short limits: a page or one line, soon."""
    start = time.monotonic()
    pages_or_line(lambda: run("parsers.pdf.reader:read_pdf", body, SHORT, name="a PDF file"))
    assert time.monotonic() - start < 10


def test_a_decompression_bomb_costs_bounded_time_and_memory() -> None:
    hurried(bomb(300_000_000))


@pytest.mark.slow
def test_a_larger_bomb_too() -> None:
    pages_or_line(open_pages, bomb(5_000_000_000))


def bomb(size: int) -> bytes:
    """A page whose content is that many blanks."""
    packer = zlib.compressobj(1)
    block = b" " * 1_000_000
    packed = b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()
    body = bound([Paper()])
    old = re.search(rb"8 0 obj\n.*?endobj", body, re.DOTALL)
    assert old
    new = b"8 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj" % (len(packed), packed)
    return body.replace(old[0], new)


def crowd(pictures: int) -> bytes:
    """A page of tiny pictures."""
    page = Paper()
    page.picture(0, 0, 1, 1)
    page.marks *= pictures
    return bound([page])


def test_a_crowd_of_tiny_pictures_costs_bounded_time() -> None:
    hurried(crowd(200_000))


@pytest.mark.slow
def test_a_million_tiny_pictures_cost_bounded_time() -> None:
    start = time.monotonic()
    pages_or_line(open_pages, crowd(1_000_000))
    assert time.monotonic() - start < 60


def mutated(body: bytes, rng: Random) -> bytes:
    """Change some bytes, cut some out, or put some elsewhere."""
    found = bytearray(body)
    for _ in range(rng.choice((1, 3, 30))):
        at = rng.randrange(len(found))
        kind = rng.randrange(3)
        if kind == 0:
            found[at] = rng.randrange(256)
        elif kind == 1:
            del found[at : at + rng.randrange(1, 60)]
        else:
            found[at:at] = bytes(found[rng.randrange(len(found)) :][: rng.randrange(1, 60)])
    return bytes(found)


def test_damage_gives_pages_or_one_line() -> None:
    body = bound(Setter(size=(595, 420)).report({4: sheets(papers.paper())[4]})[:1])
    order = {"reader": "parsers.pdf.reader:read_pdf", "arguments": []}
    for seed in range(40):
        answer = outcome(order, mutated(body, Random(seed)))
        assert answer.get("pages") or "\n" not in answer["error"]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_damage_ends_in_a_page_or_a_refusal() -> None:
    for seed in range(300):
        pages_or_line(open_pages, mutated(WHOLE, Random(seed)))
