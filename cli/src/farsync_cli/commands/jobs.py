"""`farsync jobs`: which jobs a connection leads to."""

from itertools import islice
from typing import Annotated

import typer

from farsync_cli.near_names import near_names_offered
from farsync_cli.options import ConnectionOption, JsonOption
from farsync_cli.rendering.jobs import job_table
from farsync_cli.surroundings import surroundings_of


def jobs(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only those whose names hold this.")] = None,
    connection: ConnectionOption = "default",
    limit: Annotated[int, typer.Option(min=1, max=5000, help="At most so many.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """List jobs."""
    surroundings = surroundings_of(context)
    screen = surroundings.screen
    with near_names_offered(surroundings.client, connection):
        found = list(islice(surroundings.client.jobs(connection, name=name), limit + 1))
    listed = found[:limit]
    if as_json:
        screen.show_json({"jobs": [job.as_sent() for job in listed], "isComplete": len(found) <= limit})
        return
    if listed:
        screen.show(job_table(listed, surroundings.now(), screen.width))
    else:
        screen.note(f"No jobs{f' named {name}' if name else ''} over {connection}.")
    if len(found) > limit:
        screen.note("There are more: --limit shows them, NAME asks for less.")
