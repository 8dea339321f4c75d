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


def test_a_failure_of_a_token_fails_the_task_with_its_error_and_cause(
    sfn: Any, start: Start, next_body: Callable[[], dict[str, Any]], finished: Callable[[str], dict[str, Any]]
) -> None:
    arn = start()
    sfn.send_task_failure(taskToken=next_body()["token"], error="ExecutionFailed", cause='{"final": true}')
    ended = finished(arn)
    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "ExecutionFailed", '{"final": true}')


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


def test_an_execution_that_times_out_leaves_a_dead_token(
    sfn: Any,
    machine: Callable[..., str],
    follow: Callable[..., dict[str, Any]],
    next_body: Callable[[], dict[str, Any]],
    finished: Callable[[str], dict[str, Any]],
) -> None:
    arn = sfn.start_execution(stateMachineArn=machine(follow(), TimeoutSeconds=1))["executionArn"]
    token = next_body()["token"]
    assert finished(arn)["status"] == "TIMED_OUT"
    assert_dead(sfn, token)


def test_a_redriven_execution_waits_for_a_new_token(
    sfn: Any, start: Start, next_body: Callable[[], dict[str, Any]], finished: Callable[[str], dict[str, Any]]
) -> None:
    arn = start()
    first = next_body()["token"]
    sfn.stop_execution(executionArn=arn)
    sfn.redrive_execution(executionArn=arn)
    second = next_body()["token"]
    assert second != first
    assert_dead(sfn, first)
    sfn.send_task_success(taskToken=second, output="7")
    assert finished(arn)["output"] == "7"


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


def test_a_branch_that_fails_ends_the_tokens_of_its_siblings(
    sfn: Any,
    machine: Callable[..., str],
    follow: Callable[..., dict[str, Any]],
    next_body: Callable[[], dict[str, Any]],
    finished: Callable[[str], dict[str, Any]],
) -> None:
    branch = {"StartAt": "Follow", "States": {"Follow": follow()["Follow"]}}
    arn = sfn.start_execution(
        stateMachineArn=machine({"Both": {"Type": "Parallel", "Branches": [branch, branch], "End": True}})
    )["executionArn"]
    first, second = next_body()["token"], next_body()["token"]
    sfn.send_task_failure(taskToken=first, error="E")
    assert finished(arn)["error"] == "E"
    assert_dead(sfn, second)


def test_iterations_of_a_map_wait_for_a_token_each(
    sfn: Any,
    machine: Callable[..., str],
    follow: Callable[..., dict[str, Any]],
    next_body: Callable[[], dict[str, Any]],
    finished: Callable[[str], dict[str, Any]],
) -> None:
    processor = {"StartAt": "Follow", "States": {"Follow": follow()["Follow"]}}
    states = {"Each": {"Type": "Map", "Items": "{% [1, 2] %}", "ItemProcessor": processor, "End": True}}
    arn = sfn.start_execution(stateMachineArn=machine(states))["executionArn"]
    for body in (next_body(), next_body()):
        sfn.send_task_success(taskToken=body["token"], output=str(10 * body["run"]))
    assert json.loads(finished(arn)["output"]) == [10, 20]
