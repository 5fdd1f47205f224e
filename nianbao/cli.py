"""The command line: its commands, and one line instead of a traceback for whatever goes wrong."""

import sys
from typing import Any

import click

from nianbao import __version__
from nianbao.commands.check import check_dataset
from nianbao.commands.codebook import print_codebook
from nianbao.commands.config import show_config
from nianbao.commands.demo import demo
from nianbao.commands.diff import diff_datasets
from nianbao.commands.export import export_dataset
from nianbao.commands.harvest import harvest_sites
from nianbao.commands.nightly import nightly
from nianbao.commands.parse import parse_files
from nianbao.commands.publish import fetch_store, publish_store
from nianbao.commands.release import release_dataset
from nianbao.commands.reparse import reparse_store
from nianbao.commands.site import write_site
from nianbao.commands.sites import sites
from nianbao.commands.status import show_status
from nianbao.exits import EXIT_HELP, Exit, complain, defect, silence_output
from parsers.errors import DatasetError, NianbaoError, StoreError

_STATUSES = "\n".join(f"  {status.value:<4} {meaning}" for status, meaning in EXIT_HELP.items())
_EPILOG = f"""\b
Examples:
  nianbao demo
  nianbao parse report.html --format table
  nianbao harvest --sites sites.csv --store ~/nianbao

\b
Exit statuses:
{_STATUSES}"""


class _Group(click.Group):
    """Ends every command with a documented status: errors are one line, and no traceback reaches a user."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command; an interruption that comes when a command has just ended, or is ending, is one too."""
        try:
            return super().main(*args, **kwargs)
        except KeyboardInterrupt:
            sys.exit(Exit.INTERRUPTED)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except KeyboardInterrupt:
            complain("interrupted; run the same command again to go on")
            ctx.exit(Exit.INTERRUPTED)
        except BrokenPipeError:
            silence_output()
            ctx.exit(Exit.NO_READER)
        except (StoreError, DatasetError) as error:
            complain(str(error))
            ctx.exit(Exit.STORE)
        except NianbaoError as error:
            complain(str(error))
            ctx.exit(Exit.INPUT)
        except OSError as error:
            complain(
                f"{error.filename or 'output'}: {error.strerror or error}; make room or give access, then run again"
            )
            ctx.exit(Exit.STORE)
        except Exception as error:  # noqa: BLE001 - the last resort, so that a person gets a sentence
            complain(defect(error))
            ctx.exit(Exit.INPUT)


@click.group(cls=_Group, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nianbao", message="%(prog)s %(version)s")
def main() -> None:
    """Find, read and check the yearly open-government-information reports (政府信息公开工作年度报告) of China.

    Each statutory table is rebuilt from whatever layout it was published in, each identity of the form is checked, and
    every number leads back to its place in the archived page.
    """


main.add_command(parse_files)
main.add_command(harvest_sites)
main.add_command(demo)
main.add_command(show_status)
main.add_command(sites)
main.add_command(write_site)
main.add_command(print_codebook)
main.add_command(check_dataset)
main.add_command(nightly)
main.add_command(show_config)
main.add_command(export_dataset)
main.add_command(release_dataset)
main.add_command(reparse_store)
main.add_command(diff_datasets)
main.add_command(publish_store)
main.add_command(fetch_store)
