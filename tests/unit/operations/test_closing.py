"""What a run that ended leaves running is stopped until it has stopped, and its end is emitted."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from farsync.model.execution import iso_instant
from farsync.model.names import run_event_id
from tests.unit.operations.aws_in_memory import Run
from tests.unit.operations.closed_runs import WINDOW_AND_FUNCTION_SECONDS, ClosingScene
from tests.unit.operations.cloud import Cloud
from tests.unit.operations.marks import BOTH_CLOUDS

OUTAGE = "http_503"


@BOTH_CLOUDS
def test_an_aborted_run_s_execution_is_stopped_and_its_end_emitted(closing: ClosingScene) -> None:
    run = closing.started(labels={"team": "night"})
    closing.receive_until_done(closing.ended(run))
    assert closing.is_canceled(run["executionId"])
    assert closing.types == ["execution.canceled"]
    assert closing.data["error"]["name"] == "ExecutionCanceled"
    assert closing.data["error"]["message"].startswith("the run was aborted")
    assert closing.data["cancelConfirmed"] is True
    assert (closing.data["runName"], closing.data["labels"]) == ("a-run", {"team": "night"})


def test_an_execution_is_stopped_after_an_outage_of_any_length(closing: ClosingScene) -> None:
    run = closing.started()
    ended = closing.ended(run)
    for operation in ("poll", "cancel"):
        closing.cloud.fault(operation, OUTAGE, 99_999)
    for _ in range(12):
        assert closing.receive(ended) is False
        closing.pass_time(closing.aws.hidden_seconds[-1])
    assert closing.aws.hidden_seconds[0] <= 11
    assert closing.aws.hidden_seconds[-1] == 900
    assert closing.aws.events == {}
    closing.emulator.heal()
    closing.receive_until_done(ended)
    assert closing.is_canceled(run["executionId"])
    assert closing.types == ["execution.canceled"]


def test_a_failed_job_s_ordinary_closing_makes_one_aws_call_and_none_to_the_provider(closing: ClosingScene) -> None:
    cause = json.dumps({"status": "FAILED", "eventId": "an-id", "final": True})
    ended = closing.ended(closing.started(), "FAILED", error="ExecutionFailed", cause=cause)
    exchanges = closing.emulator.exchanges
    assert closing.receive(ended) is True
    assert closing.aws.asked == ["GetExecutionHistory"]
    assert closing.emulator.exchanges == exchanges


def test_an_execution_that_ended_by_itself_is_reported_as_it_ended(cloud: Cloud) -> None:
    closing = ClosingScene(cloud)
    run = closing.started()
    cloud.wait_until_over(run["executionId"])
    assert closing.receive(closing.ended(run)) is True
    assert closing.types == ["execution.succeeded"]
    assert "cancelConfirmed" not in closing.data


def test_the_poller_s_run_out_of_sight_is_followed_until_its_true_end(closing: ClosingScene) -> None:
    run = closing.started(deadlineAt=iso_instant(closing.now()))
    cause = json.dumps({"error": {"name": "RunUnobservable"}, "final": False})
    ended = closing.ended(run, "FAILED", error="RunUnobservable", cause=cause)
    closing.aws.events[run_event_id("a-run", 0)] = {"type": "io.farsync.run.unobservable", "data": {}}
    closing.receive_until_done(ended)
    assert closing.types == ["run.unobservable", "execution.timed_out"]


@pytest.mark.parametrize("kept", [{"isAttached": True}, {"cancelOnAbort": False}])
def test_an_execution_that_shall_not_be_canceled_is_left_running_and_said_to_be(
    closing: ClosingScene, kept: dict[str, Any]
) -> None:
    run = closing.started(**kept)
    ended = closing.ended(run)
    assert closing.receive(ended) is False
    closing.aws.asked.clear()
    assert closing.receive(ended) is False
    assert "StartExecution" not in closing.aws.asked
    assert closing.types == ["run.unobservable"]
    assert "left running" in closing.data["error"]["message"]
    assert "cancelConfirmed" not in closing.data
    assert closing.aws.hidden_seconds == [900, 900]
    assert not closing.is_cancel_requested
    closing.cloud.provider().cancel(run["job"], run["executionId"])
    closing.receive_until_done(ended)
    assert closing.types == ["run.unobservable", "execution.canceled"]
    assert "the run was aborted" not in list(closing.aws.events.values())[1]["data"]["error"]["message"]


def test_a_cancel_that_does_not_get_through_is_not_called_rejected(closing: ClosingScene) -> None:
    ended = closing.ended(closing.started())
    closing.emulator.fail_every("cancel", OUTAGE)
    closing.pass_time(hours=1)
    assert closing.receive(ended) is False
    assert closing.aws.events == {}


def test_a_run_that_is_redriven_before_its_cancel_keeps_its_execution(closing: ClosingScene) -> None:
    ended = closing.ended(closing.started())
    message = ended.message
    closing.aws.before["DescribeExecution"] = lambda: closing.redriven(ended)
    assert closing.receive(ended, **message) is True
    assert closing.aws.events == {}
    assert closing.cancels == 0


REDRIVEN: dict[str, Callable[[ClosingScene], Run]] = {
    "attached": lambda closing: closing.ended(closing.started(isAttached=True)),
    "searched-for": lambda closing: closing.unconfirmed(),
    "never-started": lambda closing: closing.never_prepared({"job": "x"}),
}


@pytest.mark.parametrize("begin", REDRIVEN.values(), ids=REDRIVEN)
def test_a_message_about_an_end_before_a_redrive_is_dropped(
    closing: ClosingScene, begin: Callable[[ClosingScene], Run]
) -> None:
    """The run goes on by itself, or its own message closes it."""
    ended = begin(closing)
    message = closing.redriven(ended)
    closing.pass_time(WINDOW_AND_FUNCTION_SECONDS + 2)
    assert closing.receive(ended, **message) is True
    assert closing.aws.events == {}
    assert closing.cancels == 0


def test_an_end_that_aws_shows_too_late_is_read_again_soon(closing: ClosingScene) -> None:
    ended = closing.ended(closing.started())
    message = ended.message
    end = ended.history.events.pop()
    assert closing.receive(ended) is False
    ended.status = "RUNNING"
    assert closing.receive(ended, **message) is False
    assert closing.aws.hidden_seconds == [10, 10]
    ended.history.events.append(end)
    ended.status = "ABORTED"
    closing.receive_until_done(ended)
    assert closing.types == ["execution.canceled"]


def test_a_thousand_throttled_reads_come_back_apart(closing: ClosingScene) -> None:
    ended = closing.ended(closing.started())
    closing.aws.reject("GetExecutionHistory")
    assert [closing.receive(ended) for _ in range(30)] == [False] * 30
    assert all(15 <= seconds <= 60 for seconds in closing.aws.hidden_seconds)
    assert len(set(closing.aws.hidden_seconds)) > 10
    closing.receives = 100
    assert closing.receive(ended) is False
    assert closing.aws.hidden_seconds[-1] == 900, "what does not answer for long is asked less often"


def test_a_closing_asks_aws_little(closing: ClosingScene) -> None:
    """A thousand aborts at once stay within the quotas of Step Functions."""
    closing.receive(closing.ended(closing.started()))
    calls = ["GetExecutionHistory", "DescribeExecution", "DescribeExecution", "ChangeMessageVisibility"]
    assert closing.aws.asked == calls
