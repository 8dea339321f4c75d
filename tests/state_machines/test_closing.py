"""Whatever a run that failed, timed out or was aborted leaves behind is stopped, and one event says so."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from farsync.events.completion_event import CompletionEvent
from tests.state_machines.closing_scenarios import SCENARIOS, Closed, abort_all
from tests.state_machines.scenes import HOUR
from tests.support.closings import (
    CANCELED,
    RUN_FAILED,
    TIMED_OUT,
    abort,
    send_to_be_closed,
    start_long_run,
    statuses,
    types_emitted,
    wait_for_events,
)
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "completion-event.schema.json").read_text())
BREAKS = {"Type": "Pass", "Output": "{% $noSuchFunction() %}", "End": True}

Definition = dict[str, Any]


@pytest.fixture(scope="session")
def closed(sandbox: Sandbox) -> dict[str, Closed]:
    return abort_all(sandbox)


@pytest.mark.parametrize("title", SCENARIOS)
def test_an_aborted_run_has_its_events_and_no_others(closed: dict[str, Closed], title: str) -> None:
    events = [(event["type"], event["data"].get("error", {}).get("name")) for event in closed[title].events]
    assert events == SCENARIOS[title].events, closed[title].events
    for event in closed[title].events:
        jsonschema.validate(event, SCHEMA, format_checker=jsonschema.FormatChecker())
        CompletionEvent.model_validate(event)


@pytest.mark.parametrize("title", SCENARIOS)
def test_an_aborted_run_leaves_behind_only_what_it_may(sandbox: Sandbox, closed: dict[str, Closed], title: str) -> None:
    words = {"canceled": sandbox.emulator.canceled_word, "running": sandbox.emulator.running_word}
    executions = [execution.status for execution in closed[title].executions]
    assert executions == [words[word] for word in SCENARIOS[title].executions]


def test_an_execution_that_was_canceled_after_an_abort_says_so(closed: dict[str, Closed]) -> None:
    (event,) = closed["while it is followed"].events
    assert (event["data"]["status"], event["data"]["cancelConfirmed"]) == ("CANCELED", True)
    assert event["data"]["labels"] == {"team": "night"}
    assert event["data"]["error"]["message"] == "the run was aborted, and its execution cancelled"


def test_a_cancel_that_is_rejected_is_named(closed: dict[str, Closed]) -> None:
    unobservable, canceled = closed["with a cancel that is rejected at first"].events
    assert "PermissionDenied" in unobservable["data"]["error"]["message"]
    assert unobservable["data"]["executionId"] == canceled["data"]["executionId"]


@pytest.mark.parametrize(
    ("title", "reason"), [("and left running", "cancelOnAbort: false"), ("when it had attached", "attached to it")]
)
def test_what_is_left_running_on_purpose_is_named_with_the_reason(
    closed: dict[str, Closed], title: str, reason: str
) -> None:
    (event,), (execution,) = closed[title].events, closed[title].executions
    assert event["data"]["executionId"] == execution.execution_id
    assert reason in event["data"]["error"]["message"]


def test_without_evidence_nothing_is_canceled_and_the_candidates_are_named(closed: dict[str, Closed]) -> None:
    of_nobody = closed["while its execution cannot be known from another"]
    (event,) = of_nobody.events
    candidates = {candidate["executionId"] for candidate in event["data"]["candidates"]}
    assert candidates == {execution.execution_id for execution in of_nobody.executions}


def broken_after_its_start(definition: Definition) -> None:
    definition["States"]["Follow"] = BREAKS


def broken_before_its_start(definition: Definition) -> None:
    definition["States"]["Prepare"] = BREAKS


def out_of_time(definition: Definition) -> None:
    definition["TimeoutSeconds"] = 5


@pytest.mark.parametrize(
    ("change", "event_type", "executions"),
    [(broken_after_its_start, CANCELED, 1), (broken_before_its_start, RUN_FAILED, 0), (out_of_time, TIMED_OUT, 1)],
)
def test_a_run_that_broke_is_closed(
    sandbox: Sandbox, change: Callable[[Definition], None], event_type: str, executions: int
) -> None:
    """Of a machine like `run_job` in all but what breaks it; no rule knows it, so that its message is sent."""
    machine = sandbox.step_functions.describe_state_machine(stateMachineArn=sandbox.aws["stateMachines"]["run_job"])
    definition = json.loads(machine["definition"])
    change(definition)
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    broken = sandbox.create_state_machine(f"broken-{uuid.uuid4().hex}", definition)
    run = sandbox.start_arn(broken, {"connection": sandbox.emulator.connection, "job": job})
    sandbox.wait_for(run)
    send_to_be_closed(sandbox, run)
    assert types_emitted(sandbox, run) == [event_type]
    assert statuses(sandbox, job) == [sandbox.emulator.canceled_word] * executions


def test_a_run_is_closed_once_the_function_that_closes_it_is_put_back(sandbox: Sandbox) -> None:
    run, job = start_long_run(sandbox)
    sandbox.change_function("close_run", "delete")
    try:
        failed = sandbox.mapping("close_run")["failedBatches"]
        abort(sandbox, run)
        eventually(lambda: sandbox.mapping("close_run")["failedBatches"] > failed)
        assert statuses(sandbox, job) == [sandbox.emulator.running_word]
    finally:
        sandbox.change_function("close_run", "restore")
    assert types_emitted(sandbox, run) == [CANCELED]
    assert statuses(sandbox, job) == [sandbox.emulator.canceled_word]


def test_an_input_that_step_functions_takes_and_no_task_holds_has_its_event_too(sandbox: Sandbox) -> None:
    """262,144 bytes, to which a task of `run_job` adds the run's name."""
    request = {"connection": sandbox.emulator.connection, "job": sandbox.emulator.make_job(), "parameters": {"p": ""}}
    request["parameters"] = {"p": "x" * (262_144 - len(json.dumps(request)))}
    run = sandbox.start("run_job", request)
    (event,) = wait_for_events(sandbox, run)
    assert (event["type"], event["data"]["job"]) == (RUN_FAILED, request["job"])
    assert "States.DataLimitExceeded" in event["data"]["error"]["message"]
