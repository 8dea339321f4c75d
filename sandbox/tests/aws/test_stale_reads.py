"""What a function reads of an execution may be some seconds old, as with AWS."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.support.waiting import eventually

LAG_SECONDS = 30.0
SHORT_LAG_SECONDS = 1.0
"""Until what was not shown is shown; three reads in a row take less."""
Order = Callable[..., None]
Waiting = Callable[[], tuple[str, str]]


@pytest.fixture
def order(sandbox: dict[str, Any]) -> Iterator[Order]:
    url = f"{sandbox['endpoint']}/_sandbox/staleReads"
    yield lambda **asked: requests.put(url, json=asked, timeout=10).raise_for_status()
    requests.put(url, json={}, timeout=10).raise_for_status()


@pytest.fixture
def waiting(sfn: Any, machine: Callable[..., str]) -> Waiting:
    """Starts an execution that waits; gives its machine and its ARN."""

    def start() -> tuple[str, str]:
        made = machine({"Wait": {"Type": "Wait", "Seconds": 6000, "End": True}})
        return made, sfn.start_execution(stateMachineArn=made, input="{}")["executionArn"]

    return start


def test_an_execution_that_has_just_begun_is_not_shown_to_a_function_yet(
    sfn: Any, function_sfn: Any, order: Order, waiting: Waiting
) -> None:
    order(seconds=LAG_SECONDS)
    made, arn = waiting()
    for read in (function_sfn.describe_execution, function_sfn.get_execution_history):
        with pytest.raises(function_sfn.exceptions.ExecutionDoesNotExist):
            read(executionArn=arn)
    assert function_sfn.list_executions(stateMachineArn=made)["executions"] == []
    assert sfn.describe_execution(executionArn=arn)["status"] == "RUNNING"
    order(seconds=LAG_SECONDS, share=0.0)
    assert function_sfn.describe_execution(executionArn=arn)["status"] == "RUNNING"


def test_an_end_and_a_redrive_are_not_shown_before_their_time(
    sfn: Any, function_sfn: Any, order: Order, waiting: Waiting
) -> None:
    order(seconds=SHORT_LAG_SECONDS)
    made, arn = waiting()
    eventually(lambda: function_sfn.list_executions(stateMachineArn=made)["executions"])
    sfn.stop_execution(executionArn=arn)
    described = function_sfn.describe_execution(executionArn=arn)
    (listed,) = function_sfn.list_executions(stateMachineArn=made)["executions"]
    newest = function_sfn.get_execution_history(executionArn=arn, reverseOrder=True)["events"][0]["type"]
    assert (described["status"], listed["status"], newest) == ("RUNNING", "RUNNING", "WaitStateEntered")
    assert "stopDate" not in described.keys() | listed.keys()
    eventually(lambda: function_sfn.describe_execution(executionArn=arn)["status"] == "ABORTED")
    sfn.redrive_execution(executionArn=arn)
    described = function_sfn.describe_execution(executionArn=arn)
    assert (described["status"], described["redriveCount"]) == ("ABORTED", 0)
