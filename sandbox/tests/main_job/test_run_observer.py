import json
from datetime import UTC, datetime
from typing import Any

from sandbox.main_job.run_observer import summarize_history

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entered(state: str) -> dict[str, Any]:
    return {"timestamp": NOON, "stateEnteredEventDetails": {"name": state}}


def task_succeeded(answer: dict[str, Any]) -> dict[str, Any]:
    output = json.dumps({"StatusCode": 200, "Payload": answer})
    return {"timestamp": NOON, "taskSucceededEventDetails": {"output": output}}


def test_a_run_that_has_just_begun_prepares() -> None:
    assert summarize_history([{"timestamp": NOON, "type": "ExecutionStarted"}]) == ("Prepare", None)


def test_the_start_says_which_execution_is_followed() -> None:
    started = [
        entered("Prepare"),
        task_succeeded({"name": "run"}),
        entered("Start"),
        task_succeeded({"outcome": "started", "run": {"executionId": "mY3275GiRXkm"}, "waitSeconds": 5}),
        entered("Decide"),
        entered("Follow"),
    ]
    assert summarize_history(started) == ("Follow", "mY3275GiRXkm")


def test_a_start_that_is_postponed_has_no_execution_yet() -> None:
    postponed = [entered("Start"), task_succeeded({"outcome": "postponed", "run": {}}), entered("StartLater")]
    assert summarize_history(postponed) == ("StartLater", None)
