"""`farsync abort`: stop a run."""

import typer

from farsync_cli.options import JsonOption, RunArgument
from farsync_cli.rendering.values import short_name
from farsync_cli.surroundings import surroundings_of


def abort(context: typer.Context, run: RunArgument, as_json: JsonOption = False) -> None:
    """Stop a run and its execution. One that is over stays as it ended."""
    surroundings = surroundings_of(context)
    answer = surroundings.client.abort(run)
    if as_json:
        surroundings.screen.show_json(answer.as_sent())
    elif answer.was_over:
        surroundings.screen.show([f"Run {short_name(answer.name)} was over already: {answer.state}."])
    else:
        surroundings.screen.show([f"Run {short_name(answer.name)} is being stopped."])
        surroundings.screen.note(f"See its execution stop: farsync watch {short_name(answer.name)}")
