"""`farsync rerun`: one run again, or all that failed."""

from datetime import datetime
from typing import Annotated

import typer

from farsync_cli.commands.ls import FAILED_STATES
from farsync_cli.exit_codes import ExitCode, exit_code_of_error
from farsync_cli.following import follow, how_to_go_on
from farsync_cli.job_names import job_id
from farsync_cli.listing import list_runs
from farsync_cli.moments import moment
from farsync_cli.options import (
    AnyConnectionOption,
    JobOption,
    JsonOption,
    KeyOption,
    LabelOption,
    ParameterOption,
    SinceOption,
    WatchOption,
    pairs,
)
from farsync_cli.rendering.runs import run_table
from farsync_cli.rendering.values import short_name
from farsync_cli.surroundings import Surroundings, surroundings_of
from farsync_client import FarsyncError, RunItem

MOST_AT_ONCE = 200


def rerun(
    context: typer.Context,
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="The run, as `ls` shows it.")] = None,
    parameter: ParameterOption = None,
    label: LabelOption = None,
    key: KeyOption = None,
    watch: WatchOption = False,
    failed: Annotated[bool, typer.Option("--failed", help="Every run that failed, in place of RUN.")] = False,
    since: SinceOption = None,
    job: JobOption = None,
    connection: AnyConnectionOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --failed: only show which.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --failed: do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run again, with the same request and scheduled time.

    Parameters and labels that you give are laid over those of the run.
    """
    if (run is None) == (not failed):
        raise typer.BadParameter("give a run, or --failed", param_hint="RUN")
    surroundings = surroundings_of(context)
    parameters, labels = pairs(parameter, "--parameter"), pairs(label, "--label")
    if run is not None:
        _rerun_one(surroundings, run, parameters, labels, key, watch=watch, as_json=as_json)
        return
    if watch or key:
        raise typer.BadParameter("goes with one RUN only", param_hint="--watch" if watch else "--key")
    since_moment = moment(since or "24h", surroundings.now())
    runs = _failed_runs(surroundings, since_moment, job, connection)
    if dry_run:
        _show_plan(surroundings, runs, as_json=as_json)
        return
    if not (yes or as_json) and runs:
        _show_plan(surroundings, runs, as_json=False)
        typer.confirm(f"Run these {len(runs)} again?", abort=True, err=True)
    _rerun_all(surroundings, runs, parameters, labels, as_json=as_json)


def _rerun_one(
    surroundings: Surroundings,
    name: str,
    parameters: dict[str, str],
    labels: dict[str, str],
    key: str | None,
    *,
    watch: bool,
    as_json: bool,
) -> None:
    screen = surroundings.screen
    begun = surroundings.client.rerun(name, parameters=parameters or None, labels=labels or None, key=key)
    text = f"Run {short_name(begun.name)} has begun, with the request of {short_name(name)}."
    if watch:
        screen.note(f"{text} Ctrl-C leaves it alone.")
        raise follow(surroundings, begun.name, as_json=as_json)
    if as_json:
        screen.show_json({"name": begun.name, "rerunOf": name})
        return
    screen.show([text])
    screen.note(how_to_go_on(begun.name))


def _failed_runs(
    surroundings: Surroundings, since: datetime | None, job: str | None, connection: str | None
) -> list[RunItem]:
    """Those that nobody has run again yet, the oldest first."""
    wanted = job_id(surroundings.client, job, connection)
    listing = list_runs(
        surroundings.client,
        states=(),
        since=since,
        until=None,
        connection=connection,
        # A list of one job over one connection shows open runs without labels, and so without what they run again.
        job=None,
        most=MOST_AT_ONCE * 10,
    )
    run_again = {run.labels.get("rerunOf") for run in listing.runs}
    failed = [
        run
        for run in listing.runs
        if run.state in FAILED_STATES and run.name not in run_again and wanted in (None, run.job)
    ]
    if len(failed) > MOST_AT_ONCE or listing.has_more:
        surroundings.screen.note("There are more than can be run again at once; call again afterwards.")
    return failed[::-1][:MOST_AT_ONCE]


def _show_plan(surroundings: Surroundings, runs: list[RunItem], *, as_json: bool) -> None:
    screen = surroundings.screen
    if as_json:
        screen.show_json({"runs": [run.as_sent() for run in runs]})
    elif runs:
        screen.show(run_table(runs, surroundings.now(), screen.width))
    else:
        screen.note("Nothing failed that has not been run again.")


def _rerun_all(
    surroundings: Surroundings,
    runs: list[RunItem],
    parameters: dict[str, str],
    labels: dict[str, str],
    *,
    as_json: bool,
) -> None:
    """One that is rejected does not keep the others from running."""
    screen = surroundings.screen
    begun: list[dict[str, str]] = []
    code = ExitCode.SUCCEEDED
    for run in runs:
        try:
            # One key for each run that failed: whoever repeats the command starts none twice.
            name = surroundings.client.rerun(
                run.name, parameters=parameters or None, labels=labels or None, key=f"rerun-failed-{run.name}"
            ).name
        except FarsyncError as error:
            code = exit_code_of_error(error)
            screen.note(f"{short_name(run.name)} {run.job_name or run.job}: {error.name}: {error}")
            continue
        begun.append({"name": name, "rerunOf": run.name})
        if not as_json:
            screen.show([f"{short_name(run.name)} {run.job_name or run.job}: runs again as {short_name(name)}"])
    if as_json:
        screen.show_json({"runs": begun})
    elif not runs:
        screen.note("Nothing failed that has not been run again.")
    raise typer.Exit(code)
