"""Polls of both providers' real services, message by message."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from conftest import LogLines
from tests.unit.operations.followed_runs import followed
from tests.unit.operations.old_cloud import Cloud, cloud, slow_cloud  # noqa: F401
from tests.unit.operations.queue_and_tokens import Message


def long_ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()


def hidden_for(message: Message) -> float:
    return message.visible_at - time.time()


def test_an_execution_that_goes_on_is_polled_again_later_with_the_same_message(slow_cloud: Cloud) -> None:
    aws, _ = followed(slow_cloud)
    (message,) = aws.queue
    aws.deliver(slow_cloud.environment)
    assert aws.queue == [message]
    assert 0 < hidden_for(message) < 90
    assert not aws.outcomes


def test_a_poll_that_changes_nothing_writes_no_line_to_the_log(slow_cloud: Cloud, log_lines: LogLines) -> None:
    aws, _ = followed(slow_cloud)
    lines_before = len(log_lines())
    aws.deliver(slow_cloud.environment)
    assert len(log_lines()) == lines_before


def test_the_end_is_emitted_and_ends_the_run(cloud: Cloud) -> None:
    aws, run = followed(cloud, labels={"team": "night"})
    cloud.wait_until_over(run["job"], run["executionId"])
    aws.deliver(cloud.environment)
    (event,), (outcome,) = aws.events, aws.outcomes
    assert event["type"] == "io.farsync.execution.succeeded"
    assert event["subject"] == run["executionId"]
    assert event["data"]["labels"] == {"team": "night"}
    assert outcome["output"] == {**event["data"], "eventId": event["id"]}
    assert not aws.queue


def test_two_runs_that_follow_one_execution_emit_its_end_once(cloud: Cloud) -> None:
    aws, run = followed(cloud)
    cloud.wait_until_over(run["job"], run["executionId"])
    aws.waiting.add("another-token")
    aws.follow({**run, "name": "another-run", "isAttached": True}, token="another-token")
    aws.deliver(cloud.environment)
    aws.deliver(cloud.environment)
    assert (len(aws.events), len(aws.outcomes)) == (1, 2)


def test_a_status_word_that_nobody_knows_is_no_end_and_is_logged(slow_cloud: Cloud, log_lines: LogLines) -> None:
    aws, run = followed(slow_cloud)
    slow_cloud.emulator.add_fault(run["job"], "poll", "unknown_status")
    aws.deliver(slow_cloud.environment)
    assert len(aws.queue) == 1
    assert any(line.get("provider_status") == "SOMETHING_NEW" for line in log_lines() if line["level"] == "WARNING")


@pytest.mark.parametrize("fault", ["not_found", "http_502_html"])
def test_a_failed_poll_is_a_longer_wait_and_judges_nothing(slow_cloud: Cloud, fault: str) -> None:
    aws, run = followed(slow_cloud)
    slow_cloud.emulator.add_fault(run["job"], "poll", fault, times=10)
    aws.deliver(slow_cloud.environment)
    assert 14 < hidden_for(aws.queue[0]) < 60
    assert not aws.outcomes


def test_past_the_deadline_the_execution_is_cancelled_and_its_end_seen_soon(slow_cloud: Cloud) -> None:
    aws, run = followed(slow_cloud, deadlineAt=long_ago(5))
    (message,) = aws.queue
    aws.deliver(slow_cloud.environment)
    assert 9 < hidden_for(message) <= 10
    slow_cloud.wait_until_over(run["job"], run["executionId"])
    aws.deliver(slow_cloud.environment, message)
    (event,), (outcome,) = aws.events, aws.outcomes
    assert event["type"] == "io.farsync.execution.timed_out"
    assert event["data"]["providerStatus"] == slow_cloud.emulator.canceled_word
    assert (outcome["error"], outcome["cause"]["final"]) == ("DeadlineExceeded", True)


def test_a_cancel_that_is_rejected_to_the_end_of_the_grace_period_leaves_the_run_unobservable(
    slow_cloud: Cloud,
) -> None:
    aws, run = followed(slow_cloud, deadlineAt=long_ago(301))
    slow_cloud.emulator.add_fault(run["job"], "cancel", "http_403", times=10)
    aws.deliver(slow_cloud.environment)
    (event,), (outcome,) = aws.events, aws.outcomes
    assert event["type"] == "io.farsync.run.unobservable"
    assert "its cancel was rejected: " in event["data"]["error"]["message"]
    assert (outcome["error"], outcome["cause"]["final"]) == ("RunUnobservable", False)


def test_a_cancel_that_a_failing_provider_may_have_taken_is_not_called_rejected(slow_cloud: Cloud) -> None:
    aws, run = followed(slow_cloud, deadlineAt=long_ago(301))
    slow_cloud.emulator.add_fault(run["job"], "cancel", "http_503", times=10)
    aws.deliver(slow_cloud.environment)
    (event,) = aws.events
    assert "its cancel was not confirmed: ProviderUnavailable" in event["data"]["error"]["message"]
    assert "rejected" not in event["data"]["error"]["message"]
