"""Moments in a run's history, and the `close_run` of a run."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from tests.support.sandbox import Ended, Sandbox
from tests.support.waiting import eventually

History = list[dict[str, Any]]


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


def events_if_there(sandbox: Sandbox, arn: str) -> History:
    """The newest events of an execution that may be still to come."""
    try:
        return newest_events(sandbox, arn)
    except ClientError:
        return []


def wait_for_closing(sandbox: Sandbox, run_arn: str, name: str | None = None) -> Ended:
    """The end of the `close_run` that is named as the run."""
    closing = run_arn.replace("-run_job:", "-close_run:")
    if name:
        closing = f"{closing.rpartition(':')[0]}:{name}"
    eventually(lambda: events_if_there(sandbox, closing))
    return sandbox.wait_for(closing, 120)
