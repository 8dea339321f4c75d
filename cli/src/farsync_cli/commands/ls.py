"""`farsync ls`: which runs there are, and why those failed that did."""

from typing import Annotated

import typer

from farsync_cli.job_names import job_id, with_job_names
from farsync_cli.listing import list_runs
from farsync_cli.moments import moment, period
from farsync_cli.near_names import near_names_offered
from farsync_cli.options import AnyConnectionOption, JobOption, JsonOption, SinceOption, UntilOption
from farsync_cli.rendering.runs import run_table
from farsync_cli.surroundings import surroundings_of
from farsync_client.models import ENDED_STATES, OPEN_STATES

FAILED_STATES = ("FAILED", "TIMED_OUT", "UNOBSERVABLE")
KNOWN_STATES = (*OPEN_STATES, *ENDED_STATES)


def ls(
    context: typer.Context,
    failed: Annotated[bool, typer.Option("--failed", help="Only what failed, timed out, or cannot be known.")] = False,
    running: Annotated[bool, typer.Option("--running", help="Only what goes on.")] = False,
    state: Annotated[
        list[str] | None, typer.Option(metavar="STATE", help=f"One of {', '.join(KNOWN_STATES)}; repeatable.")
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    job: JobOption = None,
    connection: AnyConnectionOption = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List runs: what goes on, and what ended in the last 24 hours."""
    surroundings = surroundings_of(context)
    now, screen = surroundings.now(), surroundings.screen
    states = _states(failed, running, state or [])
    with near_names_offered(surroundings.client, connection or ""):
        found = list_runs(
            surroundings.client,
            states=states,
            since=moment(since, now),
            until=moment(until, now, "--until"),
            connection=connection,
            job=job_id(surroundings.client, job, connection),
            most=limit,
        )
    if as_json:
        screen.show_json({"runs": [run.as_sent() for run in found.runs], "isComplete": not found.has_more})
        return
    if found.runs:
        screen.show(run_table(with_job_names(surroundings.client, found.runs), now, screen.width))
    else:
        screen.note(f"No runs{' like that' if states or job or connection else ''} {period(since)}.")
    if found.has_more:
        screen.note("There are more: --limit shows them, --job and -c ask for less.")


def _states(failed: bool, running: bool, states: list[str]) -> list[str]:
    """Raises BadParameter."""
    wanted = [*(FAILED_STATES if failed else ()), *(OPEN_STATES if running else ())]
    for text in states:
        if text.upper() not in KNOWN_STATES:
            raise typer.BadParameter(f"{text!r} must be one of {', '.join(KNOWN_STATES)}", param_hint="--state")
        wanted.append(text.upper())
    return list(dict.fromkeys(wanted))
