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
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (
    StateTaskService,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_events import (
    StateTaskServiceEvents,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_lambda import (
    StateTaskServiceLambda,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sqs import (
    StateTaskServiceSqs,
)

from sandbox.aws.moto_patches.replacing import replace

_SERVICE_NAMES = {"lambda": "Lambda", "states": "StepFunctions", "sqs": "SQS", "events": "EventBridge"}
_UNCATCHABLE = tuple(
    StatesErrorName(typ=typ)
    for typ in (StatesErrorNameType.StatesRuntime, StatesErrorNameType.StatesStatesDataLimitExceeded)
)


def apply() -> None:
    for task in (
        StateTaskServiceAwsSdk,
        StateTaskServiceEvents,
        StateTaskServiceLambda,
        StateTaskServiceSfn,
        StateTaskServiceSqs,
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
        service = _SERVICE_NAMES.get(self.resource.service_name, self.resource.api_name.capitalize())
        if isinstance(ex, BotoCoreError) and not isinstance(ex, ClientError):
            # No reply: the connection was rejected, dropped, or the reply could not be read.
            return _failure(self, env, f"{service}.SdkClientException", str(ex))
        if isinstance(ex, ClientError):
            code = ex.response["Error"]["Code"]
            if isinstance(self, StateTaskServiceSqs):
                return _failure(self, env, "SQS.AmazonSQSException", str(ex))
            if isinstance(self, StateTaskServiceSfn) and code.endswith("Exception"):
                return _failure(self, env, f"StepFunctions.{code}", str(ex))
            if isinstance(self, StateTaskServiceEvents):
                return _failure(self, env, f"EventBridge.{code}", str(ex))
        return moto_from_error(self, env, ex)

    return from_error


def _failure(task: StateTaskService, env: Any, error: str, cause: str) -> FailureEvent:
    details: Any = {
        "taskFailedEventDetails": {
            "error": error,
            "cause": cause,
            "resource": task._get_sfn_resource(),
            "resourceType": task._get_sfn_resource_type(),
        }
    }
    return FailureEvent(env, CustomErrorName(error), HistoryEventType.TaskFailed, details)
