"""`farsync show`: everything about one run."""

import typer

from farsync_cli.options import JsonOption, RunArgument
from farsync_cli.rendering.run import run_page
from farsync_cli.surroundings import surroundings_of


def show(context: typer.Context, run: RunArgument, as_json: JsonOption = False) -> None:
    """Show everything about a run, and what to do next."""
    surroundings = surroundings_of(context)
    screen = surroundings.screen
    details = surroundings.client.get_run(run)
    if as_json:
        screen.show_json(details.as_sent())
    else:
        screen.show(run_page(details, surroundings.client.stack, surroundings.now(), screen.width))
