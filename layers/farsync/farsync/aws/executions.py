"""Executions by name, which Step Functions gives once and keeps for 90 days. `variable` holds a machine's ARN."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from farsync.aws.client import AwsRequestFailed, Stack

PAGE_SIZE = 1000
MOST_PAGES = 100


def instant(epoch_seconds: object) -> datetime:
    """A time as Step Functions writes it."""
    return datetime.fromtimestamp(float(str(epoch_seconds)), UTC)


def execution_arn(stack: Stack, variable: str, name: str) -> str:
    return f"{stack.variables[variable].replace(':stateMachine:', ':execution:')}:{name}"


def start_named(stack: Stack, variable: str, name: str, text: str) -> bool:
    """False where the name was taken, by another input or by an execution that is over. Raises AwsRequestFailed."""
    question: dict[str, object] = {"stateMachineArn": stack.variables[variable], "name": name, "input": text}
    try:
        stack.aws.call("states", "StartExecution", question)
    except AwsRequestFailed as failure:
        if failure.code != "ExecutionAlreadyExists":
            raise
        return False
    return True


def describe_execution(stack: Stack, arn: str) -> dict[str, Any]:
    """Raises AwsRequestFailed."""
    return stack.aws.call("states", "DescribeExecution", {"executionArn": arn})


def described_execution(stack: Stack, variable: str, name: str) -> dict[str, Any] | None:
    """None where there is no execution of this name. Raises AwsRequestFailed."""
    try:
        return describe_execution(stack, execution_arn(stack, variable, name))
    except AwsRequestFailed as failure:
        if failure.code == "ExecutionDoesNotExist":
            return None
        raise


def listed_executions(stack: Stack, variable: str, since: datetime) -> Iterator[dict[str, Any]]:
    """Those since then, the newest first, on MOST_PAGES pages at most. Raises AwsRequestFailed."""
    for page in islice(list_pages(stack, variable), MOST_PAGES):
        yield from page["executions"]
        if any(float(execution["startDate"]) < since.timestamp() for execution in page["executions"]):
            return


def list_pages(stack: Stack, variable: str, **asked: object) -> Iterator[dict[str, Any]]:
    """Pages of the state machine's executions, in the order of Step Functions. Raises AwsRequestFailed."""
    question = {"stateMachineArn": stack.variables[variable], "maxResults": PAGE_SIZE, **asked}
    while True:
        page = stack.aws.call("states", "ListExecutions", question)
        yield page
        if not page.get("nextToken"):
            return
        question["nextToken"] = page["nextToken"]
