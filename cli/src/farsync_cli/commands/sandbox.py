"""`farsync sandbox`: both providers and AWS on this machine, by the program `farsync-sandbox`."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import typer

from farsync_client import FarsyncError

PROGRAM = "farsync-sandbox"
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

sandbox = typer.Typer(help="Both providers and AWS on this machine, to try.", rich_markup_mode=None)


class SandboxMissing(FarsyncError):
    """The program is not installed."""

    usual_remedy = "It comes with a checkout of farsync; there, call: make sandbox, or make run"
    is_callers = True


@sandbox.command(context_settings=PASSED_ON)
def up(context: typer.Context) -> None:
    """Serve the sandbox until Ctrl-C; options go on to farsync-sandbox (--help shows them)."""
    raise typer.Exit(_run("up", context.args))


@sandbox.command(context_settings=PASSED_ON)
def run(context: typer.Context) -> None:
    """Run real jobs on both clouds, in the sandbox; options go on to farsync-sandbox."""
    raise typer.Exit(_run("run", context.args))


def _program() -> str | None:
    """The one beside this command, or else on the PATH.

    `make install-cli` brings the program along, and not what it needs: moto tells one that works.
    """
    beside = Path(sys.executable).with_name(PROGRAM)
    is_whole = beside.exists() and find_spec("moto") is not None
    return str(beside) if is_whole else shutil.which(PROGRAM)


def _run(command: str, arguments: list[str]) -> int:
    """Its exit code. Raises SandboxMissing."""
    program = _program()
    if program is None:
        raise SandboxMissing(f"{PROGRAM} is not installed here.")
    process = subprocess.Popen([program, command, *arguments])  # noqa: S603 - farsync's own program
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # A terminal sends Ctrl-C to both: the sandbox ends what it has started, and says so.
            continue
