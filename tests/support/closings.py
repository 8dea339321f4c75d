"""Moments in a run's history, the events that a run left, and messages on the queue of runs to be closed."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

History = list[dict[str, Any]]
CANCELED = "io.farsync.execution.canceled"
SUCCEEDED = "io.farsync.execution.succeeded"
FAILED = "io.farsync.execution.failed"
TIMED_OUT = "io.farsync.execution.timed_out"
RUN_FAILED = "io.farsync.run.failed"
UNOBSERVABLE = "io.farsync.run.unobservable"


def entered(state: str) -> Callable[[History], bool]:
    return lambda newest: any(event.get("stateEnteredEventDetails", {}).get("name") == state for event in newest)


def stands_in(state: str) -> Callable[[History], bool]:
    def is_last_entered(newest: History) -> bool:
        entries = [event["stateEnteredEventDetails"]["name"] for event in newest if "stateEnteredEventDetails" in event]
        return entries[:1] == [state]

    return is_last_entered


def newest_events(sandbox: Sandbox, arn: str) -> History:
    page = sandbox.step_functions.get_execution_history(executionArn=arn, reverseOrder=True, maxResults=6)
    events: History = page["events"]
    return events


def wait_for_state(sandbox: Sandbox, arn: str, state: str) -> None:
    eventually(lambda: stands_in(state)(newest_events(sandbox, arn)))


def start_long_run(sandbox: Sandbox) -> tuple[str, str]:
    """A run that is followed, and its job."""
    job = sandbox.emulator.make_job(run_seconds=3600)
    request = {"connection": sandbox.emulator.connection, "job": job, "labels": {"team": "night"}}
    run = sandbox.start("run_job", request)
    wait_for_state(sandbox, run, "Follow")
    return run, job


def abort(sandbox: Sandbox, run_arn: str) -> None:
    sandbox.step_functions.stop_execution(executionArn=run_arn)


def statuses(sandbox: Sandbox, job: str) -> list[str]:
    """Of the job's executions, as the provider has them."""
    return [execution.status for execution in sandbox.emulator.truly_started(job)]


@contextmanager
def paused_closings(sandbox: Sandbox) -> Iterator[None]:
    """Messages wait on the queue of runs to be closed."""
    sandbox.change_mapping("close_run", "pause")
    try:
        yield
    finally:
        sandbox.change_mapping("close_run", "resume")


def emitted(sandbox: Sandbox, run_arn: str) -> list[dict[str, Any]]:
    """The events of a run, oldest first, as the log group of events has them; the queue had them before."""
    events = [line["event"] for line in sandbox.event_lines()]
    return [event for event in events if event.get("data", {}).get("runName") == run_arn.rpartition(":")[2]]


def wait_for_events(sandbox: Sandbox, run_arn: str, count: int = 1, seconds: float = 180) -> list[dict[str, Any]]:
    """As soon as there are so many."""

    def those() -> list[dict[str, Any]] | None:
        events = emitted(sandbox, run_arn)
        return events if len(events) >= count else None

    return eventually(those, seconds, every_seconds=0.3)


def types_emitted(sandbox: Sandbox, run_arn: str, count: int = 1) -> list[str]:
    return [event["type"] for event in wait_for_events(sandbox, run_arn, count)]


def send_to_be_closed(sandbox: Sandbox, run_arn: str, **added: object) -> None:
    """The rule's message once more, with what is added to it."""
    described = sandbox.step_functions.describe_execution(executionArn=run_arn)
    message = {
        "executionArn": run_arn,
        "name": described["name"],
        "status": described["status"],
        "stopDate": int(described["stopDate"].timestamp() * 1000),
        "redriveCount": described.get("redriveCount", 0),
        **added,
    }
    sandbox.queue.send_message(QueueUrl=sandbox.aws["closeQueueUrl"], MessageBody=json.dumps(message))
