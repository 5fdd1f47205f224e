"""Ways to spoil a document, drawn from a random generator so that a number tells which came out."""

import re
from collections.abc import Callable, Sequence
from random import Random

TAG = re.compile(rb"<[^>]{0,200}>")
NUMBER = re.compile(rb"\d+")
LINE = re.compile(rb"[^\n]*\n")
NASTY = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\x0b\x0c", b"\x1f", b"\x85", b"\xed\xa0\x80"),
    *(b"<td rowspan=65534 colspan=1000>", b"<table>", b"</table>", b"<tr>", b"<!--", b"-->", b"<script>", b"</td>"),
    *(
        b"<![CDATA[",
        b"<pre>",
        b"<br>",
        b"&#0;",
        b"&#xD800;",
        b"&nbsp;",
        b"&#x202e;",
        b"<template>",
        b"<select>",
        b"<svg>",
    ),
    *("总计", "（", "）", "(一)", "||", "——", "１", "①", "²", "第二十条第", "其他", "行政复议", "一、", "\u3000"),
    *(
        "\u2028",
        "\ue000",
        "\ue000县",
        "乾县",
        "\x1f1\x1f",
        "9" * 20,
        "-0",
        "1e400",
        "0.1",
        "+",
        "−5",
        "2023年",
        "。",
        "😀",
    ),
)
NASTY_BYTES = tuple(item if isinstance(item, bytes) else item.encode() for item in NASTY)
Mutation = Callable[[bytes, Random, Sequence[bytes]], bytes]


def _span(body: bytes, rng: Random, longest: int = 4_000) -> tuple[int, int]:
    start = rng.randrange(len(body) + 1)
    return start, min(len(body), start + int(longest ** rng.random()))


def flip(body: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    """Change some bytes."""
    spoilt = bytearray(body)
    for _number in range(rng.choice((1, 3, 30))):
        if spoilt:
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def cut_out(body: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    """Delete a piece."""
    start, end = _span(body, rng)
    return body[:start] + body[end:]


def truncate(body: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    """Keep the beginning, or the end."""
    at = rng.randrange(len(body) + 1)
    return body[:at] if rng.random() < 0.7 else body[at:]


def double(body: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    """Repeat a piece."""
    start, end = _span(body, rng, 20_000)
    return body[:end] + body[start:end] * rng.choice((1, 1, 5)) + body[end:]


def splice(body: bytes, rng: Random, others: Sequence[bytes]) -> bytes:
    """Continue with a piece of another document."""
    other = rng.choice(others)
    start, end = _span(other, rng, 60_000)
    at = rng.randrange(len(body) + 1)
    return body[:at] + other[start:end] + body[at:]


def swap_lines(body: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    """Shuffle some lines, or drop repeated ones."""
    lines = body.split(b"\n")
    if rng.random() < 0.2:
        return b"\n".join(dict.fromkeys(lines))
    start = rng.randrange(len(lines))
    piece = lines[start : start + rng.randrange(1, 30)]
    rng.shuffle(piece)
    return b"\n".join([*lines[:start], *piece, *lines[start + len(piece) :]])


def _replace(pattern: re.Pattern[bytes], new: Callable[[bytes], bytes], share: float) -> Mutation:
    def mutation(body: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
        return pattern.sub(lambda match: new(match[0]) if rng.random() < share else match[0], body)

    return mutation


def insert_nasty(body: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    """Insert what readers stumble over."""
    for _number in range(rng.choice((1, 2, 8))):
        at = rng.randrange(len(body) + 1)
        body = body[:at] + rng.choice(NASTY_BYTES) + body[at:]
    return body


def nasty_numbers(body: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    """Put other things where numbers stand."""
    share = rng.choice((0.01, 0.2))
    return NUMBER.sub(lambda match: rng.choice(NASTY_BYTES) if rng.random() < share else match[0], body)


def reencode(body: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    """Write the text in another encoding, declared as before."""
    encoding = rng.choice(("gb18030", "big5", "utf-16", "utf-8-sig", "latin-1"))
    return body.decode("utf-8", errors="replace").encode(encoding, errors="replace")


MUTATIONS: tuple[Mutation, ...] = (
    *(flip, cut_out, truncate, double, splice, swap_lines, insert_nasty, nasty_numbers, reencode),
    _replace(TAG, lambda _: b"", 0.05),
    _replace(TAG, lambda _: b"", 0.8),
    _replace(TAG, lambda tag: tag * 2, 0.05),
    _replace(LINE, lambda _: b"", 0.05),
    _replace(NUMBER, lambda _: b"", 0.3),
    _replace(NUMBER, lambda number: number * 9, 0.05),
)


def mutant(seeds: Sequence[bytes], number: int) -> bytes:
    """Return mutant `number`: a document spoilt in one to four ways, or random bytes."""
    rng = Random(number)
    if number % 50 == 0:
        return rng.randbytes(int(20_000 ** rng.random()))
    body = rng.choice(seeds)
    for _ in range(rng.choice((1, 1, 2, 4))):
        body = rng.choice(MUTATIONS)(body, rng, seeds)
    return body[:400_000]
