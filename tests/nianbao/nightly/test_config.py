"""The configuration: defaults for everything, each value with its origin, one line for what cannot be used."""

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from nianbao.cli import main
from nianbao.nightly.config import ConfigError, lines, load
from nianbao.nightly.settings import SETTINGS

SECRET = "https://hooks.example.org/services/T000/B111/abcdefghijklmnop"  # noqa: S105 - made up


def config(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "c.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_there_is_a_default_for_everything() -> None:
    settings = load()
    assert set(settings.origins.values()) == {"default"}
    assert settings.options().delay == 2.0
    assert settings.seconds("schedule.in_season") == 86400


def test_what_is_printed_is_a_configuration_that_means_the_same(tmp_path: Path) -> None:
    printed = "\n".join(lines(load()))
    again = load(config(tmp_path, printed))
    assert again.values == load().values
    assert tomllib.loads(printed)["schedule"]["season"] == [1, 2, 3, 4]


def test_option_beats_file_beats_default(tmp_path: Path) -> None:
    path = config(tmp_path, '[time]\nbudget = "3h"\nuntil = "05:00"\n[harvest]\ndelay = 5\n')
    settings = load(path, given={"time.budget": "1h"})
    assert (settings.text("time.budget"), settings.origins["time.budget"]) == ("1h", "--budget")
    assert (settings.text("time.until"), settings.origins["time.until"]) == ("05:00", str(path))
    assert (settings.number("harvest.delay"), settings.origins["harvest.backoff"]) == (5.0, "default")


def test_the_file_of_the_store_is_taken_where_it_is_there(tmp_path: Path) -> None:
    (tmp_path / "nianbao.toml").write_text('[log]\nformat = "json"\n')
    assert load(store=tmp_path).text("log.format") == "json"
    assert load(store=tmp_path / "elsewhere").text("log.format") == "text"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[alert]\nwebhok = ''", "unknown key alert.webhok; did you mean alert.webhook?"),
        ("harvets = 1", "unknown key harvets; did you mean harvest?"),
        ("[time]\nuntil = '25:00'", "time.until: '25:00' is no time of day"),
        ("[time]\nbudget = '4 hours'", "time.budget: '4 hours' is no duration"),
        ("[harvest]\ndelay = 'two'", "harvest.delay must be a number, such as 2.0"),
        ("[harvest]\nmax_pages = true", "harvest.max_pages must be a whole number"),
        ("[schedule]\nseason = [0, 13]", "schedule.season: [0, 13] are no months"),
        ("[alert]\non = ['brokn']", "alert.on: brokn: no such alert"),
        ("[alert]\nwebhook = 'hooks.example.org'", "alert.webhook: it is no web address"),
        ("[drift]\nbroken_share = 20", "drift.broken_share: 20.0 is no share"),
        ("[time\nuntil = 1", "is no TOML in UTF-8"),
        ("[log]\nformat = 'xml'", "log.format: 'xml' is no format"),
    ],
)
def test_what_cannot_be_used_is_one_line_with_what_to_do(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=re.escape(words)) as caught:
        load(config(tmp_path, text))
    assert "\n" not in str(caught.value)
    assert str(tmp_path / "c.toml") in str(caught.value)


def test_the_command_prints_each_setting_with_its_origin_and_no_secret(tmp_path: Path) -> None:
    path = config(
        tmp_path, f'[alert]\nwebhook = "{SECRET}"\n[harvest]\nproxy = "http://me:pa55word@proxy.example.org:8080"\n'
    )
    result = CliRunner().invoke(main, ["config", "--config", str(path)])
    assert result.exit_code == 0
    names = {setting.name for setting in SETTINGS}
    assert names <= set(re.findall(r"^(\w+) = ", result.stdout, re.MULTILINE))
    assert 'webhook = "https://hooks.example.org/***"  # ' + str(path) in result.stdout
    assert "http://proxy.example.org:8080" in result.stdout
    assert not re.search("abcdefgh|pa55word", result.output)


def test_a_configuration_that_cannot_be_used_is_status_6(tmp_path: Path) -> None:
    for path in (config(tmp_path, "x = 1"), tmp_path / "missing.toml"):
        result = CliRunner().invoke(main, ["config", "--config", str(path)])
        assert result.exit_code == 6
        assert len(result.stderr.splitlines()) == 1
