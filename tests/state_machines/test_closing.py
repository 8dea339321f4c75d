"""Whatever a run that failed, timed out or was aborted leaves behind is stopped, and one event says so."""

import json
import uuid
from pathlib import Path

import jsonschema
import pytest

from farsync.events.completion_event import CompletionEvent
from tests.state_machines.broken_runs import AWS_FAILS, BROKEN, Closing, close_broken, close_while_aws_fails
from tests.state_machines.closing_scenarios import SCENARIOS, Closed, abort_all
from tests.support.closings import (
    CANCELED,
    RUN_FAILED,
    TIMED_OUT,
    abort,
    close_once_more,
    emitted,
    newest_events,
    send_to_be_closed,
    stands_in,
    start_long_run,
    statuses,
    types_emitted,
    wait_for_events,
)
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

pytestmark = pytest.mark.newest_dialects

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "completion-event.schema.json").read_text())
EVENTS_OF_BROKEN_RUNS = {
    "that broke after its start": (CANCELED, 1),
    "that broke before its start": (RUN_FAILED, 0),
    "that took too long": (TIMED_OUT, 1),
}


@pytest.fixture(scope="session")
def closed(sandbox: Sandbox) -> dict[str, Closed]:
    return abort_all(sandbox)


@pytest.fixture(scope="session")
def broken(sandbox: Sandbox) -> dict[str, Closing]:
    return close_broken(sandbox)


@pytest.fixture(scope="session")
def unlucky(sandbox: Sandbox) -> dict[str, Closing]:
    return close_while_aws_fails(sandbox)


@pytest.mark.parametrize("title", SCENARIOS)
def test_an_aborted_run_has_its_events_and_no_others(closed: dict[str, Closed], title: str) -> None:
    events = [(event["type"], event["data"].get("error", {}).get("name")) for event in closed[title].events]
    assert events == SCENARIOS[title].events, closed[title].events


@pytest.mark.parametrize("title", SCENARIOS)
def test_an_aborted_run_leaves_behind_only_what_it_may(sandbox: Sandbox, closed: dict[str, Closed], title: str) -> None:
    words = {
        "canceled": sandbox.emulator.canceled_word,
        "running": sandbox.emulator.running_word,
        "succeeded": sandbox.emulator.succeeded_word,
    }
    executions = [execution.status for execution in closed[title].executions]
    assert executions == [words[word] for word in SCENARIOS[title].executions]


@pytest.mark.parametrize("title", SCENARIOS)
def test_every_event_keeps_to_its_schema(closed: dict[str, Closed], title: str) -> None:
    for event in closed[title].events:
        jsonschema.validate(event, SCHEMA, format_checker=jsonschema.FormatChecker())
        CompletionEvent.model_validate(event)


def test_an_execution_that_was_canceled_after_an_abort_says_so(closed: dict[str, Closed]) -> None:
    (event,) = closed["while it is followed"].events
    assert event["data"]["status"] == "CANCELED"
    assert event["data"]["cancelConfirmed"] is True
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
    (event,) = closed[title].events
    (execution,) = closed[title].executions
    assert event["data"]["executionId"] == execution.execution_id
    assert reason in event["data"]["error"]["message"]


def test_without_evidence_nothing_is_canceled_and_the_candidates_are_named(closed: dict[str, Closed]) -> None:
    of_nobody = closed["while nobody can tell its execution from another"]
    (event,) = of_nobody.events
    candidates = {candidate["executionId"] for candidate in event["data"]["candidates"]}
    assert candidates == {execution.execution_id for execution in of_nobody.executions}


@pytest.mark.parametrize("title", BROKEN)
def test_a_run_that_broke_is_closed(sandbox: Sandbox, broken: dict[str, Closing], title: str) -> None:
    event_type, executions = EVENTS_OF_BROKEN_RUNS[title]
    assert [event["type"] for event in broken[title].events] == [event_type]
    assert broken[title].executions == [sandbox.emulator.canceled_word] * executions


@pytest.mark.parametrize("title", AWS_FAILS)
def test_aws_that_fails_for_a_while_delays_a_closing_and_ends_none(
    sandbox: Sandbox, unlucky: dict[str, Closing], title: str
) -> None:
    assert [event["type"] for event in unlucky[title].events] == [CANCELED]
    assert unlucky[title].executions == [sandbox.emulator.canceled_word]


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


def test_a_run_that_goes_on_is_not_touched_by_a_message_that_came_early(sandbox: Sandbox) -> None:
    run, job = start_long_run(sandbox)
    read = [call["subject"] for call in sandbox.calls("GetExecutionHistory")].count(run)
    send_to_be_closed(sandbox, run)
    eventually(lambda: [call["subject"] for call in sandbox.calls("GetExecutionHistory")].count(run) >= read + 3)
    assert statuses(sandbox, job) == [sandbox.emulator.running_word]
    assert stands_in("Follow")(newest_events(sandbox, run))
    abort(sandbox, run)
    assert types_emitted(sandbox, run) == [CANCELED]


def test_a_run_that_is_closed_again_has_no_second_event(sandbox: Sandbox) -> None:
    run, _ = start_long_run(sandbox)
    abort(sandbox, run)
    wait_for_events(sandbox, run)
    close_once_more(sandbox, run)
    assert len(emitted(sandbox, run)) == 1


def test_a_run_whose_failed_execution_was_seen_to_end_has_one_event(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job(source="nowhere")
    ended = sandbox.run({"job": job})
    run = sandbox.arn_of_run(ended.name)
    assert types_emitted(sandbox, run) == ["io.farsync.execution.failed"]
    close_once_more(sandbox, run)
    assert len(emitted(sandbox, run)) == 1


def test_a_rejected_run_that_is_closed_again_has_one_event(sandbox: Sandbox) -> None:
    run = sandbox.start("run_job", {"connection": sandbox.emulator.connection, "job": "NoSuchJob123"})
    (event,) = wait_for_events(sandbox, run)
    assert (event["type"], event["data"]["error"]["name"]) == (RUN_FAILED, "JobNotFound")
    close_once_more(sandbox, run)
    assert len(emitted(sandbox, run)) == 1


def test_two_runs_whose_long_names_begin_alike_each_have_their_own_event(sandbox: Sandbox) -> None:
    stem = f"{uuid.uuid4().hex}{uuid.uuid4().hex}-night"
    assert len(stem) == 70
    runs = [start_long_run(sandbox, f"{stem}-{number}") for number in (1, 2)]
    for run, _ in runs:
        abort(sandbox, run)
    for run, job in runs:
        (event,) = wait_for_events(sandbox, run)
        (execution,) = sandbox.emulator.truly_started(job)
        assert (event["type"], event["data"]["executionId"]) == (CANCELED, execution.execution_id)


@pytest.mark.parametrize(
    "given",
    [
        {
            "version": "0",
            "detail-type": "Object Created",
            "source": "aws.s3",
            "detail": {"job": "a", "connection": "b"},
        },
        {"requestContext": {"http": {"method": "POST"}}, "body": "{}", "job": "a"},
        {"job": "a", "labels": {"quotes": '"' * 95_000}},
        "a text",
    ],
    ids=["of EventBridge", "of an HTTP API", "too large", "no object"],
)
def test_a_run_that_is_started_with_what_is_no_request_is_rejected_in_one_event(
    sandbox: Sandbox, given: object
) -> None:
    run = sandbox.start("run_job", given)
    assert sandbox.wait_for(run).error == "InvalidRequest"
    (event,) = wait_for_events(sandbox, run)
    jsonschema.validate(event, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert (event["type"], event["data"]["error"]["name"]) == (RUN_FAILED, "InvalidRequest")
