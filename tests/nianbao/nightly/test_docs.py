"""docs/nightly.md names every status, warning, alert and field that there is."""

import re
from dataclasses import fields

from nianbao.exits import Exit
from nianbao.nightly import drift
from nianbao.nightly.record import Night
from nianbao.nightly.settings import ALERTS
from tests.nianbao.conftest import REPOSITORY

TEXT = (REPOSITORY / "docs" / "nightly.md").read_text(encoding="utf-8")


def test_every_status_a_night_can_end_with_is_there() -> None:
    (section,) = re.findall(r"## Exit statuses\n(.*?)\n## ", TEXT, re.DOTALL)
    named = {int(number) for number in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)}
    assert named == {int(status) for status in Exit} - {Exit.NO_READER}


def test_every_warning_is_there() -> None:
    source = (REPOSITORY / "nianbao" / "nightly" / "drift.py").read_text(encoding="utf-8")
    names = set(re.findall(r'Warned\(\s*"(\w+)"', source)) | {"clock"}
    assert len(names) == len(drift._LOOKS) + 1
    assert (
        set(re.findall(r"^\| `(\w+)` \| (?:fewer|a site|many|new|a row|a table|the clock)", TEXT, re.MULTILINE))
        == names
    )


def test_every_alert_and_field_is_there() -> None:
    assert all(f"`{name}`" in TEXT for name in ALERTS)
    left_out = {"run", "began", "ended", "outcomes", "counts", "generation"}
    assert all(f"`{field.name}`" in TEXT for field in fields(Night) if field.name not in left_out)


def test_files_it_links_are_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert len(links) >= 5
    assert all((REPOSITORY / "docs" / link).exists() for link in links)
