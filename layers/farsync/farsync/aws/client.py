"""The few calls to AWS that a function makes itself, as signed HTTPS requests."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal, Protocol

from requests_aws4auth import AWS4Auth

from farsync.http_client.client import Transport
from farsync.http_client.response import Reply
from farsync.model.errors import FarsyncError, PermissionDenied, ProviderReply, ProviderUnavailable, Throttled

Service = Literal["secretsmanager", "sqs", "states"]

TARGETS = {
    "secretsmanager": ("secretsmanager", "1.1"),
    "sqs": ("AmazonSQS", "1.0"),
    "states": ("AWSStepFunctions", "1.0"),
}
ENDPOINT_VARIABLES = {
    "secretsmanager": "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    "sqs": "AWS_ENDPOINT_URL_SQS",
    "states": "AWS_ENDPOINT_URL_SFN",
}
READING_ACTIONS = frozenset({"GetSecretValue", "DescribeExecution", "ListExecutions", "GetExecutionHistory"})
REPEATABLE_ACTIONS = READING_ACTIONS | {
    "ChangeMessageVisibility",
    "SendTaskHeartbeat",
    "SendTaskSuccess",
    "SendTaskFailure",
}
"""A second SendTaskSuccess or SendTaskFailure is answered as that of a task that is over, which it is."""
THROTTLING_CODES = frozenset(
    {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "RequestThrottled"}
)


class AwsRequestFailed(FarsyncError, http_status=502):
    """AWS rejected a call, or could not be reached; `code` is AWS's own name of the error."""

    def __init__(self, code: str, message: str, http_status: int | None = None) -> None:
        super().__init__(f"{code}: {message}", said=ProviderReply(http_status, code, message))
        self.code = code
        self.is_transient = http_status is None or http_status >= 500 or code in THROTTLING_CODES


def is_transient_failure(failure: FarsyncError) -> bool:
    return isinstance(failure, AwsRequestFailed) and failure.is_transient


def named(failure: AwsRequestFailed) -> FarsyncError:
    """The failure under a name that the state machine knows. No provider was asked anything yet."""
    if failure.code in THROTTLING_CODES:
        return Throttled(f"AWS throttles: {failure}")
    if failure.code.startswith("AccessDenied"):
        return PermissionDenied(f"AWS rejects the function: {failure}")
    return ProviderUnavailable(f"AWS did not answer as expected: {failure}")


@contextmanager
def named_failures() -> Iterator[None]:
    """Raises what `named` makes of it in place of AwsRequestFailed."""
    try:
        yield
    except AwsRequestFailed as failure:
        raise named(failure) from failure


class AwsCaller:
    """Calls AWS with the region, credentials and endpoints (`AWS_ENDPOINT_URL`, or else the partition's `URL_SUFFIX`)
    that an environment names now.
    """

    def __init__(self, transport: Transport, environ: Mapping[str, str]) -> None:
        self._transport = transport
        self._environ = environ

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        """The answer's JSON object. Repeats only what does no harm when repeated. Raises AwsRequestFailed."""
        if action not in REPEATABLE_ACTIONS:
            return self._call_once(service, action, payload)
        return self._transport.retrying.run(
            lambda: self._call_once(service, action, payload), is_transient=is_transient_failure
        )

    def _call_once(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        prefix, version = TARGETS[service]
        headers = {"X-Amz-Target": f"{prefix}.{action}", "Content-Type": f"application/x-amz-json-{version}"}
        region = self._require("AWS_REGION")
        auth = AWS4Auth(
            self._require("AWS_ACCESS_KEY_ID"),
            self._require("AWS_SECRET_ACCESS_KEY"),
            region,
            service,
            session_token=self._environ.get("AWS_SESSION_TOKEN"),
        )
        try:
            reply = self._transport.post(self._endpoint(service, region), auth, json=dict(payload), headers=headers)
        except ProviderUnavailable as failure:
            raise AwsRequestFailed("Unreachable", f"{service} could not be reached") from failure
        return _read(reply)

    def _endpoint(self, service: Service, region: str) -> str:
        suffix = self._environ.get("URL_SUFFIX") or "amazonaws.com"
        override = self._environ.get(ENDPOINT_VARIABLES[service]) or self._environ.get("AWS_ENDPOINT_URL")
        return f"{override or f'https://{service}.{region}.{suffix}'}".rstrip("/") + "/"

    def _require(self, variable: str) -> str:
        value = self._environ.get(variable)
        if not value:
            raise AwsRequestFailed("EnvironmentIncomplete", f"set {variable}", 400)
        return value


class Stack(Protocol):
    """The deployed stack, as a function sees it: calls to AWS, and the names of its queues and state machines."""

    @property
    def aws(self) -> AwsCaller: ...

    @property
    def variables(self) -> Mapping[str, str]: ...


def _read(reply: Reply) -> dict[str, Any]:
    try:
        content = json.loads(reply.body or b"{}")
    except ValueError:
        content = None
    if reply.is_success and isinstance(content, dict):
        return content
    if reply.is_success:
        raise AwsRequestFailed("Unreadable", "the answer is no JSON object")
    fields = content if isinstance(content, dict) else {}
    kind = str(fields.get("__type") or reply.headers.get("x-amzn-ErrorType") or f"Http{reply.status}")
    message = str(fields.get("message") or fields.get("Message") or "no message")
    raise AwsRequestFailed(kind.split("#")[-1].split(":")[0], message, reply.status)
