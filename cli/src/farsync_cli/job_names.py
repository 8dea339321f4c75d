"""What people call a job, and what lists call it: the API lists runs by a job's id, and open ones without its name."""

from collections.abc import Mapping, Sequence
from itertools import islice

import typer

from farsync_cli.near_names import near_names
from farsync_client import Farsync, FarsyncError
from farsync_client.models import JobItem, RunItem

MOST_JOBS_READ = 500


def job_id(client: Farsync, job: str | None, connection: str | None) -> str | None:
    """The id of the job with this name or id, over that connection or any. Raises BadParameter.

    Where a connection's jobs cannot be listed, what was given is taken for an id.
    """
    if job is None:
        return None
    listed = {name: _jobs(client, name) for name in ([connection] if connection else _connections(client))}
    found = {item.job: name for name, items in listed.items() for item in items or () if job in (item.job, item.name)}
    if len(found) > 1:
        where = " and ".join(sorted(found.values()))
        raise typer.BadParameter(f"{job} is a job of {where}; name one with -c", param_hint="--job")
    if found or None in listed.values() or not listed:
        return next(iter(found), job)
    names = [name for items in listed.values() for item in items or () for name in (item.name, item.job)]
    near = " or ".join(near_names(job, names))
    raise typer.BadParameter(
        f"there is no job {job} over {', '.join(listed)}{f'; did you mean {near}?' if near else ''}",
        param_hint="--job",
    )


def with_job_names(client: Farsync, runs: Sequence[RunItem]) -> list[RunItem]:
    """Open runs with their jobs' names, which the runs of a list that have ended know, or else the provider."""
    known: dict[tuple[str, str | None], str] = {(run.connection, run.job): run.job_name for run in runs if run.job_name}
    nameless = {run.connection for run in runs if not run.job_name and (run.connection, run.job) not in known}
    for connection in sorted(nameless):
        known |= {(connection, item.job): item.name for item in _jobs(client, connection) or ()}
    return [_named(run, known) for run in runs]


def _named(run: RunItem, names: Mapping[tuple[str, str | None], str]) -> RunItem:
    name = run.job_name or names.get((run.connection, run.job))
    return run if name is None else run.model_copy(update={"job_name": name})


def _connections(client: Farsync) -> list[str]:
    try:
        return [item.name for item in client.connections()]
    except FarsyncError:
        return []


def _jobs(client: Farsync, connection: str) -> list[JobItem] | None:
    """None where they cannot be listed: names are a courtesy, and whoever may not list jobs reads ids."""
    try:
        return list(islice(client.jobs(connection), MOST_JOBS_READ))
    except FarsyncError:
        return None
