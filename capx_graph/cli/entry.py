"""The group of commands, and the one place where errors become exit codes; only ``capx_graph.cli`` imports it."""

from __future__ import annotations

import os
import sys
import traceback
from textwrap import shorten

import click

from capx_graph import __version__
from capx_graph.cli import (
    accounting,
    administration,
    checking,
    copying,
    drafting,
    dumping,
    exporting,
    grouping,
    handing,
    importing,
    keeping,
    leaving,
    managing,
    matching,
    serving,
    stating,
    syncing,
    translating,
)
from capx_graph.cli.context import FAILED, Context, tell
from capx_graph.errors import CapxError

_INTERRUPTED = 130
_LONGEST = 500
"""Characters of a message: the engine names every token that its grammar would have taken."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--data", metavar="DIR", help="The data directory (else CAPX_DATA, else ./data).")
@click.option("--debug", is_flag=True, help="Show the traceback of an unexpected fault.")
@click.version_option(__version__, prog_name="capx-graph")
@click.pass_context
def capx(context: click.Context, data: str | None, debug: bool) -> None:  # noqa: FBT001, ARG001 main looks at it
    """A capacity graph: who knows, offers and wants which skills."""
    context.obj = Context(data=data)


for command in (
    *serving.COMMANDS,
    *stating.COMMANDS,
    *administration.COMMANDS,
    *accounting.COMMANDS,
    *managing.COMMANDS,
    *importing.COMMANDS,
    *drafting.COMMANDS,
    *exporting.COMMANDS,
    *dumping.COMMANDS,
    *keeping.COMMANDS,
    *checking.COMMANDS,
    *syncing.COMMANDS,
    *matching.COMMANDS,
    *leaving.COMMANDS,
    *translating.COMMANDS,
    *grouping.COMMANDS,
    *handing.COMMANDS,
    *copying.COMMANDS,
):
    capx.add_command(command)


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    try:
        code = capx.main(prog_name="capx", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Abort:
        code = _INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        tell(error.format_message())
        code = error.exit_code
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "capx"
        tell(f"capx: {error.format_message()} ('{command} --help' shows how)")
        code = error.exit_code
    except click.ClickException as error:
        tell(f"capx: {error.format_message()}")
        code = error.exit_code
    except CapxError as error:
        tell(f"capx: {shorten(str(error), _LONGEST, placeholder=' ...')}")
        code = FAILED
    except BrokenPipeError:
        # The reader of our output has gone; what is still buffered must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    except OSError as error:
        tell(f"capx: {error.filename or 'the system'}: {error.strerror or error}")
        code = FAILED
    except Exception as error:  # the outermost door: a fault of ours is told in a line too
        if "--debug" in sys.argv:
            traceback.print_exc()
        tell(f"capx: an unexpected fault, please report it (--debug shows more): {type(error).__name__}: {error}")
        code = FAILED
    sys.exit(code if isinstance(code, int) else 0)
