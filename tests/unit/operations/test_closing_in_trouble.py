"""A closing whose function is killed, or whose calls to AWS fail, costs its run nothing but time."""

from datetime import timedelta

import pytest

from tests.unit.operations.aws_in_memory import Killed
from tests.unit.operations.closed_runs import ClosingScene
from tests.unit.operations.poll_queue import VISIBILITY_SECONDS


@pytest.mark.parametrize(
    "action", ["GetExecutionHistory", "DescribeExecution", "StartExecution", "ChangeMessageVisibility"]
)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_closing_that_is_killed_anywhere_stops_the_execution_and_emits_its_end_once(
    closing: ClosingScene, moment: str, action: str
) -> None:
    run = closing.started()
    ended = closing.ended(run)
    closing.aws.kill(moment, action)
    for _ in range(3):
        try:
            closing.receive_until_done(ended)
        except Killed:
            closing.pass_time(VISIBILITY_SECONDS)
    assert (closing.aws.before, closing.aws.after) == ({}, {})
    assert closing.is_canceled(run["executionId"])
    assert closing.types == ["execution.canceled"]


@pytest.mark.parametrize("action", ["GetExecutionHistory", "DescribeExecution", "StartExecution"])
def test_minutes_in_which_aws_throttles_a_closing_leave_nothing_running(closing: ClosingScene, action: str) -> None:
    run = closing.started()
    ended = closing.ended(run)
    closing.aws.reject(action)
    throttled_until = closing.now() + timedelta(minutes=6)
    while closing.now() < throttled_until:
        assert closing.receive(ended) is False
        closing.pass_time(VISIBILITY_SECONDS)
    assert closing.aws.events == {}
    closing.aws.recover()
    closing.receive_until_done(ended)
    assert closing.is_canceled(run["executionId"])
    assert closing.types == ["execution.canceled"]
