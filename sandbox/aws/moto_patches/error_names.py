"""Errors of integrations carry the names that AWS gives them, and States.ALL leaves States.Runtime alone.

moto says States.Runtime when a service cannot be reached or EventBridge rejects, calls every error of SQS a
client's, adds a second Exception to some names, and lets States.ALL catch what AWS does not.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl import ErrorEqualsDecl
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk,
    state_task_service_events,
    state_task_service_lambda,
    state_task_service_sfn,
    state_task_service_sqs,
)

from sandbox.aws.moto_patches.replacing import replace

_SERVICE_NAMES = {"lambda": "Lambda", "states": "StepFunctions", "sqs": "SQS", "events": "EventBridge"}
_UNCATCHABLE = tuple(
    StatesErrorName(typ=typ)
    for typ in (StatesErrorNameType.StatesRuntime, StatesErrorNameType.StatesStatesDataLimitExceeded)
)


def apply() -> None:
    for task in (
        state_task_service_aws_sdk.StateTaskServiceAwsSdk,
        state_task_service_events.StateTaskServiceEvents,
        state_task_service_lambda.StateTaskServiceLambda,
        state_task_service_sfn.StateTaskServiceSfn,
        state_task_service_sqs.StateTaskServiceSqs,
    ):
        replace(task, "_from_error", _naming(task._from_error))

    def matches(self: Any, env: Any) -> None:
        error_name = env.stack[-1]
        moto_matches(self, env)
        if error_name in _UNCATCHABLE:
            env.stack[-1] = error_name in self.error_names

    moto_matches = replace(ErrorEqualsDecl, "_eval_body", matches)


def _naming(moto_from_error: Any) -> Any:
    def from_error(self: Any, env: Any, ex: Exception) -> Any:
        error = _name(self.resource, ex)
        if error is None:
            return moto_from_error(self, env, ex)
        resource, resource_type = self._get_sfn_resource(), self._get_sfn_resource_type()
        details = {"error": error, "cause": str(ex), "resource": resource, "resourceType": resource_type}
        event: Any = {"taskFailedEventDetails": details}
        return FailureEvent(env, CustomErrorName(error), HistoryEventType.TaskFailed, event)

    return from_error


def _name(resource: Any, ex: Exception) -> str | None:
    """None where moto names the error as AWS does."""
    service = _SERVICE_NAMES.get(resource.service_name, resource.api_name.capitalize())
    if isinstance(ex, BotoCoreError):
        # No reply: the connection was rejected, dropped, or the reply could not be read.
        return f"{service}.SdkClientException"
    if isinstance(ex, ClientError):
        code = ex.response["Error"]["Code"]
        if service == "SQS":
            return "SQS.AmazonSQSException"
        if service == "EventBridge" or (service == "StepFunctions" and code.endswith("Exception")):
            return f"{service}.{code}"
    return None
