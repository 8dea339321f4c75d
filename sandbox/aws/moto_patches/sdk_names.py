"""Services, parameters and results of integrations get the names that SDKs use; moto leaves them as they come.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

import datetime
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (
    StateTaskService,
)
from moto.stepfunctions.parser.utils import camel_to_snake_case

from sandbox.aws.moto_patches.clients import integration_client
from sandbox.aws.moto_patches.context_object import utc_text
from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.wiring import current
from sandbox.aws.settings import REGION


def apply() -> None:
    known = StateTaskService._SERVICE_NAME_SFN_TO_BOTO_OVERRIDES
    replace(StateTaskService, "_SERVICE_NAME_SFN_TO_BOTO_OVERRIDES", {**known, "cloudwatchlogs": "logs"})
    replace(StateTaskService, "_normalise_parameters", _normalise_parameters)
    replace(StateTaskService, "_normalise_response", _normalise_response)


def _normalise_parameters(self: Any, parameters: dict[str, Any], **action: str | None) -> None:
    shape = _operation_model(self, **action).input_shape
    if shape is not None:
        self._to_boto_request(parameters, shape)


def _normalise_response(self: Any, response: Any, **action: str | None) -> None:
    shape = _operation_model(self, **action).output_shape
    if shape is not None:
        self._from_boto_response(response, shape)
    _replace_datetimes(response, as_text=self.resource.service_name == "aws-sdk")


def _operation_model(task: Any, boto_service_name: str | None = None, service_action_name: str | None = None) -> Any:
    service = task._get_boto_service_name(boto_service_name)
    model = integration_client(REGION, service, current().endpoint).meta.service_model
    wanted = camel_to_snake_case(service_action_name or task.resource.api_action)
    for operation in model.operation_names:
        if camel_to_snake_case(operation) == wanted:
            return model.operation_model(operation)
    raise ValueError(f"The resource {task.resource.resource_arn} is not recognized: no such action.")


def _replace_datetimes(value: Any, as_text: bool) -> None:
    """An SDK integration gives ISO 8601 text, an optimised one milliseconds since 1970."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in list(members):
        if isinstance(member, datetime.datetime):
            value[key] = utc_text(member) if as_text else int(member.timestamp() * 1000)
        else:
            _replace_datetimes(member, as_text)
