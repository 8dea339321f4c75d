"""What people are sent about runs that failed or need a person: the text of the rules of operations.yaml."""

from typing import Any

import pytest

from sandbox.aws.events.rules import matches, target_input
from sandbox.aws.template.model import Target
from tests.template.resources import OPERATIONS

RULES = ("RunNotificationRule", "WatchedNotificationRule")
FAILED = {"error": {"name": "ExecutionFailed", "message": 'node "load" failed'}}
NOTIFIED = ["execution.failed", "execution.timed_out", "execution.needs_attention", "run.failed", "run.unobservable"]


def event(kind: str, **data: Any) -> dict[str, Any]:
    """As EventBridge gets it from `emit_event`."""
    detail_type = f"io.farsync.{kind}"
    job = {"connection": "default", "job": "5Yns7JgRt25f", "jobName": "night_load"}
    return {"source": "io.farsync", "detail-type": detail_type, "detail": {"type": detail_type, "data": job | data}}


def notifications(event: dict[str, Any]) -> list[str]:
    found = []
    for name in RULES:
        rule = OPERATIONS["Resources"][name]["Properties"]
        if matches(rule["EventPattern"], event):
            transformer = rule["Targets"][0]["InputTransformer"]
            found.append(target_input(Target("topic", None, transformer), event))
    return found


def test_a_run_that_failed_is_explained_with_the_commands_that_go_on_from_there() -> None:
    assert notifications(event("execution.failed", executionId="tRUz1Vqc7DBI", runName="a-run", **FAILED)) == [
        '"io.farsync.execution.failed: job night_load (5Yns7JgRt25f), connection default"\n'
        '"node \\"load\\" failed"\n'
        '"Execution tRUz1Vqc7DBI of run a-run"\n'
        '"Details: farsync show a-run"\n'
        '"Log: farsync logs a-run"\n'
        '"Run it again: farsync rerun a-run"\n'
    ]


def test_a_watched_execution_that_failed_is_explained_without_a_run() -> None:
    assert notifications(event("execution.failed", executionId="tRUz1Vqc7DBI", **FAILED)) == [
        '"io.farsync.execution.failed: job night_load (5Yns7JgRt25f), connection default"\n'
        '"node \\"load\\" failed"\n'
        '"Execution tRUz1Vqc7DBI, which no run started"\n'
    ]


def test_an_execution_that_waits_for_a_person_says_what_that_person_can_do() -> None:
    (text,) = notifications(event("execution.needs_attention", runName="a-run", attention="It is paused: resume it."))
    assert '\n"It is paused: resume it."\n' in text


@pytest.mark.parametrize("kind", NOTIFIED)
def test_somebody_is_notified_once_of_whatever_a_run_did_not_achieve(kind: str) -> None:
    assert len(notifications(event(kind, runName="a-run"))) == 1


@pytest.mark.parametrize("kind", ["execution.succeeded", "execution.canceled", "backfill.completed"])
def test_nobody_is_notified_of_what_went_well_or_was_wanted(kind: str) -> None:
    assert notifications(event(kind, runName="a-run")) == []
