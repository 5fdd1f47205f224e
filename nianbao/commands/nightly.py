"""`nianbao nightly`: a whole night by itself, for a scheduler."""

import signal
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from nianbao.exits import Exit, complain

if TYPE_CHECKING:
    from nianbao.nightly.settings import Settings, Value

_EPILOG = """\b
Examples:
  nianbao nightly --store ~/nianbao --until 06:00
  nianbao nightly --store ~/nianbao --config /etc/nianbao.toml --log json"""


@click.command("nightly", short_help="Do a whole night: harvest what is due, write, check, report.", epilog=_EPILOG)
@click.option("--store", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Where all of it is kept.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="Settings.  [nianbao.toml of the store]"
)
@click.option("--until", metavar="HH:MM", help="Local time at which the night ends; the next one goes on.")
@click.option("--budget", metavar="DURATION", help="Longest duration of the night, such as 4h.")
@click.option("--log", type=click.Choice(["text", "json"]), help="How events are written to stderr.  [text]")
@click.pass_context
def nightly(
    context: click.Context, store: Path, config: Path | None, until: str | None, budget: str | None, log: str | None
) -> None:
    """Harvest what is due, parse what is new, write the dataset, check it, write its pages, and report.

    The report stands in runs/ID/summary.json and, for people, in health.html of the store. Alerts are sent on change
    only. What a night cannot finish the next one goes on with; a report that disappeared keeps its last good version.
    """
    from nianbao.nightly.conduct import conduct

    given = {"time.until": until, "time.budget": budget, "log.format": log}
    _end_in_good_order_on_sigterm()
    settings = _settings(config, store, {key: value for key, value in given.items() if value is not None})
    if isinstance(settings, Exit):
        context.exit(settings)
    context.exit(conduct(store, settings))


def _settings(config: Path | None, store: Path, given: "dict[str, Value]") -> "Settings | Exit":
    """Return the settings, or the status for those that cannot be used: a wrong option is wrong use."""
    from nianbao.nightly.config import ConfigError, load

    try:
        settings = load(config, store)
    except ConfigError as error:
        complain(str(error))
        return Exit.CONFIG
    try:
        return load(config, store, given) if given else settings
    except ConfigError as error:
        raise click.UsageError(str(error)) from error


def _end_in_good_order_on_sigterm() -> None:
    """Let SIGTERM do what Ctrl-C does, also where the shell that started this program has it ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _like_ctrl_c)


def _like_ctrl_c(number: int, frame: FrameType | None) -> None:
    """Let SIGTERM end the night in good order, as Ctrl-C does."""
    signal.raise_signal(signal.SIGINT)
