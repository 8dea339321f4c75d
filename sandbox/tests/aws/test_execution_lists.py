"""ListExecutions in the order, the pages and with the members of AWS."""

from collections.abc import Callable
from typing import Any

import pytest

LONG = {"Pause": {"Type": "Wait", "Seconds": 3000, "End": True}}


class Executions:
    """Of one state machine, by name."""

    def __init__(self, sfn: Any, machine: str) -> None:
        self._sfn = sfn
        self.machine = machine

    def start(self, *names: str) -> None:
        for name in names:
            self._sfn.start_execution(stateMachineArn=self.machine, name=name)

    def arn(self, name: str) -> str:
        return f"{self.machine.replace(':stateMachine:', ':execution:')}:{name}"

    def stop(self, *names: str) -> None:
        for name in names:
            self._sfn.stop_execution(executionArn=self.arn(name))

    def page(self, **asked: Any) -> tuple[list[str], str | None]:
        page = self._sfn.list_executions(stateMachineArn=self.machine, **asked)
        return [execution["name"] for execution in page["executions"]], page.get("nextToken")


@pytest.fixture
def executions(sfn: Any, machine: Callable[..., str]) -> Executions:
    return Executions(sfn, machine(LONG))


def test_executions_that_have_ended_are_listed_the_latest_stop_first_whenever_they_began(
    executions: Executions,
) -> None:
    executions.start("a", "b", "c")
    executions.stop("c", "a", "b")
    assert executions.page() == executions.page(statusFilter="ABORTED") == (["b", "a", "c"], None)


def test_a_redriven_execution_is_listed_by_its_redrive(executions: Executions, sfn: Any) -> None:
    executions.start("first", "second")
    executions.stop("first")
    redriven = sfn.redrive_execution(executionArn=executions.arn("first"))["redriveDate"]
    first, second = sfn.list_executions(stateMachineArn=executions.machine)["executions"]
    assert (first["name"], first["redriveCount"], first["redriveDate"]) == ("first", 1, redriven)
    assert (second["redriveCount"], "stopDate" in second) == (0, False)


def test_pages_follow_each_other_while_executions_begin_and_end(executions: Executions) -> None:
    executions.start(*"abcdefg")
    first, token = executions.page(statusFilter="RUNNING", maxResults=3)
    executions.start("h")
    executions.stop("d")
    second, end = executions.page(statusFilter="RUNNING", maxResults=3, nextToken=token)
    assert (first, second, end) == (["g", "f", "e"], ["c", "b", "a"], None)


def test_a_token_that_nobody_gave_is_rejected(executions: Executions, sfn: Any) -> None:
    with pytest.raises(sfn.exceptions.InvalidToken):
        executions.page(nextToken="soon")
