"""What AWS answers to a call about a token, and how a task catches its end."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


def caught(*names: str) -> list[dict[str, Any]]:
    return [{"ErrorEquals": list(names), "Output": "{% $states.errorOutput %}", "Next": "Caught"}]


def rejection(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


DEAD = ("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")


def assert_dead(sfn: Any, token: str) -> None:
    assert rejection(sfn.send_task_heartbeat, taskToken=token) == DEAD
    assert rejection(sfn.send_task_success, taskToken=token, output="1") == DEAD
    assert rejection(sfn.send_task_failure, taskToken=token, error="E") == DEAD
