import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.main_job.run_observer import summarize_history

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entered(state: str) -> dict[str, Any]:
    return {"timestamp": NOON, "stateEnteredEventDetails": {"name": state}}


def task_succeeded(answer: dict[str, Any]) -> dict[str, Any]:
    output = json.dumps({"StatusCode": 200, "Payload": answer})
    return {"timestamp": NOON, "taskSucceededEventDetails": {"output": output}}


STARTED = {"outcome": "started", "run": {"executionId": "mY3275GiRXkm"}, "waitSeconds": 5}
POSTPONED = {"outcome": "postponed", "run": {}}


@pytest.mark.parametrize(
    ("history", "summary"),
    [
        ([], ("Prepare", None)),
        (
            [
                entered("Prepare"),
                task_succeeded({"name": "run"}),
                entered("Start"),
                task_succeeded(STARTED),
                entered("Follow"),
            ],
            ("Follow", "mY3275GiRXkm"),
        ),
        ([entered("Start"), task_succeeded(POSTPONED), entered("StartLater")], ("StartLater", None)),
    ],
    ids=["just begun", "started", "postponed"],
)
def test_a_history_says_the_state_and_the_execution(
    history: list[dict[str, Any]], summary: tuple[str, str | None]
) -> None:
    assert summarize_history([{"timestamp": NOON, "type": "ExecutionStarted"}, *history]) == summary
