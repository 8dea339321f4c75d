"""`farsync cost`: what runs cost at AWS, from the event log."""

from itertools import islice
from typing import Annotated

import typer

from farsync_cli.costs import ENDS, grouping, sum_costs
from farsync_cli.job_names import job_id
from farsync_cli.moments import moment
from farsync_cli.options import AnyConnectionOption, JobOption, JsonOption
from farsync_cli.rendering.costs import cost_table
from farsync_cli.surroundings import surroundings_of

MOST_PAGES = 500
"""Of 100 events each."""


def cost(
    context: typer.Context,
    since: Annotated[str, typer.Option("--since", metavar="WHEN", help="30d, yesterday, 2026-11-01.")] = "30d",
    by: Annotated[str, typer.Option("--by", metavar="WHAT", help="job, connection, day, or label:NAME.")] = "job",
    job: JobOption = None,
    connection: AnyConnectionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sum up what runs cost at AWS.

    By published prices, from the event log; what the provider asks for is not in it.
    """
    surroundings = surroundings_of(context)
    screen = surroundings.screen
    name_of = grouping(by)
    pages = surroundings.client.event_pages(
        types=ENDS,
        since=moment(since, surroundings.now()),
        job=job_id(surroundings.client, job, connection),
        connection=connection,
    )
    read = list(islice(pages, MOST_PAGES))
    is_complete = not read or read[-1].next_token is None
    lines = sum_costs((event for page in read for event in page.events), name_of)
    if as_json:
        groups = [
            {"name": line.name, "runs": line.runs, "succeeded": line.succeeded, "costUsd": round(line.usd, 8)}
            for line in lines
        ]
        screen.show_json({"by": by, "since": since, "groups": groups, "isComplete": is_complete})
        return
    if lines:
        screen.show(cost_table(lines, by, screen.width))
    else:
        screen.note(f"No runs ended since {since}.")
    if not is_complete:
        screen.note("There are more events than can be summed up at once; take a later --since.")
