"""The command: its parts, and the one place in which what went wrong becomes text and an exit code."""

import json
import os
import platform
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from typing import Annotated

import requests
import typer
from typer.exceptions import TyperException

from farsync_cli.commands.abort import abort
from farsync_cli.commands.backfill import backfill
from farsync_cli.commands.connections import connections
from farsync_cli.commands.cost import cost
from farsync_cli.commands.doctor import doctor
from farsync_cli.commands.events import events
from farsync_cli.commands.job import job
from farsync_cli.commands.jobs import jobs
from farsync_cli.commands.logs import logs
from farsync_cli.commands.ls import ls
from farsync_cli.commands.rerun import rerun
from farsync_cli.commands.run import run
from farsync_cli.commands.sandbox import sandbox
from farsync_cli.commands.schedules import schedules
from farsync_cli.commands.show import show
from farsync_cli.commands.use import use
from farsync_cli.commands.watch import watch
from farsync_cli.exit_codes import ExitCode, exit_code_of_error
from farsync_cli.rendering.page import paragraph
from farsync_cli.screen import OutputClosed, Screen
from farsync_cli.surroundings import Surroundings, surroundings_of
from farsync_client import FarsyncError

EPILOG = "Exit codes: 0 succeeded, 1 failed, 2 usage, 3 timed out, 4 cannot be known."

app = typer.Typer(
    name="farsync",
    help="Run jobs of other clouds, watch them, see why they failed, run them again.",
    epilog=EPILOG,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"farsync {version('farsync-cli')} on Python {platform.python_version()}")
        raise typer.Exit


@app.callback()
def choose(
    context: typer.Context,
    stack: Annotated[
        str | None, typer.Option("--stack", help="This stack, not FARSYNC_STACK, nor the one in use.")
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    context.obj = replace(surroundings_of(context), stack=stack)


for command in (use, run, watch, show, abort, ls, rerun, backfill, logs, jobs, job):
    app.command()(command)
app.command()(cost)
app.add_typer(events, name="events")
app.add_typer(connections, name="connections")
app.add_typer(schedules, name="schedules")
app.command()(doctor)
app.add_typer(sandbox, name="sandbox")


def surroundings_here() -> Surroundings:
    return Surroundings(
        screen=Screen(sys.stdout, sys.stderr, os.environ),
        environ=os.environ,
        session=requests.Session(),
        now=lambda: datetime.now().astimezone(),
        sleep=time.sleep,
    )


def run_command(arguments: Sequence[str], surroundings: Surroundings) -> int:
    """The exit code. Whatever goes wrong is text on standard error; with --json, an object there."""
    screen, as_json = surroundings.screen, "--json" in arguments
    try:
        code = app(list(arguments) or ["--help"], prog_name="farsync", obj=surroundings, standalone_mode=False)
    except TyperException as error:
        _show_error(screen, "Usage", error.format_message(), _help_of(error), as_json)
        return ExitCode.USAGE
    except typer.Abort:
        screen.note("Nothing was done.")
        return ExitCode.INTERRUPTED
    except OutputClosed:
        # What is left in the buffer would fail once more at the end, and be shown.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.SUCCEEDED
    except FarsyncError as error:
        _show_error(screen, error.name, error.message, error.remedy, as_json)
        return exit_code_of_error(error)
    except Exception as fault:  # noqa: BLE001 - a fault of ours must not look like an outcome, nor be a traceback
        if surroundings.environ.get("FARSYNC_TRACEBACK"):
            screen.note(traceback.format_exc())
        remedy = "Please report it, with what FARSYNC_TRACEBACK=1 shows before the same command."
        _show_error(screen, "Fault", f"farsync itself failed: {type(fault).__name__}: {fault}", remedy, as_json)
        return ExitCode.UNKNOWN
    return code if isinstance(code, int) else ExitCode.SUCCEEDED


def _show_error(screen: Screen, name: str, message: str, remedy: str, as_json: bool) -> None:
    screen.end_live()
    if as_json:
        screen.note(json.dumps({"error": name, "message": message, "remedy": remedy}, ensure_ascii=False))
        return
    first, *rest = paragraph(f"{name}: {message}", screen.note_width)
    first.stylize("bold red", 0, len(name) + 1)
    screen.note(first, *rest, *paragraph(remedy, screen.note_width, indent=2))


def _help_of(error: TyperException) -> str:
    context = getattr(error, "ctx", None)
    return f"See: {context.command_path if context else 'farsync'} --help"
