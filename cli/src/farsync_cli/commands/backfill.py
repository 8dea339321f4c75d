"""`farsync backfill`: one job for many days."""

import secrets
from typing import Annotated

import typer

from farsync_cli.exit_codes import ExitCode
from farsync_cli.following import WatchBroken
from farsync_cli.listing import list_runs
from farsync_cli.near_names import near_names_offered
from farsync_cli.options import (
    ConnectionOption,
    JobArgument,
    JsonOption,
    LabelOption,
    ParameterOption,
    WatchOption,
    pairs,
)
from farsync_cli.rendering.backfill import backfill_outcome, backfill_progress, plan_page
from farsync_cli.surroundings import Surroundings, surroundings_of
from farsync_client import FarsyncError
from farsync_client.backfill import Backfills, BackfillStatus

POLL_SECONDS = 15.0
MOST_SETS = 366


def backfill(
    context: typer.Context,
    job: JobArgument,
    param: Annotated[str, typer.Option("--param", metavar="KEY", help="The parameter that takes the day.")],
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day, as 2026-01-01.")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="The last day; it is run too.")],
    every: Annotated[int | None, typer.Option(min=1, metavar="DAYS", help="Every so many days; else each.")] = None,
    day_format: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help="How the job reads a day; else %Y-%m-%d.")
    ] = None,
    parameter: ParameterOption = None,
    label: LabelOption = None,
    connection: ConnectionOption = "default",
    parallel: Annotated[int, typer.Option(min=1, max=40, help="How many runs go on side by side.")] = 1,
    stop_on_failures: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Start no more after so many failures.")
    ] = None,
    intent: Annotated[str | None, typer.Option(help="Runs of another intent are other runs.")] = None,
    name: Annotated[str | None, typer.Option(help="Its name; the same one follows it again while it goes on.")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only show what would be run.")] = False,
    watch: WatchOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run a job for each day of a range.

    Days that are done are left out.
    """
    surroundings = surroundings_of(context)
    with near_names_offered(surroundings.client, connection, job):
        job_id = surroundings.client.job(job, connection).job
    dates = {"from": first, "to": last, "parameter": param, "everyDays": every, "format": day_format}
    fields = {
        "parameters": pairs(parameter, "--parameter") or None,
        "labels": pairs(label, "--label") or None,
        "stopOnFailures": stop_on_failures,
        "intent": intent,
    }
    request: dict[str, object] = {
        "connection": connection,
        "job": job_id,
        "maxConcurrency": parallel,
        "dates": {key: value for key, value in dates.items() if value is not None},
        **{key: value for key, value in fields.items() if value is not None},
    }
    screen, backfills = surroundings.screen, Backfills(surroundings.aws, surroundings.client.stack)
    if plan:
        planned = backfills.plan(request)
        if as_json:
            screen.show_json(planned.as_sent())
        else:
            screen.show(plan_page(planned, job))
        return
    name = name or f"backfill-{secrets.token_hex(6)}"
    arn = backfills.start(request, name)
    if watch:
        screen.note(f"Backfill {name} of {job} has begun. Ctrl-C leaves it alone.")
        raise _follow(surroundings, backfills, arn, request, name, as_json=as_json)
    if as_json:
        screen.show_json({"name": name, "executionArn": arn})
        return
    screen.show([f"Backfill {name} of {job} has begun."])
    screen.note(f"Its runs: farsync ls --job {job}. Follow it: the same command with --watch --name {name}")


def _follow(
    surroundings: Surroundings,
    backfills: Backfills,
    arn: str,
    request: dict[str, object],
    name: str,
    *,
    as_json: bool,
) -> typer.Exit:
    """Until it is over; its outcome as the exit to raise."""
    screen = surroundings.screen
    try:
        total = len(backfills.plan(request).items)
        while True:
            try:
                status = backfills.status(arn)
                if status.state != "RUNNING":
                    break
                _show_progress(surroundings, status, request, total)
            except FarsyncError as error:
                if not error.is_transient:
                    raise
                screen.note(f"Trying again: {error.message}")
            surroundings.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        screen.note(f"Stopped watching; the backfill goes on. Follow it: the same command with --name {name}")
        return typer.Exit(ExitCode.INTERRUPTED)
    except FarsyncError as error:
        remedy = f"{error.remedy} The backfill goes on. Follow it: the same command with --name {name}"
        raise WatchBroken(error.message, remedy=remedy) from error
    if as_json:
        result = status.result.as_sent() if status.result else {"reason": status.reason}
        screen.show_json({"name": name, "state": status.state, **result})
    else:
        screen.show(backfill_outcome(status, surroundings.now(), screen.width))
    return typer.Exit(_exit_code(status))


def _show_progress(surroundings: Surroundings, status: BackfillStatus, request: dict[str, object], total: int) -> None:
    listing = list_runs(
        surroundings.client,
        states=(),
        since=status.started_at,
        until=None,
        connection=str(request["connection"]),
        job=str(request["job"]),
        most=MOST_SETS,
    )
    runs = [run for run in listing.runs if run.started_at >= status.started_at]
    line = backfill_progress(status, runs, total, surroundings.now())
    if surroundings.screen.is_terminal:
        surroundings.screen.show_live(line)
    else:
        surroundings.screen.note(line)


def _exit_code(status: BackfillStatus) -> ExitCode:
    """Where every set that failed is undecided, nobody knows."""
    if status.state == "SUCCEEDED":
        return ExitCode.SUCCEEDED
    if status.state == "TIMED_OUT":
        return ExitCode.TIMED_OUT
    is_unknown = status.result is not None and status.result.undecided and not status.result.failed
    return ExitCode.UNKNOWN if is_unknown else ExitCode.FAILED
