"""Whether the main job ended as it should: every run succeeded and was told once."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sandbox.main_job.aws_client import Described
from sandbox.main_job.run_observer import RunSight
from sandbox.main_job.triggers import StartedRun
from sandbox.settings import Cloud

PARENT_ENDS_WITHIN_SECONDS = 30


class MainJobFailed(Exception):
    """The main job did not end as it should. The text says why, and which log to read."""


def check_runs(sights: Sequence[RunSight], logs_folder: Path, buckets_folders: Mapping[Cloud, Path]) -> None:
    """Raises MainJobFailed unless every run succeeded."""
    for sight in sights:
        run = sight.run
        if sight.state != "SUCCEEDED":
            raise MainJobFailed(
                f"the {run.cloud} run started by the {run.trigger} ended as {sight.state}: {sight.error}. "
                f"The logs of the functions are in {logs_folder}, those of the job under {buckets_folders[run.cloud]}"
            )


def check_parents(
    runs: Sequence[StartedRun],
    sights: Sequence[RunSight],
    describe: Callable[[str], Described | None],
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> None:
    """Raises MainJobFailed unless the state machine that waited for a run went on with that run's result."""
    for run, sight in zip(runs, sights, strict=True):
        if run.parent_arn is None:
            continue
        deadline = clock() + PARENT_ENDS_WITHIN_SECONDS
        while (told := describe(run.parent_arn)) is None or told.status == "RUNNING":
            if clock() > deadline:
                raise MainJobFailed("the state machine that started a run did not notice the end of it")
            sleep(0.1)
        if told.status != "SUCCEEDED":
            raise MainJobFailed(f"the state machine that started a run ended as {told.status}: {told.error}")
        if told.output.get("executionId") != sight.execution_id:
            raise MainJobFailed(f"the state machine that started a run got another result: {dict(told.output)}")


def check_events(events: Sequence[Mapping[str, Any]], sights: Sequence[RunSight], logs_folder: Path) -> None:
    """Raises MainJobFailed unless each execution's success was told exactly once, and nothing else."""
    told = sorted(f"{event['type']} of {event['data'].get('executionId')}" for event in events)
    due = sorted(f"io.farsync.execution.succeeded of {sight.execution_id}" for sight in sights)
    if told != due:
        raise MainJobFailed(
            f"{len(due)} completion events were due ({', '.join(due)}), and {len(told)} came "
            f"({', '.join(told) or 'none'}). The logs are in {logs_folder}"
        )
