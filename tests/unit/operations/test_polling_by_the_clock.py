"""A run on the poll queue, receive by receive: its end, its deadline, and what breaks in between."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from farsync.model.errors import ExecutionNotFound, FarsyncError, PermissionDenied, ProviderUnavailable
from farsync.model.execution import ExecutionStatus
from tests.unit.operations.scripted import STARTED_AT, Polled, Scripted

HOUR = timedelta(hours=1)
GRACE = timedelta(seconds=300)
ENDLESS: dict[str, Any] = {"ends_after": None, "cancel_takes": None}
ACTIONS = ["SendTaskHeartbeat", "ChangeMessageVisibility", "StartExecution", "SendTaskSuccess"]


def test_a_run_whose_execution_fails_ends_with_the_events_data_and_is_final() -> None:
    run = Polled(Scripted(ends_as=ExecutionStatus.FAILED)).deliver_all()
    assert run.outcome["error"] == "ExecutionFailed"
    assert run.outcome["cause"] == {**run.event["data"], "eventId": run.event["id"], "final": True}
    assert run.event["data"]["polls"] == len(run.provider.polled_at)
    assert run.event["data"]["estimatedCostUsd"] > 0


def test_a_run_that_no_longer_waits_is_dropped_before_its_provider_is_asked() -> None:
    run = Polled()
    run.aws.waiting.clear()
    run.deliver_all()
    assert (run.provider.polled_at, run.aws.queue, run.aws.events) == ([], [], {})


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_function_that_is_killed_anywhere_costs_a_run_nothing_but_time(action: str, moment: str) -> None:
    run = Polled()
    run.aws.kill(moment, action)
    run.deliver_all()
    assert run.event["type"] == "io.farsync.execution.succeeded"
    assert run.outcome["output"]["status"] == "SUCCEEDED"
    assert run.provider.now <= STARTED_AT + timedelta(minutes=12)


@pytest.mark.parametrize("action", ACTIONS)
def test_calls_that_aws_throttles_keep_the_message_until_they_pass(action: str) -> None:
    run = Polled()
    run.aws.reject(action, times=5)
    run.deliver_all()
    assert len(run.aws.events) == len(run.aws.outcomes) == 1
    assert "output" in run.outcome


def test_an_execution_that_outlasts_the_deadline_is_cancelled_and_timed_out() -> None:
    run = Polled(Scripted(ends_after=None)).deliver_all()
    assert run.event["type"] == "io.farsync.execution.timed_out"
    assert run.event["data"]["cancelConfirmed"] is True
    assert (run.outcome["error"], run.outcome["cause"]["final"]) == ("DeadlineExceeded", True)
    assert run.provider.canceled_at
    assert STARTED_AT + HOUR <= run.provider.canceled_at < STARTED_AT + HOUR + timedelta(seconds=2)


def test_an_execution_that_succeeds_after_the_deadline_is_a_run_that_succeeded() -> None:
    run = Polled(Scripted(ends_after=HOUR + timedelta(seconds=30), cancel_takes=None)).deliver_all()
    assert run.provider.cancels
    assert run.event["type"] == "io.farsync.execution.succeeded"
    assert "output" in run.outcome


@pytest.mark.parametrize("left_alone", [{"isAttached": True}, {"cancelOnAbort": False}])
def test_an_execution_that_may_not_be_canceled_is_left_running_and_said_to_be(left_alone: dict[str, Any]) -> None:
    run = Polled(Scripted(ends_after=None), **left_alone).deliver_all()
    assert run.provider.cancels == 0
    assert run.event["type"] == "io.farsync.run.unobservable"
    assert "it is left running" in run.event["data"]["error"]["message"]
    assert "cancelConfirmed" not in run.event["data"]


def test_an_end_that_is_not_seen_within_the_grace_period_is_unobservable_and_not_final() -> None:
    run = Polled(Scripted(**ENDLESS)).deliver_all()
    assert run.event["type"] == "io.farsync.run.unobservable"
    assert (run.outcome["error"], run.outcome["cause"]["final"]) == ("RunUnobservable", False)
    assert "its cancel was accepted" in run.event["data"]["error"]["message"]
    assert run.event["data"]["cancelConfirmed"] is False
    assert HOUR + GRACE <= run.provider.now - STARTED_AT <= HOUR + GRACE + timedelta(seconds=11)
    late = [moment for moment in run.provider.polled_at if moment >= STARTED_AT + HOUR]
    assert len(late) == run.provider.cancels == 31


@pytest.mark.parametrize(
    ("rejection", "reason"),
    [
        (PermissionDenied("The keys may not cancel."), "its cancel was rejected: PermissionDenied"),
        (ProviderUnavailable("No reply."), "its cancel was not confirmed: ProviderUnavailable"),
    ],
    ids=["rejected", "perhaps-taken"],
)
def test_what_a_provider_rejects_is_named_where_the_end_is_not_seen(rejection: FarsyncError, reason: str) -> None:
    provider = Scripted(ends_after=None, rejection=rejection, failure=ProviderUnavailable("No reply."))
    message = Polled(provider).deliver_all().event["data"]["error"]["message"]
    assert reason in message
    assert "it could not be polled: ProviderUnavailable" in message


def test_a_redrive_gives_an_unobservable_run_an_event_of_its_own() -> None:
    first, redriven = Polled(Scripted(**ENDLESS)), Polled(Scripted(**ENDLESS), {"redriveCount": 1})
    assert first.deliver_all().event["id"] != redriven.deliver_all().event["id"]


@pytest.mark.parametrize(
    "failure",
    [ProviderUnavailable("No reply."), ExecutionNotFound("No such execution."), PermissionDenied("Not with these.")],
    ids=lambda failure: type(failure).__name__,
)
def test_a_provider_that_is_away_delays_the_end_and_does_not_bring_one(failure: FarsyncError) -> None:
    run = Polled(Scripted(failure=failure, is_away_until=timedelta(minutes=20))).deliver_all()
    assert run.event["type"] == "io.farsync.execution.succeeded"
    assert all(later - sooner >= timedelta(seconds=15) for sooner, later in pairwise(run.provider.polled_at))


@pytest.mark.parametrize("failures", [0, 1], ids=["at-once", "after-a-rejection-by-aws"])
def test_a_person_is_notified_once_while_the_execution_waits(failures: int) -> None:
    run = Polled(Scripted(attention_reason="somebody stopped it by hand"))
    run.aws.reject("StartExecution", times=failures)
    notice, end = run.deliver_all().aws.emitted
    assert notice["type"] == "io.farsync.execution.needs_attention"
    assert notice["data"]["labels"] == {"team": "night"}
    assert end["type"] == "io.farsync.execution.succeeded"


def test_a_connection_whose_grace_period_for_a_person_is_over_ends_the_run_as_its_deadline_would() -> None:
    run = Polled(Scripted(ends_after=None, attention_reason="stopped", grace_seconds=120))
    _, end = run.deliver_all().aws.emitted
    assert end["type"] == "io.farsync.execution.timed_out"
    assert timedelta(seconds=120) <= run.provider.now - STARTED_AT <= timedelta(seconds=150)


def test_a_grace_period_for_a_person_that_is_cut_short_afterwards_still_leaves_a_grace_period() -> None:
    run = Polled(Scripted(ends_after=None, cancel_takes=timedelta(seconds=60), attention_reason="stopped"))
    run.deliver_all(timedelta(minutes=30))
    run.provider.grace_seconds = 60
    assert run.deliver_all().outcome["error"] == "DeadlineExceeded"
