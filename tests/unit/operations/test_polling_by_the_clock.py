"""A run on the poll queue, receive by receive: its end, its deadline, and what breaks in between."""

from datetime import timedelta
from itertools import pairwise

import pytest

from farsync.model.errors import ExecutionNotFound, PermissionDenied, ProviderUnavailable, Throttled
from farsync.model.execution import ExecutionStatus
from tests.unit.operations.scripted_provider import STARTED_AT, Scripted, polled

HOUR = timedelta(hours=1)
GRACE = timedelta(seconds=300)
ENDLESS: dict[str, None] = {"ends_after": None, "cancel_takes": None}


def test_a_run_whose_execution_succeeds_is_followed_to_its_end_and_emitted_once() -> None:
    world = polled()
    world.deliver_all()
    assert world.event["type"] == "io.farsync.execution.succeeded"
    assert world.outcome["output"] == {**world.event["data"], "eventId": world.event["id"]}
    assert world.event["data"]["labels"] == {"team": "night"}
    assert world.event["data"]["polls"] == len(world.provider.polled_at)
    assert world.event["data"]["estimatedCostUsd"] > 0


def test_a_run_whose_execution_fails_ends_with_the_events_data_and_is_final() -> None:
    world = polled(Scripted(ends_as=ExecutionStatus.FAILED))
    world.deliver_all()
    assert world.outcome["error"] == "ExecutionFailed"
    assert world.outcome["cause"] == {**world.event["data"], "eventId": world.event["id"], "final": True}


def test_a_run_that_no_longer_waits_is_dropped_before_its_provider_is_asked() -> None:
    world = polled()
    world.aws.waiting.clear()
    world.deliver_all()
    assert not world.provider.polled_at
    assert not world.aws.queue
    assert not world.aws.emitted


@pytest.mark.parametrize(
    "action", ["SendTaskHeartbeat", "ChangeMessageVisibility", "StartExecution", "SendTaskSuccess"]
)
@pytest.mark.parametrize("moment", ["killed_before", "killed_after"])
def test_a_function_that_is_killed_anywhere_costs_a_run_nothing_but_time(action: str, moment: str) -> None:
    world = polled()
    getattr(world.aws, moment).append(action)
    world.deliver_all()
    assert world.event["type"] == "io.farsync.execution.succeeded"
    assert world.outcome["output"]["status"] == "SUCCEEDED"
    assert world.provider.now <= STARTED_AT + timedelta(minutes=12)


@pytest.mark.parametrize(
    "action", ["SendTaskHeartbeat", "ChangeMessageVisibility", "StartExecution", "SendTaskSuccess"]
)
def test_calls_that_aws_throttles_keep_the_message_until_they_pass(action: str) -> None:
    world = polled()
    world.aws.failing[action] = ["ThrottlingException"] * 5
    world.deliver_all()
    assert len(world.aws.events) == len(world.aws.outcomes) == 1
    assert "output" in world.outcome


@pytest.mark.parametrize("ends_as", [ExecutionStatus.SUCCEEDED, ExecutionStatus.FAILED])
def test_two_messages_of_one_token_poll_twice_and_emit_once(ends_as: ExecutionStatus) -> None:
    world = polled(Scripted(ends_as=ends_as))
    (message,) = world.aws.queue
    world.aws.queue.append(type(message)(message.body, message.visible_at, message.sent_at))
    world.deliver_all()
    assert len(world.aws.events) == len(world.aws.outcomes) == 1


def test_a_delivery_that_is_repeated_while_the_message_is_hidden_does_no_harm() -> None:
    world = polled()
    (message,) = world.aws.queue
    world.aws.deliver(world.environment)
    world.aws.deliver(world.environment, message)
    world.deliver_all()
    assert len(world.aws.events) == len(world.aws.outcomes) == 1


def test_an_execution_that_outlasts_the_deadline_is_cancelled_and_timed_out() -> None:
    world = polled(Scripted(ends_after=None))
    world.deliver_all()
    assert world.event["type"] == "io.farsync.execution.timed_out"
    assert world.event["data"]["cancelConfirmed"] is True
    assert (world.outcome["error"], world.outcome["cause"]["final"]) == ("DeadlineExceeded", True)
    assert world.provider.canceled_at
    assert STARTED_AT + HOUR <= world.provider.canceled_at < STARTED_AT + HOUR + timedelta(seconds=2)


def test_an_execution_that_succeeds_after_the_deadline_is_a_run_that_succeeded() -> None:
    world = polled(Scripted(ends_after=HOUR + timedelta(seconds=30), cancel_takes=None))
    world.deliver_all()
    assert world.provider.cancels
    assert world.event["type"] == "io.farsync.execution.succeeded"
    assert "output" in world.outcome


def test_an_execution_that_somebody_cancelled_before_the_deadline_is_canceled_however_late_it_is_seen() -> None:
    world = polled(Scripted(ends_after=HOUR - timedelta(minutes=1), ends_as=ExecutionStatus.CANCELED))
    world.go_to(STARTED_AT + HOUR + timedelta(minutes=1))
    world.deliver_all()
    assert world.outcome["error"] == "ExecutionCanceled"


@pytest.mark.parametrize("left_alone", [{"isAttached": True}, {"cancelOnAbort": False}])
def test_what_may_not_be_cancelled_is_left_running_and_said_so(left_alone: dict[str, bool]) -> None:
    world = polled(Scripted(ends_after=None), **left_alone)
    world.deliver_all()
    assert world.provider.cancels == 0
    assert world.event["type"] == "io.farsync.run.unobservable"
    assert "it is left running" in world.event["data"]["error"]["message"]
    assert "cancelConfirmed" not in world.event["data"]


def test_an_end_that_is_not_seen_within_the_grace_period_is_unobservable_and_not_final() -> None:
    world = polled(Scripted(**ENDLESS))  # type: ignore[arg-type]
    world.deliver_all()
    assert world.event["type"] == "io.farsync.run.unobservable"
    assert (world.outcome["error"], world.outcome["cause"]["final"]) == ("RunUnobservable", False)
    assert "its cancel was accepted" in world.event["data"]["error"]["message"]
    assert world.event["data"]["cancelConfirmed"] is False
    assert HOUR + GRACE <= world.provider.now - STARTED_AT <= HOUR + GRACE + timedelta(seconds=11)
    late = [moment for moment in world.provider.polled_at if moment >= STARTED_AT + HOUR]
    assert len(late) == world.provider.cancels == 31


def test_what_a_provider_rejects_is_named_where_the_end_is_not_seen() -> None:
    rejection = PermissionDenied("The keys may not cancel.")
    world = polled(Scripted(ends_after=None, rejection=rejection, failure=ProviderUnavailable("No reply.")))
    world.deliver_all()
    message = world.event["data"]["error"]["message"]
    assert "its cancel was rejected: PermissionDenied" in message
    assert "it could not be polled: ProviderUnavailable" in message


def test_a_redrive_gives_an_unobservable_run_an_event_of_its_own() -> None:
    first = polled(Scripted(**ENDLESS))  # type: ignore[arg-type]
    redriven = polled(Scripted(**ENDLESS), message={"redriveCount": 1})  # type: ignore[arg-type]
    first.deliver_all()
    redriven.deliver_all()
    assert first.event["id"] != redriven.event["id"]


@pytest.mark.parametrize(
    "failure",
    [ProviderUnavailable("No reply."), ExecutionNotFound("No such execution."), PermissionDenied("Not with these.")],
    ids=lambda failure: type(failure).__name__,
)
def test_a_provider_that_is_away_delays_the_end_and_does_not_bring_one(failure: Exception) -> None:
    world = polled(Scripted(failure=failure, is_away_until=timedelta(minutes=20)))  # type: ignore[arg-type]
    world.deliver_all()
    assert world.event["type"] == "io.farsync.execution.succeeded"
    polls = world.provider.polled_at
    assert all(later - sooner >= timedelta(seconds=15) for sooner, later in pairwise(polls))


def test_a_provider_that_asks_for_time_gets_it() -> None:
    failure = Throttled("Too many requests.", retry_after_seconds=400)
    world = polled(Scripted(failure=failure, is_away_until=timedelta(seconds=1)))
    world.deliver_all()
    assert world.provider.polled_at[1] - world.provider.polled_at[0] == timedelta(seconds=400)


def test_a_person_is_notified_once_while_the_execution_waits() -> None:
    world = polled(Scripted(attention_reason="somebody stopped it by hand"))
    world.deliver_all()
    notice, end = world.aws.events
    assert notice["type"] == "io.farsync.execution.needs_attention"
    assert notice["data"]["labels"] == {"team": "night"}
    assert end["type"] == "io.farsync.execution.succeeded"


def test_a_notice_that_aws_rejects_is_emitted_by_the_next_poll() -> None:
    world = polled(Scripted(attention_reason="somebody stopped it by hand"))
    world.aws.failing["StartExecution"] = ["ThrottlingException"]
    world.deliver_all()
    assert len(world.aws.events) == 2


def test_a_connection_whose_grace_period_for_a_person_is_over_ends_the_run_as_its_deadline_would() -> None:
    world = polled(Scripted(ends_after=None, attention_reason="stopped", grace_seconds=120))
    world.deliver_all()
    _, end = world.aws.events
    assert end["type"] == "io.farsync.execution.timed_out"
    assert timedelta(seconds=120) <= world.provider.now - STARTED_AT <= timedelta(seconds=150)


def test_a_grace_period_for_a_person_that_is_cut_short_afterwards_still_leaves_a_grace_period() -> None:
    world = polled(Scripted(ends_after=None, cancel_takes=timedelta(seconds=60), attention_reason="stopped"))
    world.deliver_all(timedelta(minutes=30))
    world.provider.grace_seconds = 60
    world.deliver_all()
    assert world.outcome["error"] == "DeadlineExceeded"
