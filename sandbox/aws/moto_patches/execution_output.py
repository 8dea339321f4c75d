"""DescribeExecution gives the output as JSON text, whatever it is, a stop date for every end, and its redrives.

moto gives a text output without its quotes, no output when it is null, and no stop date after a time-out.
"""

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import ExecutionDoesNotExist
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.moto_patches.redrive import rejection
from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.stale_reads import moment_shown, seen_at


def apply() -> None:
    replace(StepFunctionResponse, "describe_execution", _describe_execution)


def _describe_execution(self: Any) -> Any:
    arn = self._get_param("executionArn")
    execution = seen_at(self.stepfunction_backend.describe_execution(arn), moment_shown(self.headers))
    if execution is None:
        raise ExecutionDoesNotExist(f"Execution Does Not Exist: '{arn}'")
    status, reason = execution.status, rejection(execution)
    description = {
        "executionArn": execution.execution_arn,
        "stateMachineArn": execution.state_machine_arn,
        "name": execution.name,
        "status": status,
        "startDate": execution.start_date,
        "input": execution.execution_input,
        "inputDetails": {"included": True},
        "redriveCount": execution.redrive_count,
        "redriveDate": execution.redrive_date,
        "redriveStatus": "NOT_REDRIVABLE" if reason else "REDRIVABLE",
        "redriveStatusReason": reason,
        "error": execution.error,
        "cause": execution.cause,
    }
    if status != "RUNNING":
        description["stopDate"] = execution.stop_date
    if status == "SUCCEEDED":
        description["output"] = json.dumps(execution.output, ensure_ascii=False, separators=(",", ":"))
        description["outputDetails"] = {"included": True}
    return ActionResult({member: value for member, value in description.items() if value is not None})
