"""Executions of the stack's state machines by name, which Step Functions keeps for 90 days and gives once.

`variable` is the one that holds the ARN of the state machine.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from farsync.aws.client import AwsRequestFailed, Stack

PAGE_SIZE = 1000
MOST_PAGES = 100


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


def described_execution(stack: Stack, variable: str, name: str) -> dict[str, Any] | None:
    """None where there is no execution of this name. Raises AwsRequestFailed."""
    arn = stack.variables[variable].replace(":stateMachine:", ":execution:")
    try:
        return stack.aws.call("states", "DescribeExecution", {"executionArn": f"{arn}:{name}"})
    except AwsRequestFailed as failure:
        if failure.code == "ExecutionDoesNotExist":
            return None
        raise


def listed_executions(stack: Stack, variable: str, since: datetime) -> Iterator[dict[str, Any]]:
    """Those since then, the newest first; of more than MOST_PAGES pages the oldest are missing. Raises
    AwsRequestFailed.
    """
    question: dict[str, object] = {"stateMachineArn": stack.variables[variable], "maxResults": PAGE_SIZE}
    for _ in range(MOST_PAGES):
        page = stack.aws.call("states", "ListExecutions", question)
        yield from page["executions"]
        is_far_enough = any(float(execution["startDate"]) < since.timestamp() for execution in page["executions"])
        if is_far_enough or not page.get("nextToken"):
            return
        question["nextToken"] = page["nextToken"]
