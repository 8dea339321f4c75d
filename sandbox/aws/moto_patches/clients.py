"""Service integrations call the sandbox's endpoint, with one client per service and not one per task.

moto calls http://localhost:5000 and makes a client, tens of milliseconds, for every task.
"""

import functools
import importlib
from typing import Any

import boto3
from botocore.config import Config

from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.wiring import current
from sandbox.aws.settings import ACCESS_KEY_ID, SECRET_ACCESS_KEY

_CALLERS = (
    "moto.stepfunctions.parser.asl.utils.boto_client",
    "moto.stepfunctions.parser.asl.component.state.exec.state_task.lambda_eval_utils",
    "moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk",
    "moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_events",
    "moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn",
    "moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sqs",
)
# Longer than any function may run; the state's own TimeoutSeconds ends a task earlier.
_READ_TIMEOUT_SECONDS = 960


def apply() -> None:
    for name in _CALLERS:
        replace(importlib.import_module(name), "boto_client_for", _boto_client_for)


def _boto_client_for(region: str, service: str, state_credentials: Any = None) -> Any:  # noqa: ARG001
    return integration_client(region, service, current().endpoint)


@functools.cache
def integration_client(region: str, service: str, endpoint: str) -> Any:
    return boto3.client(
        service,  # type: ignore[call-overload]
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
        config=Config(
            parameter_validation=False,
            retries={"max_attempts": 0, "total_max_attempts": 1},
            read_timeout=_READ_TIMEOUT_SECONDS,
            max_pool_connections=100,
        ),
    )
