"""DescribeExecution gives the output as JSON text, whatever it is, a stop date for every end, and tells of redrives.

moto gives a text output without its quotes, no output when it is null, and no stop date after a time-out.
"""

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import ExecutionDoesNotExist
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.moto_patches.redrive import redrive_status
from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.stale_reads import moment_shown, seen_at


def apply() -> None:
    replace(StepFunctionResponse, "describe_execution", _describe_execution)


def _describe_execution(self: Any) -> Any:
    arn = self._get_param("executionArn")
    execution = seen_at(self.stepfunction_backend.describe_execution(arn), moment_shown(self.headers))
    if execution is None:
        raise ExecutionDoesNotExist(f"Execution Does Not Exist: '{arn}'")
    return ActionResult(describe(execution))


def describe(execution: Any) -> dict[str, Any]:
    """The members of DescribeExecution's reply; times are datetimes."""
    status = execution.status
    description = {
        "executionArn": execution.execution_arn,
        "stateMachineArn": execution.state_machine_arn,
        "name": execution.name,
        "status": status,
        "startDate": execution.start_date,
        "input": execution.execution_input,
        "inputDetails": {"included": True},
    }
    description |= {member: value for member, value in redrive_status(execution).items() if value is not None}
    if status != "RUNNING":
        description["stopDate"] = execution.stop_date
    if status == "SUCCEEDED":
        description["output"] = json.dumps(execution.output, ensure_ascii=False, separators=(",", ":"))
        description["outputDetails"] = {"included": True}
    for member in ("error", "cause"):
        if getattr(execution, member) is not None:
            description[member] = getattr(execution, member)
    return description
