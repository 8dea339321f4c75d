"""Who stops an execution stops the children that it waits for."""

import uuid
from collections.abc import Callable
from typing import Any

from tests.support.waiting import eventually

START_SYNC = "arn:aws:states:::states:startExecution.sync:2"
LONG = {"Pause": {"Type": "Wait", "Seconds": 6000, "End": True}}


def test_the_child_that_an_iteration_waits_for_is_stopped_with_its_execution(
    sfn: Any, machine: Callable[..., str]
) -> None:
    child, name = machine(LONG), f"c-{uuid.uuid4()}"
    call = {"Type": "Task", "Resource": START_SYNC, "Arguments": {"StateMachineArn": child, "Name": name}, "End": True}
    processor = {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Call", "States": {"Call": call}}
    parent = machine({"Each": {"Type": "Map", "Items": [1], "ItemProcessor": processor, "End": True}})
    arn = sfn.start_execution(stateMachineArn=parent)["executionArn"]

    def listed(status: str) -> list[Any]:
        executions: list[Any] = sfn.list_executions(stateMachineArn=child, statusFilter=status)["executions"]
        return executions

    eventually(lambda: listed("RUNNING"))
    sfn.stop_execution(executionArn=arn)
    eventually(lambda: listed("ABORTED"))
