"""Whether the main job ended as it should: every run succeeded, and each has exactly one event."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.main_job.aws_client import Described
from sandbox.main_job.failure import MainJobFailed
from sandbox.main_job.run_observer import RunSight
from sandbox.main_job.triggers import StartedRun

PARENT_ENDS_WITHIN_SECONDS = 30
EVENTS_COME_WITHIN_SECONDS = 15.0
QUIET_SECONDS = 3.0


def check_runs(sights: Sequence[RunSight]) -> None:
    """Raises MainJobFailed unless every run succeeded."""
    for sight in sights:
        run = sight.run
        if sight.state != "SUCCEEDED":
            raise MainJobFailed(
                f"the {run.cloud} run started by the {run.trigger} ended as {sight.state}: {sight.error}"
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
        while (parent := describe(run.parent_arn)) is None or parent.status == "RUNNING":
            if clock() > deadline:
                raise MainJobFailed("the state machine that started a run did not notice the end of it")
            sleep(0.1)
        if parent.status != "SUCCEEDED":
            raise MainJobFailed(f"the state machine that started a run ended as {parent.status}: {parent.error}")
        if parent.output.get("executionId") != sight.execution_id:
            raise MainJobFailed(f"the state machine that started a run got another result: {dict(parent.output)}")


def collect_events(
    take: Callable[[int], list[dict[str, Any]]], expected: int, clock: Callable[[], float]
) -> list[dict[str, Any]]:
    """Waits for the expected events as a consumer does, and then long enough to see that no further one comes.

    `take` receives for how many seconds it may wait for events.
    """
    events: list[dict[str, Any]] = []
    give_up_at = clock() + EVENTS_COME_WITHIN_SECONDS
    complete_since: float | None = None
    while True:
        events += take(1)
        now = clock()
        if len(events) >= expected and complete_since is None:
            complete_since = now
        if now >= give_up_at or (complete_since is not None and now - complete_since >= QUIET_SECONDS):
            return events


def check_events(events: Sequence[Mapping[str, Any]], sights: Sequence[RunSight]) -> None:
    """Raises MainJobFailed unless each execution has exactly one event, of its success."""
    came = sorted(f"{event['type']} of {event['data'].get('executionId')}" for event in events)
    due = sorted(f"io.farsync.execution.succeeded of {sight.execution_id}" for sight in sights)
    if came != due:
        raise MainJobFailed(
            f"{len(due)} completion events were due ({', '.join(due)}), "
            f"and {len(came)} came ({', '.join(came) or 'none'})"
        )
