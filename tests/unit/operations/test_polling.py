"""Polls of both providers' services: the end of a run, and a poll that brings none."""

import pytest

from conftest import LogLines
from tests.unit.operations.cloud import Cloud


def test_two_runs_that_follow_one_execution_emit_its_end_once(cloud: Cloud) -> None:
    queue, run = cloud.followed(labels={"team": "night"})
    cloud.wait_until_over(run["executionId"])
    queue.waiting.add("another-token")
    queue.follow({**run, "name": "another-run", "isAttached": True}, token="another-token")
    queue.deliver(cloud.environment)
    queue.deliver(cloud.environment)
    (event,), (outcome, another) = queue.emitted, queue.outcomes
    assert (event["type"], event["subject"]) == ("io.farsync.execution.succeeded", run["executionId"])
    assert event["data"]["labels"] == {"team": "night"}
    assert outcome["output"] == {**event["data"], "eventId": event["id"]}
    assert another["output"]["status"] == "SUCCEEDED"
    assert not queue.queue


def test_a_poll_that_changes_nothing_keeps_the_message_and_writes_no_line(
    slow_cloud: Cloud, log_lines: LogLines, capsys: pytest.CaptureFixture[str]
) -> None:
    queue, _ = slow_cloud.followed()
    (message,) = queue.queue
    queue.deliver(slow_cloud.environment)
    capsys.readouterr()
    lines_before = log_lines()
    queue.deliver(slow_cloud.environment, message)
    assert queue.queue == [message]
    assert 0 < message.visible_at - slow_cloud.clock() < 90
    assert (log_lines(), capsys.readouterr().out) == (lines_before, "")


def test_a_status_word_that_nobody_knows_is_no_end_and_is_logged(slow_cloud: Cloud, log_lines: LogLines) -> None:
    queue, _ = slow_cloud.followed()
    slow_cloud.fault("poll", "unknown_status")
    queue.deliver(slow_cloud.environment)
    assert len(queue.queue) == 1
    assert any(line.get("provider_status") == "SOMETHING_NEW" for line in log_lines() if line["level"] == "WARNING")
