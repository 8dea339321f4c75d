"""What a function reads of an execution may be some seconds old, as with AWS."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config

from sandbox.aws.settings import SESSION_TOKEN
from tests.support.waiting import eventually

LAG_SECONDS = 30.0
SHORT_LAG_SECONDS = 1.0
"""Until what was not shown is shown; three reads in a row take less."""
Order = Callable[..., requests.Response]


@pytest.fixture
def order(sandbox: dict[str, Any]) -> Iterator[Order]:
    url = f"{sandbox['endpoint']}/_sandbox/staleReads"
    yield lambda **asked: requests.put(url, json=asked, timeout=10)
    requests.put(url, json={}, timeout=10).raise_for_status()


@pytest.fixture
def function_sfn(sandbox: dict[str, Any]) -> Any:
    """Step Functions as functions call it."""
    return boto3.client(
        "stepfunctions",
        region_name=sandbox["region"],
        endpoint_url=sandbox["endpoint"],
        aws_access_key_id=sandbox["accessKeyId"],
        aws_secret_access_key=sandbox["secretAccessKey"],
        aws_session_token=SESSION_TOKEN,
        config=Config(retries={"max_attempts": 0, "total_max_attempts": 1}),
    )


@pytest.fixture
def waiting(sfn: Any, machine: Callable[..., str]) -> Callable[[], tuple[str, str]]:
    """Starts an execution that waits; gives its machine and its ARN."""

    def start() -> tuple[str, str]:
        made = machine({"Wait": {"Type": "Wait", "Seconds": 6000, "End": True}})
        return made, sfn.start_execution(stateMachineArn=made, input="{}")["executionArn"]

    return start


def test_an_execution_that_has_just_begun_is_not_shown_yet(
    sfn: Any, function_sfn: Any, order: Order, waiting: Callable[[], tuple[str, str]]
) -> None:
    order(seconds=LAG_SECONDS).raise_for_status()
    made, arn = waiting()
    for read in (function_sfn.describe_execution, function_sfn.get_execution_history):
        with pytest.raises(function_sfn.exceptions.ExecutionDoesNotExist):
            read(executionArn=arn)
    assert function_sfn.list_executions(stateMachineArn=made)["executions"] == []
    assert sfn.describe_execution(executionArn=arn)["status"] == "RUNNING"


def test_an_end_is_not_shown_before_its_time(
    sfn: Any, function_sfn: Any, order: Order, waiting: Callable[[], tuple[str, str]]
) -> None:
    order(seconds=SHORT_LAG_SECONDS).raise_for_status()
    made, arn = waiting()
    eventually(lambda: function_sfn.list_executions(stateMachineArn=made)["executions"])
    sfn.stop_execution(executionArn=arn)
    described = function_sfn.describe_execution(executionArn=arn)
    (listed,) = function_sfn.list_executions(stateMachineArn=made)["executions"]
    newest = function_sfn.get_execution_history(executionArn=arn, reverseOrder=True)["events"][0]["type"]
    assert (described["status"], listed["status"], newest) == ("RUNNING", "RUNNING", "WaitStateEntered")
    assert not {"stopDate"} & (described.keys() | listed.keys())
    assert sfn.describe_execution(executionArn=arn)["status"] == "ABORTED"
    eventually(lambda: function_sfn.describe_execution(executionArn=arn)["status"] == "ABORTED")
    assert function_sfn.get_execution_history(executionArn=arn)["events"][-1]["type"] == "ExecutionAborted"


def test_a_redrive_is_not_shown_before_its_time(
    sfn: Any, function_sfn: Any, order: Order, waiting: Callable[[], tuple[str, str]]
) -> None:
    order(seconds=SHORT_LAG_SECONDS).raise_for_status()
    made, arn = waiting()
    sfn.stop_execution(executionArn=arn)
    ended = {"stateMachineArn": made, "statusFilter": "ABORTED"}
    eventually(lambda: function_sfn.list_executions(**ended)["executions"])
    sfn.redrive_execution(executionArn=arn)
    described = function_sfn.describe_execution(executionArn=arn)
    assert (described["status"], described["redriveCount"]) == ("ABORTED", 0)
