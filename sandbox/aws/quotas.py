"""AWS's quotas on the calls of Step Functions' API and on reading logs: a token bucket for each action of the account
in its region.

Figures of "all other regions", Seoul among them, for Standard workflows:
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-api-action-throttling-general
And for GetLogEvents: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html

Buckets fill at the sandbox's speed: waits are that much shorter, so that calls come that much closer together. Every
start of an execution counts, and the other calls of functions. Those of whoever watches the sandbox from outside do
not, nor those of state machines: what `.sync` asks here again and again, AWS knows without asking.
"""

import time
from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from sandbox.aws.http_server import HttpRequest
from sandbox.aws.settings import SESSION_TOKEN
from sandbox.aws.token_bucket import TokenBucket


class Quota(BaseModel):
    """`bucket` calls at once, then `refill` a second."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bucket: Annotated[int, Field(ge=1)]
    refill: Annotated[float, Field(gt=0)]


OF_AWS: Mapping[str, Quota] = {
    action: Quota(bucket=bucket, refill=refill)
    for action, bucket, refill in (
        ("StartExecution", 800, 150),
        ("RedriveExecution", 800, 150),
        ("StopExecution", 500, 25),
        ("DescribeExecution", 250, 10),
        ("GetExecutionHistory", 400, 20),
        ("ListExecutions", 100, 2),
        ("GetLogEvents", 10, 10),
        ("SendTaskSuccess", 1500, 300),
        ("SendTaskFailure", 1500, 300),
        ("SendTaskHeartbeat", 1500, 300),
    )
}
_QUOTAS = TypeAdapter(dict[str, Quota])


def parse_quotas(body: bytes) -> dict[str, Quota]:
    """By action. Raises pydantic's ValidationError."""
    return _QUOTAS.validate_json(body)


def counts(request: HttpRequest, action: str) -> bool:
    """Whether the call is one of those that a quota bounds. Functions alone sign with a session token."""
    return action == "StartExecution" or request.headers.get("x-amz-security-token") == SESSION_TOKEN


class Quotas:
    """`clock` gives seconds, which pass `speed` times faster for the buckets."""

    def __init__(self, speed: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._speed = speed
        self._clock = clock
        self.replace({})

    def replace(self, quotas: Mapping[str, Quota]) -> None:
        """These in place of AWS's own; other actions have AWS's again. Every bucket is full afterwards."""
        self._buckets = {
            action: TokenBucket(quota.bucket, quota.refill * self._speed, self._clock)
            for action, quota in {**OF_AWS, **quotas}.items()
        }

    def take(self, action: str) -> bool:
        """Whether one more call of the action may pass."""
        bucket = self._buckets.get(action)
        return bucket is None or bucket.take()
