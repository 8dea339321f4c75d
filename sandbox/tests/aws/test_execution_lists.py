"""ListExecutions in the order, the pages and with the members of AWS."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

Machine = Callable[..., str]
Finished = Callable[[str], dict[str, Any]]
DONE = {"Only": {"Type": "Succeed"}}
BAD = {"Only": {"Type": "Fail", "Error": "Bad"}}
LONG = {"Pause": {"Type": "Wait", "Seconds": 3000, "Next": "Done"}, "Done": {"Type": "Succeed"}}


@pytest.fixture
def names_listed(sfn: Any) -> Callable[..., list[str]]:
    def names(machine_arn: str, **asked: Any) -> list[str]:
        listed = sfn.list_executions(stateMachineArn=machine_arn, **asked)["executions"]
        return [execution["name"] for execution in listed]

    return names


@pytest.fixture
def start(sfn: Any) -> Callable[[str, str], str]:
    def begin(machine_arn: str, name: str) -> str:
        arn: str = sfn.start_execution(stateMachineArn=machine_arn, name=name)["executionArn"]
        return arn

    return begin


def test_executions_that_have_ended_are_listed_the_latest_stop_first_whenever_they_began(
    sfn: Any, machine: Machine, start: Callable[[str, str], str], names_listed: Callable[..., list[str]]
) -> None:
    arn = machine(LONG)
    started = {name: start(arn, name) for name in "abc"}
    for name in "cab":
        sfn.stop_execution(executionArn=started[name])
    assert names_listed(arn) == names_listed(arn, statusFilter="ABORTED") == ["b", "a", "c"]


def test_a_redriven_execution_is_listed_by_its_redrive(
    sfn: Any, machine: Machine, start: Callable[[str, str], str], names_listed: Callable[..., list[str]]
) -> None:
    arn = machine(LONG)
    first = start(arn, "first")
    start(arn, "second")
    sfn.stop_execution(executionArn=first)
    redriven = sfn.redrive_execution(executionArn=first)["redriveDate"]
    assert names_listed(arn) == ["first", "second"]
    listed = sfn.list_executions(stateMachineArn=arn)["executions"][0]
    assert (listed["redriveCount"], listed["redriveDate"]) == (1, redriven)


def test_pages_follow_each_other_while_executions_begin_and_end(
    sfn: Any, machine: Machine, start: Callable[[str, str], str]
) -> None:
    arn = machine(LONG)
    started = {name: start(arn, name) for name in "abcdefg"}
    asked = {"stateMachineArn": arn, "statusFilter": "RUNNING", "maxResults": 3}
    first = sfn.list_executions(**asked)
    start(arn, "h")
    sfn.stop_execution(executionArn=started["d"])
    second = sfn.list_executions(**asked, nextToken=first["nextToken"])
    assert [execution["name"] for execution in first["executions"]] == ["g", "f", "e"]
    assert [execution["name"] for execution in second["executions"]] == ["c", "b", "a"]
    assert "nextToken" not in second


@pytest.mark.parametrize(
    ("states", "top", "status"),
    [(DONE, {}, "SUCCEEDED"), (BAD, {}, "FAILED"), (LONG, {"TimeoutSeconds": 1}, "TIMED_OUT")],
)
def test_every_end_has_its_stop_date(
    sfn: Any, machine: Machine, finished: Finished, states: dict[str, Any], top: dict[str, Any], status: str
) -> None:
    arn = machine(states, **top)
    finished(sfn.start_execution(stateMachineArn=arn)["executionArn"])
    (listed,) = sfn.list_executions(stateMachineArn=arn, statusFilter=status)["executions"]
    assert isinstance(listed["stopDate"], datetime.datetime)
    assert listed["redriveCount"] == 0
