"""Time-outs, missed heartbeats, faults and sizes of tasks that wait for a token."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import SPEED
from .tokens import assert_dead, caught, rejection

Start = Callable[..., str]


@pytest.mark.parametrize("name", ["States.HeartbeatTimeout", "States.Timeout", "States.ALL"])
def test_a_missed_heartbeat_is_caught_by_its_own_name_and_as_a_timeout(
    sfn: Any, start: Start, finished: Callable[[str], dict[str, Any]], name: str
) -> None:
    arn = start(TimeoutSeconds=300, HeartbeatSeconds="{% 5 + 5 %}", Catch=caught(name))
    assert json.loads(finished(arn)["output"])["Error"] == "States.Timeout"
    events = sfn.get_execution_history(executionArn=arn)["events"]
    (missed,) = [event for event in events if event["type"] == "TaskTimedOut"]
    assert missed["taskTimedOutEventDetails"]["error"] == "States.Timeout"


def test_a_time_out_is_not_caught_as_a_missed_heartbeat(
    start: Start, finished: Callable[[str], dict[str, Any]]
) -> None:
    arn = start(TimeoutSeconds=10, HeartbeatSeconds="{% 9999 %}", Catch=caught("States.HeartbeatTimeout"))
    assert finished(arn)["status"] == "FAILED"


def test_heartbeats_keep_a_task_alive(
    sfn: Any, start: Start, next_body: Callable[[], dict[str, Any]], finished: Callable[[str], dict[str, Any]]
) -> None:
    arn = start(TimeoutSeconds=300, HeartbeatSeconds=10)
    token = next_body()["token"]
    until = time.monotonic() + 2 * 10 / SPEED
    while time.monotonic() < until:
        sfn.send_task_heartbeat(taskToken=token)
    sfn.send_task_success(taskToken=token, output="1")
    assert finished(arn)["status"] == "SUCCEEDED"


def test_a_limit_below_a_second_is_an_error_of_its_expression(
    start: Start, finished: Callable[[str], dict[str, Any]]
) -> None:
    ended = finished(start({"left": -3}, TimeoutSeconds="{% $states.input.left %}"))
    assert (ended["status"], ended["error"]) == ("FAILED", "States.QueryEvaluationError")
    assert "TimeoutSeconds" in ended["cause"]


@pytest.mark.parametrize("fault", ["http_429", "http_500", "reset_before"])
@pytest.mark.parametrize("operation", ["SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat"])
def test_a_fault_on_a_token_leaves_it_alive(
    sfn: Any,
    start: Start,
    next_body: Callable[[], dict[str, Any]],
    finished: Callable[[str], dict[str, Any]],
    order_faults: Callable[..., None],
    operation: str,
    fault: str,
) -> None:
    arn = start()
    token = next_body()["token"]
    order_faults(operation=operation, fault=fault, match=token)
    calls = {
        "SendTaskSuccess": lambda: sfn.send_task_success(taskToken=token, output="1"),
        "SendTaskFailure": lambda: sfn.send_task_failure(taskToken=token, error="E"),
        "SendTaskHeartbeat": lambda: sfn.send_task_heartbeat(taskToken=token),
    }
    with pytest.raises(Exception, match=r"Throttling|InternalFailure|Connection"):
        calls[operation]()
    sfn.send_task_success(taskToken=token, output="2")
    assert finished(arn)["output"] == "2"


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("send_task_success", {"output": json.dumps("x" * 262144)}),
        ("send_task_failure", {"error": "e" * 257}),
        ("send_task_failure", {"cause": "c" * 32769}),
    ],
)
def test_what_is_too_long_is_rejected_and_the_token_lives(
    sfn: Any,
    start: Start,
    next_body: Callable[[], dict[str, Any]],
    finished: Callable[[str], dict[str, Any]],
    operation: str,
    arguments: dict[str, Any],
) -> None:
    arn = start()
    token = next_body()["token"]
    code, message = rejection(getattr(sfn, operation), taskToken=token, **arguments)
    assert code == "ValidationException"
    assert next(iter(arguments)) in message
    sfn.send_task_failure(taskToken=token, error="e" * 256, cause="c" * 32768)
    assert len(finished(arn)["cause"]) == 32768


def test_a_send_whose_reply_is_lost_times_out_and_its_token_is_dead(
    sfn: Any,
    start: Start,
    next_body: Callable[[], dict[str, Any]],
    finished: Callable[[str], dict[str, Any]],
    order_faults: Callable[..., None],
) -> None:
    order_faults(operation="SendMessage", fault="timeout_after", seconds=30, match="tokens-")
    arn = start(TimeoutSeconds=10, Catch=caught("States.Timeout"))
    token = next_body()["token"]
    assert finished(arn)["status"] == "SUCCEEDED"
    assert_dead(sfn, token)
