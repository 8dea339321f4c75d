"""`farsync events tail`: what was emitted, from the event log."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated

import typer

from farsync_cli.costs import ENDS
from farsync_cli.job_names import job_id
from farsync_cli.moments import moment, period
from farsync_cli.options import AnyConnectionOption, JobOption, JsonOption, SinceOption
from farsync_cli.rendering.events import event_table
from farsync_cli.surroundings import Surroundings, surroundings_of
from farsync_client.models import Event

TYPES = (*ENDS, "execution.needs_attention", "backfill.completed")
POLL_SECONDS = 5.0
MOST_PAGES = 20
MOST_AT_ONCE = 500
LATE_BY_AT_MOST = timedelta(minutes=2)
"""An event is in the log some time after its own time: each poll reads some that were shown before."""

events = typer.Typer(help="Events as they were emitted.", rich_markup_mode=None)


@events.callback()
def _group() -> None:
    """Keeps `tail` a command of its own while it is the only one."""


@events.command()
def tail(
    context: typer.Context,
    kind: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="TYPE", help="failed, execution.failed, ...; repeatable."),
    ] = None,
    since: SinceOption = None,
    job: JobOption = None,
    connection: AnyConnectionOption = None,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=1000, help="At most so many.")] = 20,
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on with what comes, until Ctrl-C.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the last events, the newest at the end; with --json a line each."""
    surroundings = surroundings_of(context)
    types = _types(kind or [])
    begun = moment(since, surroundings.now())
    job = job_id(surroundings.client, job, connection)
    read = _read(surroundings, types, begun, job, connection, MOST_AT_ONCE if follow else limit)
    found = read[-limit:]
    _show(surroundings, found, as_json=as_json, with_titles=True)
    if not found and not follow:
        surroundings.screen.note(f"No events{' like that' if kind or job or connection else ''} {period(since)}.")
    if not follow:
        return
    seen = {event.id for event in read}
    newest = found[-1].time if found else begun or surroundings.now()
    while True:
        surroundings.sleep(POLL_SECONDS)
        read = _read(surroundings, types, newest - LATE_BY_AT_MOST, job, connection, MOST_AT_ONCE)
        fresh = [event for event in read if event.id not in seen]
        _show(surroundings, fresh, as_json=as_json, with_titles=not seen)
        seen.update(event.id for event in fresh)
        newest = max(newest, *(event.time for event in fresh)) if fresh else newest


def _read(
    surroundings: Surroundings,
    types: list[str],
    since: datetime | None,
    job: str | None,
    connection: str | None,
    limit: int,
) -> list[Event]:
    """The oldest first."""
    pages = surroundings.client.event_pages(
        types=types, since=since, job=job, connection=connection, limit=min(limit, 100)
    )
    read = (event for page in islice(pages, MOST_PAGES) for event in page.events)
    return list(islice(read, limit))[::-1]


def _show(surroundings: Surroundings, found: list[Event], *, as_json: bool, with_titles: bool) -> None:
    screen = surroundings.screen
    if as_json:
        screen.show(event.model_dump_json(by_alias=True, exclude_unset=True) for event in found)
    elif found:
        screen.show(event_table(found, surroundings.now(), screen.width, with_titles=with_titles))


def _types(texts: list[str]) -> list[str]:
    """`failed` stands for every type that ends so. Raises BadParameter."""
    wanted: list[str] = []
    for text in texts:
        short = text.removeprefix("io.farsync.")
        matches = [known for known in TYPES if short in (known, known.rpartition(".")[2])]
        if not matches:
            raise typer.BadParameter(f"{text!r} must be one of {', '.join(TYPES)}", param_hint="--type")
        wanted += matches
    return list(dict.fromkeys(wanted))
