"""Service integrations call the sandbox's endpoint, with one client per service and not one per task.

moto calls http://localhost:5000 and makes a client, tens of milliseconds, for every task.
"""

import functools
import threading
from typing import Any

import boto3
from botocore.config import Config
from moto.stepfunctions.parser.asl.utils import boto_client

from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.wiring import current
from sandbox.aws.settings import ACCESS_KEY_ID, SECRET_ACCESS_KEY

# Longer than any function may run; the state's own TimeoutSeconds ends a task earlier.
_READ_TIMEOUT_SECONDS = 960

# The cache alone lets every task that begins before the first client is made make one of its own.
_making = threading.Lock()


class _Boto3:
    @staticmethod
    def client(*, region_name: str, service_name: str, **_: Any) -> Any:
        return integration_client(region_name, service_name, current().endpoint)


def apply() -> None:
    replace(boto_client, "boto3", _Boto3)


def integration_client(region: str, service: str, endpoint: str) -> Any:
    with _making:
        return _make_client(region, service, endpoint)


@functools.cache
def _make_client(region: str, service: str, endpoint: str) -> Any:
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
