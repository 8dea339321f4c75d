import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.main_job.run_observer import summarize_history

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entered(state: str) -> dict[str, Any]:
    return {"timestamp": NOON, "stateEnteredEventDetails": {"name": state}}


def task_succeeded(answer: dict[str, Any], timestamp: datetime = NOON) -> dict[str, Any]:
    output = json.dumps({"StatusCode": 200, "Payload": answer})
    return {"timestamp": timestamp, "taskSucceededEventDetails": {"output": output}}


STARTED = [
    entered("Prepare"),
    task_succeeded({"name": "run"}),
    entered("Start"),
    task_succeeded({"run": {"executionId": "mY3275GiRXkm"}, "waitSeconds": 5}),
    entered("Wait"),
]


def test_a_run_that_has_just_begun_prepares() -> None:
    summary = summarize_history([{"timestamp": NOON, "type": "ExecutionStarted"}])

    assert (summary.state, summary.looks, summary.execution_id) == ("Prepare", 0, None)


def test_the_start_tells_the_execution_and_the_time_of_the_first_look() -> None:
    summary = summarize_history(STARTED)

    assert (summary.state, summary.looks, summary.execution_id) == ("Wait", 0, "mY3275GiRXkm")
    assert summary.next_look_at == NOON + timedelta(seconds=5)


def test_looks_are_counted_as_the_run_counts_them_and_move_the_next_one() -> None:
    look_at = NOON + timedelta(seconds=5)
    look = task_succeeded({"run": {"executionId": "mY3275GiRXkm", "polls": 2}, "waitSeconds": 7}, look_at)

    summary = summarize_history([*STARTED, entered("Poll"), look, entered("HasItEnded"), entered("Wait")])

    assert summary.looks == 2
    assert summary.next_look_at == look_at + timedelta(seconds=7)


def test_a_look_that_failed_changes_nothing() -> None:
    summary = summarize_history([*STARTED, entered("Poll"), {"timestamp": NOON, "type": "TaskFailed"}])

    assert (summary.looks, summary.execution_id) == (0, "mY3275GiRXkm")
    assert summary.next_look_at == NOON + timedelta(seconds=5)
