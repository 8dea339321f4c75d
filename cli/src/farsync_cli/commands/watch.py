"""`farsync watch`: follow a run to its end."""

import typer

from farsync_cli.following import follow
from farsync_cli.options import JsonOption, RunArgument
from farsync_cli.surroundings import surroundings_of


def watch(context: typer.Context, run: RunArgument, as_json: JsonOption = False) -> None:
    """Follow a run to its end; the exit code is the outcome.

    Ctrl-C leaves the run alone.
    """
    raise follow(surroundings_of(context), run, as_json=as_json)
