"""`farsync job`: one job, and how its last executions went."""

import typer

from farsync_cli.near_names import near_names_offered
from farsync_cli.options import ConnectionOption, JobArgument, JsonOption
from farsync_cli.rendering.jobs import job_page
from farsync_cli.surroundings import surroundings_of


def job(
    context: typer.Context,
    name: JobArgument,
    connection: ConnectionOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Show a job and how its last executions went."""
    surroundings = surroundings_of(context)
    screen = surroundings.screen
    with near_names_offered(surroundings.client, connection, name):
        details = surroundings.client.job(name, connection)
    if as_json:
        screen.show_json(details.as_sent())
    else:
        screen.show(job_page(details, connection, surroundings.now(), screen.width))
