"""Runs that ended without a known execution: their one event, and the search for what they may have begun."""

import json
from typing import Any

import pytest

from farsync.model.names import run_event_id
from tests.unit.operations.aws_in_memory import Run
from tests.unit.operations.closed_runs import WINDOW_AND_FUNCTION_SECONDS, ClosingScene
from tests.unit.operations.marks import BOTH_CLOUDS
from tests.unit.operations.provider_in_process import NaverInProcess

FIELDS = "status, end, name, message"
NEVER_STARTED: dict[str, tuple[str, dict[str, str], str, str]] = {
    "aborted": ("ABORTED", {}, "ExecutionCanceled", "the run was aborted before an execution was started"),
    "aborted-by": ("ABORTED", {"error": "A", "cause": "by Kim"}, "ExecutionCanceled", "an execution was started: by"),
    "aborted-by-a-riddle": (
        "ABORTED",
        {"cause": '{"errorMessage": "m"}'},
        "ExecutionCanceled",
        '{"errorMessage": "m"}',
    ),
    "timed-out": ("TIMED_OUT", {}, "DeadlineExceeded", "its time was up before an execution was started"),
    "rejected": (
        "FAILED",
        {"error": "JobNotFound", "cause": '{"errorMessage": "no job x"}'},
        "JobNotFound",
        "no job x",
    ),
    "in-words": ("FAILED", {"error": "AlreadyRunning", "cause": "it runs"}, "AlreadyRunning", "it runs"),
    "broken": ("FAILED", {"error": "States.Runtime"}, "RunUnobservable", "the run broke (States.Runtime) before"),
}


@pytest.mark.parametrize(FIELDS, NEVER_STARTED.values(), ids=NEVER_STARTED)
def test_a_run_that_began_nothing_has_one_event_that_says_why(
    closing: ClosingScene, status: str, end: dict[str, str], name: str, message: str
) -> None:
    ended = closing.never_prepared({"job": "x", "labels": {"team": "night"}}, status, **end)
    assert closing.receive(ended) is True
    assert (closing.types, closing.event["id"]) == (["run.failed"], run_event_id("a-run", 0))
    assert closing.data["error"]["name"] == name
    assert message in closing.data["error"]["message"]
    assert (closing.data["job"], closing.data["labels"]) == ("x", {"team": "night"})


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        5,
        {"job": 7, "labels": "x"},
        {"detail": {"job": "x"}},
        {"job": "x", "parameters": {"sql": '"' * 95_000}},
    ],
    ids=["null", "list", "number", "wrong-types", "event", "huge"],
)
def test_a_run_of_any_input_has_an_event(closing: ClosingScene, given: object) -> None:
    assert closing.receive(closing.never_prepared(given)) is True
    assert closing.types == ["run.failed"]


def test_a_failure_is_emitted_once_for_each_redrive_however_often_the_run_is_swept(closing: ClosingScene) -> None:
    ended = closing.never_prepared({"job": "x"})
    assert closing.receive(ended) is True
    closing.aws.asked.clear()
    assert closing.receive(ended, isSwept=True) is True
    assert closing.aws.asked == ["GetExecutionHistory", "DescribeExecution", "DescribeExecution"]
    again = closing.closed(ended.history.after(5).redriven(), {"job": "x"})
    again.redrive_count = 1
    assert closing.receive(again) is True
    assert set(closing.aws.events) == {run_event_id("a-run", 0), run_event_id("a-run", 1)}


@BOTH_CLOUDS
def test_an_unconfirmed_start_is_searched_for_once_the_provider_must_list_it(closing: ClosingScene) -> None:
    ended = closing.unconfirmed()
    exchanges = closing.emulator.exchanges
    assert closing.receive(ended) is False
    assert closing.emulator.exchanges == exchanges
    assert WINDOW_AND_FUNCTION_SECONDS - 2 <= closing.aws.hidden_seconds[0] <= WINDOW_AND_FUNCTION_SECONDS + 1
    closing.pass_time(closing.aws.hidden_seconds[0])
    assert closing.receive(ended) is True
    assert closing.types == ["run.failed"]
    assert closing.data["error"]["name"] == "ExecutionCanceled"


@BOTH_CLOUDS
def test_an_execution_that_an_unconfirmed_start_began_is_stopped(closing: ClosingScene) -> None:
    ended = closing.unconfirmed()
    execution_id = closing.post()
    closing.receive_until_done(ended)
    assert closing.is_canceled(execution_id)
    assert closing.types == ["execution.canceled"]
    assert (closing.data["executionId"], closing.data["runName"]) == (execution_id, "a-run")


@BOTH_CLOUDS
def test_where_two_executions_may_be_the_run_s_none_is_canceled_and_both_are_named(closing: ClosingScene) -> None:
    ended = closing.unconfirmed()
    ids = [closing.post(), closing.post()]
    closing.receive_until_done(ended)
    assert closing.types == ["run.failed"]
    assert closing.data["error"]["name"] == "AmbiguousStart"
    assert sorted(candidate["executionId"] for candidate in closing.data["candidates"]) == sorted(ids)
    assert not closing.is_cancel_requested


@BOTH_CLOUDS
@pytest.mark.parametrize(
    ("seconds_later", "error"),
    [(50, "AmbiguousStart"), (WINDOW_AND_FUNCTION_SECONDS + 30, "ExecutionCanceled")],
    ids=["within-the-window", "after-it"],
)
def test_an_execution_that_somebody_else_began_after_the_abort_is_not_canceled(
    closing: ClosingScene, seconds_later: int, error: str
) -> None:
    ended = closing.unconfirmed()
    closing.pass_time(seconds_later)
    closing.post()
    closing.receive_until_done(ended)
    assert closing.data["error"]["name"] == error
    assert not closing.is_cancel_requested


def test_a_start_that_was_ambiguous_to_the_run_itself_is_not_searched_for_again(closing: ClosingScene) -> None:
    run = closing.cloud.prepared()
    candidates = [{"executionId": "77", "providerStatus": "RUNNING"}]
    answer = {"outcome": "ambiguous", "run": run, "message": "2 may be of this run", "candidates": candidates}
    history = closing.history({"job": closing.cloud.job}).called("Prepare", {}, run)
    history.entered("Start").scheduled({"run": run}).failed("Lambda.Unknown").entered("AwaitConsistency")
    history.called("Find", {"run": run}, answer).entered("Decide").entered("Failed")
    exchanges = closing.emulator.exchanges
    assert (
        closing.receive(closing.closed(history, {"job": closing.cloud.job}, "FAILED", error="AmbiguousStart")) is True
    )
    assert closing.data["error"]["name"] == "AmbiguousStart"
    assert closing.data["candidates"] == candidates
    assert closing.emulator.exchanges == exchanges


def test_a_search_that_fails_is_repeated_for_as_long_as_the_provider_is_away(closing: ClosingScene) -> None:
    ended = closing.unconfirmed()
    execution_id = closing.post()
    closing.pass_time(hours=60)
    closing.receives = 200
    closing.emulator.fail_every("list_executions", "http_503")
    assert closing.receive(ended) is False
    assert closing.aws.events == {}
    closing.emulator.heal()
    closing.receive_until_done(ended)
    assert closing.is_canceled(execution_id)


def test_a_search_for_what_a_start_began_ends_once_its_job_is_gone_for_days(closing: ClosingScene) -> None:
    ended = closing.unconfirmed()
    closing.emulator.fail_every("list_executions", "not_found")
    closing.pass_time(hours=47)
    assert closing.receive(ended) is False
    assert closing.aws.events == {}
    closing.pass_time(hours=2)
    assert closing.receive(ended) is True
    assert closing.types == ["run.unobservable"]
    assert "could not be found out (JobNotFound" in closing.data["error"]["message"]


def test_an_undecided_search_is_repeated_until_the_other_run_knows_its_own(closing: ClosingScene) -> None:
    ended = closing.unconfirmed()
    ours, theirs = closing.post(), closing.post()
    request: dict[str, Any] = {"job": closing.cloud.job}
    other = {**closing.cloud.prepared(), "name": "another-run"}
    history = closing.history(request).called("Prepare", {"request": request, "run": {"name": "another-run"}}, other)
    history.entered("Start").scheduled({"request": request, "run": other, "redriveCount": 0})
    began_at = closing.clock() - 60
    closing.aws.runs["another-run"] = Run("another-run", json.dumps(request), began_at, history=history)
    for _ in range(15):
        assert closing.receive(ended) is False
        closing.pass_time(closing.aws.hidden_seconds[-1])
    assert closing.aws.events == {}
    history.now = closing.clock()
    history.answered({"outcome": "started", "run": {**other, "executionId": theirs}})
    closing.receive_until_done(ended)
    assert closing.types == ["execution.canceled"]
    assert closing.data["executionId"] == ours


@BOTH_CLOUDS
def test_what_is_searched_for_after_days_is_nothing_only_where_the_list_still_reaches_back(
    closing: ClosingScene,
) -> None:
    """DataArts Factory lists the last days only."""
    ended = closing.unconfirmed()
    closing.pass_time(days=4)
    closing.receive_until_done(ended)
    assert closing.types == ["run.failed"]
    is_whole_list = isinstance(closing.emulator, NaverInProcess)
    assert (closing.data["error"]["name"] != "AmbiguousStart") is is_whole_list
    assert ("no longer reaches back" in closing.data["error"]["message"]) is not is_whole_list


def test_a_start_that_was_unconfirmed_past_the_deadline_and_began_nothing_says_so(closing: ClosingScene) -> None:
    cause = json.dumps({"errorMessage": "the deadline passed, and it could not be searched for"})
    ended = closing.unconfirmed("FAILED", error="DeadlineExceeded", cause=cause)
    closing.receive_until_done(ended)
    assert closing.types == ["run.failed"]
    assert closing.data["error"]["name"] == "DeadlineExceeded"
    assert "no execution began" in closing.data["error"]["message"]
