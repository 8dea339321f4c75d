"""What a shell offers for names of jobs, connections and runs: asked of the stack in use, and nothing where it does not
answer.
"""

from collections.abc import Callable, Iterator
from itertools import islice

import typer

from farsync_cli.rendering.values import short_name
from farsync_cli.surroundings import Surroundings
from farsync_client import Farsync, FarsyncError

MOST_OFFERED = 100
Offer = tuple[str, str]
"""A name, and what stands beside it."""


def job_names(context: typer.Context, incomplete: str) -> list[Offer]:
    connection = str(context.params.get("connection") or "default")
    return _offered(
        context, incomplete, lambda client: ((item.name or item.job, item.status) for item in client.jobs(connection))
    )


def connection_names(context: typer.Context, incomplete: str) -> list[Offer]:
    return _offered(
        context, incomplete, lambda client: ((item.name, item.provider or "") for item in client.connections())
    )


def run_names(context: typer.Context, incomplete: str) -> list[Offer]:
    return _offered(
        context,
        incomplete,
        lambda client: (
            (short_name(run.name), f"{run.state} {run.job_name or run.job or ''}")
            for run in next(client.run_pages(limit=MOST_OFFERED)).runs
        ),
    )


def _offered(context: typer.Context, incomplete: str, ask: Callable[[Farsync], Iterator[Offer]]) -> list[Offer]:
    surroundings = context.find_object(Surroundings)
    if surroundings is None:
        return []
    try:
        return [offer for offer in islice(ask(surroundings.client), MOST_OFFERED) if offer[0].startswith(incomplete)]
    except FarsyncError:
        return []
