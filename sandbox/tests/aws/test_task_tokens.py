"""A task that waits for its token: what it sends, how it ends, and what AWS answers for a token that is over."""

import json
from collections.abc import Callable
from typing import Any

from tests.support.waiting import eventually

from .tokens import assert_dead, caught, rejection

Start = Callable[..., str]


def test_the_result_of_a_token_is_the_result_of_the_task(
    sfn: Any, start: Start, next_body: Callable[[], dict[str, Any]], finished: Callable[[str], dict[str, Any]]
) -> None:
    arn = start({"name": "월말"})
    body = next_body()
    assert body["run"] == {"name": "월말"}
    sfn.send_task_success(taskToken=body["token"], output='{"ended": true}')
    assert json.loads(finished(arn)["output"]) == {"ended": True}
    assert_dead(sfn, body["token"])


def test_a_token_that_never_was_is_invalid(sfn: Any) -> None:
    invalid = ("InvalidToken", "Invalid Token: 'Invalid token'")
    assert rejection(sfn.send_task_heartbeat, taskToken="nothing") == invalid
    assert rejection(sfn.send_task_success, taskToken="nothing", output="1") == invalid
    assert rejection(sfn.send_task_failure, taskToken="nothing") == invalid


def test_the_token_of_a_task_that_timed_out_is_dead(
    sfn: Any, start: Start, next_body: Callable[[], dict[str, Any]], finished: Callable[[str], dict[str, Any]]
) -> None:
    arn = start(TimeoutSeconds="{% $min([12, 15]) %}", Catch=caught("States.Timeout"))
    token = next_body()["token"]
    assert json.loads(finished(arn)["output"]) == {"Error": "States.Timeout", "Cause": ""}
    assert_dead(sfn, token)


def test_an_aborted_execution_ends_at_once_and_its_token_is_dead(
    sfn: Any, start: Start, next_body: Callable[[], dict[str, Any]]
) -> None:
    arn = start(Catch=caught("States.ALL"), TimeoutSeconds=3000, HeartbeatSeconds=900)
    token = next_body()["token"]
    sfn.stop_execution(executionArn=arn)
    assert sfn.describe_execution(executionArn=arn)["status"] == "ABORTED"
    assert_dead(sfn, token)
    last = sfn.get_execution_history(executionArn=arn, reverseOrder=True, maxResults=1)["events"]
    assert [event["type"] for event in last] == ["ExecutionAborted"]


def test_every_attempt_has_a_token_of_its_own(
    sfn: Any, start: Start, next_body: Callable[[], dict[str, Any]], finished: Callable[[str], dict[str, Any]]
) -> None:
    arn = start(Retry=[{"ErrorEquals": ["Again"], "IntervalSeconds": 1, "MaxAttempts": 1}])
    first = next_body()["token"]
    sfn.send_task_failure(taskToken=first, error="Again")
    second = next_body()["token"]
    assert second != first
    assert_dead(sfn, first)
    sfn.send_task_success(taskToken=second, output="2")
    assert finished(arn)["output"] == "2"


def test_history_says_the_token_and_the_limits_as_the_state_gives_them(
    sfn: Any, start: Start, next_body: Callable[[], dict[str, Any]]
) -> None:
    arn = start(TimeoutSeconds="{% 600 %}", HeartbeatSeconds=120)
    token = next_body()["token"]
    eventually(
        lambda: any(event["type"] == "TaskSubmitted" for event in sfn.get_execution_history(executionArn=arn)["events"])
    )
    events = {event["type"]: event for event in sfn.get_execution_history(executionArn=arn)["events"]}
    scheduled = events["TaskScheduled"]["taskScheduledEventDetails"]
    assert json.loads(scheduled["parameters"])["MessageBody"]["token"] == token
    assert (scheduled["timeoutInSeconds"], scheduled["heartbeatInSeconds"]) == (600, 120)
    assert "MessageId" in json.loads(events["TaskSubmitted"]["taskSubmittedEventDetails"]["output"])
    sfn.stop_execution(executionArn=arn)
