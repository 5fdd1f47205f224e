"""The reader in this process: what its own process adds is shown by tests of its own."""

import json
from collections.abc import Sequence

import pytest

from parsers import confined
from parsers.confined import Limits, outcome
from parsers.errors import DocumentError
from parsers.page import Page
from parsers.page_json import page_from_json


def _run(
    reader: str, body: bytes, _limits: Limits, *, name: str = "document", arguments: Sequence[str] = ()
) -> list[Page]:
    answer = json.loads(json.dumps(outcome({"reader": reader, "arguments": arguments}, body)))
    if "error" in answer:
        raise DocumentError(answer["error"])
    return [page_from_json(page) for page in answer["pages"]]


@pytest.fixture
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read without another process: the same functions, called here."""
    monkeypatch.setattr(confined, "run", _run)
