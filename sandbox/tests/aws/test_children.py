"""Children that a state waits for end with it."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.waiting import eventually

START_SYNC = "arn:aws:states:::states:startExecution.sync:2"
LONG = {"Pause": {"Type": "Wait", "Seconds": 6000, "End": True}}


def waiting_for(child: str, name: str, **more: Any) -> dict[str, Any]:
    """A task that waits for a child of this name."""
    return {"Type": "Task", "Resource": START_SYNC, "Arguments": {"StateMachineArn": child, "Name": name}} | more


def in_a_map(task: dict[str, Any]) -> dict[str, Any]:
    processor = {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Call", "States": {"Call": task}}
    return {"Type": "Map", "Items": [1], "ItemProcessor": processor, "End": True}


@pytest.fixture
def status_of(sfn: Any) -> Callable[[str, str], str | None]:
    def ask(machine: str, name: str) -> str | None:
        arn = f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
        try:
            return str(sfn.describe_execution(executionArn=arn)["status"])
        except sfn.exceptions.ExecutionDoesNotExist:
            return None

    return ask


@pytest.mark.parametrize("wrap", [lambda task: task, in_a_map], ids=["task", "map"])
def test_the_child_of_a_stopped_execution_is_stopped(
    sfn: Any,
    machine: Callable[..., str],
    status_of: Callable[[str, str], str | None],
    wrap: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    child, name = machine(LONG), f"c-{uuid.uuid4()}"
    parent = sfn.start_execution(stateMachineArn=machine({"Call": wrap(waiting_for(child, name, End=True))}))
    eventually(lambda: status_of(child, name) == "RUNNING")
    sfn.stop_execution(executionArn=parent["executionArn"])
    eventually(lambda: status_of(child, name) == "ABORTED")


def test_the_child_of_an_execution_that_ends_by_itself_is_left_alone(
    sfn: Any, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    child, name = machine({"Pause": {"Type": "Wait", "Seconds": 1, "End": True}}), f"c-{uuid.uuid4()}"
    ended = run({"Call": waiting_for(child, name, End=True)})
    assert (ended["status"], ended["output"]["Status"]) == ("SUCCEEDED", "SUCCEEDED"), json.dumps(ended, default=str)


def test_the_child_of_a_branch_is_stopped_when_another_branch_fails(
    machine: Callable[..., str], run: Callable[..., dict[str, Any]], status_of: Callable[[str, str], str | None]
) -> None:
    child, name = machine(LONG), f"c-{uuid.uuid4()}"
    failing = {
        "Pause": {"Type": "Wait", "Seconds": 5, "Next": "Bad"},
        "Bad": {"Type": "Fail", "Error": "Oops"},
    }
    branches = [
        {"StartAt": "Call", "States": {"Call": waiting_for(child, name, End=True)}},
        {"StartAt": "Pause", "States": failing},
    ]
    assert run({"Both": {"Type": "Parallel", "Branches": branches, "End": True}})["status"] == "FAILED"
    eventually(lambda: status_of(child, name) == "ABORTED")
