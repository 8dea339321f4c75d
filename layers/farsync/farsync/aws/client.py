"""The few calls to AWS that a function makes itself, as signed HTTPS requests."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Literal, Protocol

from requests_aws4auth import AWS4Auth

from farsync.aws import error_codes
from farsync.http_client.client import Transport
from farsync.http_client.response import Reply
from farsync.model.errors import (
    FarsyncError,
    InvalidRequest,
    PermissionDenied,
    ProviderReply,
    ProviderUnavailable,
    Throttled,
)
from farsync.model.json_text import read_json_leniently

Service = Literal["logs", "secretsmanager", "sqs", "states"]

TARGETS = {
    "logs": ("Logs_20140328", "1.1"),
    "secretsmanager": ("secretsmanager", "1.1"),
    "sqs": ("AmazonSQS", "1.0"),
    "states": ("AWSStepFunctions", "1.0"),
}
ENDPOINT_VARIABLES = {
    "logs": "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
    "secretsmanager": "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    "sqs": "AWS_ENDPOINT_URL_SQS",
    "states": "AWS_ENDPOINT_URL_SFN",
}
READING_ACTIONS = frozenset(
    {"GetSecretValue", "ListSecrets", "DescribeExecution", "ListExecutions", "GetExecutionHistory", "GetLogEvents"}
)
REPEATABLE_ACTIONS = READING_ACTIONS | {
    "ChangeMessageVisibility",
    "SendTaskHeartbeat",
    "SendTaskSuccess",
    "SendTaskFailure",
}
"""A second SendTaskSuccess or SendTaskFailure is answered as that of a task that is over, which it is."""
ECHOED = {"GetSecretValue": {"SecretId": "Name"}, "DescribeExecution": {"executionArn": "executionArn"}}
"""What an answer repeats of its question, and under which name."""
PASSING_STATUSES = frozenset({408, 409, 421, 423, 424, 425})
"""Of the 4xx those that pass by themselves: docs/dev/statuses.md."""
MOVED_FOR_GOOD = frozenset({301, 308})


class AwsRequestFailed(FarsyncError, http_status=502):
    """AWS rejected a call, or gave no answer; `code` is AWS's own name of the error."""

    def __init__(
        self, code: str, message: str, http_status: int | None = None, retry_after_seconds: float | None = None
    ) -> None:
        said = ProviderReply(http_status, code, message)
        super().__init__(f"{code}: {message}", said=said, retry_after_seconds=retry_after_seconds)
        self.code = code
        status = HTTPStatus.SERVICE_UNAVAILABLE if http_status is None else http_status
        self.is_throttled = status == HTTPStatus.TOO_MANY_REQUESTS or code in error_codes.THROTTLED
        self.is_transient = (
            self.is_throttled or status >= 500 or status in PASSING_STATUSES or code in error_codes.FAILED_WITHIN_AWS
        )
        """Whether the same call may well be answered a moment later."""
        self.is_lasting = not (
            self.is_transient
            or (status < 400 and status not in MOVED_FOR_GOOD)
            or code in error_codes.RENEWED_BY_AWS
            or code in error_codes.ANSWERS
        )
        """Whether no waiting helps."""


def is_transient_failure(failure: FarsyncError) -> bool:
    return isinstance(failure, AwsRequestFailed) and failure.is_transient


def named(failure: AwsRequestFailed) -> FarsyncError:
    """The failure under a name that the state machine knows. No provider was asked anything yet."""
    asked_seconds = failure.retry_after_seconds
    if failure.is_throttled:
        return Throttled(f"AWS throttles: {failure}", retry_after_seconds=asked_seconds)
    if not failure.is_lasting:
        return ProviderUnavailable(f"AWS did not answer as expected: {failure}", retry_after_seconds=asked_seconds)
    if failure.code in error_codes.WRONG_REQUEST:
        return InvalidRequest(f"AWS rejects what it was asked for: {failure}; correct it and ask again")
    return PermissionDenied(f"AWS rejects the function: {failure}; {error_codes.remedy(failure.code)}")


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
            return self._transport.post(
                self._endpoint(service, region),
                auth,
                dict(payload),
                headers=headers,
                read=lambda reply: _read(reply, action, payload),
            )
        except ProviderUnavailable as failure:
            raise AwsRequestFailed("NoAnswer", f"{service}: {failure}") from failure

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


def _read(reply: Reply, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
    """Raises AwsRequestFailed for a rejection, and ProviderUnavailable for what is no answer to this question."""
    try:
        content = read_json_leniently((reply.body or b"{}").decode())
    except (ValueError, RecursionError):
        content = None
    if reply.is_success:
        # The protocol of these services knows no other success.
        if reply.status != HTTPStatus.OK or not isinstance(content, dict):
            raise ProviderUnavailable(f"It answered {reply.status} and no JSON object.")
        for question, echo in ECHOED.get(action, {}).items():
            if echo in content and content[echo] != payload.get(question):
                raise ProviderUnavailable("It answered another question.")
        return content
    fields = content if isinstance(content, dict) else {}
    kind = str(fields.get("__type") or reply.headers.get("x-amzn-ErrorType") or f"Http{reply.status}")
    message = str(fields.get("message") or fields.get("Message") or "no message")
    code = kind.split("#")[-1].split(":")[0]
    raise AwsRequestFailed(code, message, reply.status, reply.retry_after_seconds)
