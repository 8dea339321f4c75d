"""Parameters and results of integrations get the names that SDKs use; moto leaves both as they come."""

import datetime
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (
    StateTaskService,
)
from moto.stepfunctions.parser.utils import camel_to_snake_case

from sandbox.aws.moto_patches.clients import integration_client
from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.wiring import current
from sandbox.aws.settings import REGION


def apply() -> None:
    replace(StateTaskService, "_normalise_parameters", _normalise_parameters)
    replace(StateTaskService, "_normalise_response", _normalise_response)


def _normalise_parameters(
    self: Any,
    parameters: dict[str, Any],
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    shape = _operation_model(self, boto_service_name, service_action_name).input_shape
    if shape is not None:
        self._to_boto_request(parameters, shape)


def _normalise_response(
    self: Any,
    response: Any,
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    shape = _operation_model(self, boto_service_name, service_action_name).output_shape
    if shape is not None:
        self._from_boto_response(response, shape)
    is_aws_sdk = self.resource.service_name == "aws-sdk"
    _replace_datetimes(response, as_text=is_aws_sdk)


def _operation_model(task: Any, service_name: str | None, action_name: str | None) -> Any:
    service = task._get_boto_service_name(service_name)
    model = integration_client(REGION, service, current().endpoint).meta.service_model
    wanted = camel_to_snake_case(action_name or task.resource.api_action)
    for operation in model.operation_names:
        if camel_to_snake_case(operation) == wanted:
            return model.operation_model(operation)
    raise ValueError(f"The resource {task.resource.resource_arn} is not recognized: no such action.")


def _replace_datetimes(value: Any, as_text: bool) -> None:
    """An SDK integration gives ISO 8601 text, an optimised one milliseconds since 1970."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in list(members):
        if isinstance(member, datetime.datetime):
            utc = member.astimezone(datetime.UTC)
            text = utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            value[key] = text if as_text else int(utc.timestamp() * 1000)
        else:
            _replace_datetimes(member, as_text)
