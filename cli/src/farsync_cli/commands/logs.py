"""`farsync logs`: the provider's own log of a run."""

from typing import Annotated

import typer

from farsync_cli.options import JsonOption, RunArgument
from farsync_cli.surroundings import surroundings_of


def logs(
    context: typer.Context,
    run: RunArgument,
    tail: Annotated[int, typer.Option("-n", "--tail", min=1, max=5000, help="At most so many lines.")] = 200,
    node: Annotated[str | None, typer.Option("--node", help="Of this node; else of the one that failed.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the end of the provider's log of a run."""
    surroundings = surroundings_of(context)
    screen = surroundings.screen
    log = surroundings.client.logs(run, node=node, tail=tail)
    if as_json:
        screen.show_json(log.as_sent())
        return
    screen.show_raw(log.lines)
    if not log.lines:
        screen.note("The log is empty so far.")
    if log.is_cut:
        screen.note(f"-- the last {len(log.lines)} lines of {log.path or 'the log'}; --tail shows up to 5000 --")
    if len(log.nodes) > 1:
        screen.note(f"-- nodes: {', '.join(log.nodes)}; --node NAME shows one --")
