"""A task that waits for its token: how it ends, and what AWS answers for a token that is over, or never was."""

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import SPEED

Finished = Callable[[str], dict[str, Any]]
TypesIn = Callable[[str], list[str]]
DEAD = ("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
INVALID = ("InvalidToken", "Invalid Token: 'Invalid token'")


class Follow:
    """Starts executions of one state that sends its token to a queue and waits, and acts on the tokens."""

    def __init__(self, sfn: Any, sqs: Any, start: Callable[..., str]) -> None:
        self._sfn, self._sqs, self._start = sfn, sqs, start
        self._url: str = sqs.create_queue(QueueName=f"tokens-{time.monotonic_ns()}")["QueueUrl"]
        self.calls: dict[str, Callable[[str], Any]] = {
            "SendTaskHeartbeat": lambda token: sfn.send_task_heartbeat(taskToken=token),
            "SendTaskSuccess": lambda token: sfn.send_task_success(taskToken=token, output="1"),
            "SendTaskFailure": lambda token: sfn.send_task_failure(taskToken=token, error="E"),
        }

    def start(self, given: Any = None, **more: Any) -> str:
        arguments = {"QueueUrl": self._url, "MessageBody": {"token": "{% $states.context.Task.Token %}"}}
        resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
        task = {"Type": "Task", "Resource": resource, "Arguments": arguments, "End": True}
        return self._start({"Follow": task | more, "Caught": {"Type": "Pass", "End": True}}, given)

    def token(self) -> str:
        (message,) = self._sqs.receive_message(QueueUrl=self._url, WaitTimeSeconds=10)["Messages"]
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return str(json.loads(message["Body"])["token"])

    def assert_rejected(self, token: str, how: tuple[str, str]) -> None:
        for call in self.calls.values():
            assert rejection(partial(call, token)) == how


def rejection(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as raised:
        call()
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


def caught(name: str) -> list[dict[str, Any]]:
    return [{"ErrorEquals": [name], "Output": "{% $states.errorOutput %}", "Next": "Caught"}]


@pytest.fixture
def follow(sfn: Any, sqs: Any, start: Callable[..., str]) -> Follow:
    return Follow(sfn, sqs, start)


def test_the_result_of_a_token_is_the_result_of_the_task(sfn: Any, follow: Follow, finished: Finished) -> None:
    arn = follow.start()
    token = follow.token()
    sfn.send_task_success(taskToken=token, output='{"ended": true}')
    assert json.loads(finished(arn)["output"]) == {"ended": True}
    follow.assert_rejected(token, DEAD)


def test_a_token_that_never_was_is_invalid(follow: Follow) -> None:
    follow.assert_rejected("nothing", INVALID)


def test_the_token_of_a_task_that_timed_out_is_dead(follow: Follow, finished: Finished) -> None:
    arn = follow.start(TimeoutSeconds="{% $min([12, 15]) %}", Catch=caught("States.Timeout"))
    token = follow.token()
    assert json.loads(finished(arn)["output"]) == {"Error": "States.Timeout", "Cause": ""}
    follow.assert_rejected(token, DEAD)


def test_an_aborted_execution_ends_at_once_and_its_token_is_dead(sfn: Any, follow: Follow, types_in: TypesIn) -> None:
    arn = follow.start(Catch=caught("States.ALL"), TimeoutSeconds=3000, HeartbeatSeconds=900)
    token = follow.token()
    sfn.stop_execution(executionArn=arn)
    assert types_in(arn)[-1] == "ExecutionAborted"
    follow.assert_rejected(token, DEAD)


def test_every_attempt_has_a_token_of_its_own(sfn: Any, follow: Follow, finished: Finished) -> None:
    arn = follow.start(Retry=[{"ErrorEquals": ["Again"], "IntervalSeconds": 1, "MaxAttempts": 1}])
    first = follow.token()
    sfn.send_task_failure(taskToken=first, error="Again")
    second = follow.token()
    follow.assert_rejected(first, DEAD)
    sfn.send_task_success(taskToken=second, output="2")
    assert finished(arn)["output"] == "2"


@pytest.mark.parametrize("name", ["States.HeartbeatTimeout", "States.Timeout", "States.ALL"])
def test_a_missed_heartbeat_is_caught_by_its_own_name_and_as_a_timeout(
    follow: Follow, finished: Finished, name: str
) -> None:
    arn = follow.start(TimeoutSeconds=300, HeartbeatSeconds="{% 5 + 5 %}", Catch=caught(name))
    assert json.loads(finished(arn)["output"])["Error"] == "States.Timeout"


def test_a_time_out_is_not_caught_as_a_missed_heartbeat(follow: Follow, finished: Finished) -> None:
    arn = follow.start(TimeoutSeconds=10, HeartbeatSeconds="{% 9999 %}", Catch=caught("States.HeartbeatTimeout"))
    assert finished(arn)["status"] == "FAILED"


def test_heartbeats_keep_a_task_alive(sfn: Any, follow: Follow, finished: Finished) -> None:
    arn = follow.start(TimeoutSeconds=300, HeartbeatSeconds=10)
    token = follow.token()
    until = time.monotonic() + 2 * 10 / SPEED
    while time.monotonic() < until:
        sfn.send_task_heartbeat(taskToken=token)
    sfn.send_task_success(taskToken=token, output="1")
    assert finished(arn)["status"] == "SUCCEEDED"


def test_a_limit_below_a_second_is_an_error_of_its_expression(follow: Follow, finished: Finished) -> None:
    ended = finished(follow.start({"left": -3}, TimeoutSeconds="{% $states.input.left %}"))
    assert ended["error"] == "States.QueryEvaluationError"
    assert "TimeoutSeconds" in ended["cause"]


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("send_task_success", {"output": json.dumps("x" * 262144)}),
        ("send_task_failure", {"error": "e" * 257}),
        ("send_task_failure", {"cause": "c" * 32769}),
    ],
)
def test_what_is_too_long_is_rejected_and_the_token_lives(
    sfn: Any, follow: Follow, finished: Finished, operation: str, arguments: dict[str, Any]
) -> None:
    arn = follow.start()
    token = follow.token()
    code, message = rejection(lambda: getattr(sfn, operation)(taskToken=token, **arguments))
    assert code == "ValidationException"
    assert next(iter(arguments)) in message
    sfn.send_task_failure(taskToken=token, error="e" * 256, cause="c" * 32768)
    assert len(finished(arn)["cause"]) == 32768


def test_a_send_whose_reply_is_lost_times_out_and_its_token_is_dead(
    follow: Follow, finished: Finished, order_faults: Callable[..., None]
) -> None:
    order_faults(operation="SendMessage", fault="timeout_after", seconds=30, match="tokens-")
    arn = follow.start(TimeoutSeconds=10, Catch=caught("States.Timeout"))
    token = follow.token()
    assert finished(arn)["status"] == "SUCCEEDED"
    follow.assert_rejected(token, DEAD)
