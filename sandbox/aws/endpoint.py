"""The one AWS endpoint of the sandbox: Lambda's Invoke, moto's services, and faults on the way to either."""

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace

from sandbox.aws import moto_services
from sandbox.aws.call_log import CallLog
from sandbox.aws.faults import FaultRule, Faults
from sandbox.aws.http_server import ConnectionDropped, HttpReply, HttpRequest, error_reply
from sandbox.aws.lambdas.host import Ending, LambdaHost
from sandbox.aws.lambdas.invoke_api import InvokeApi, invoked_function
from sandbox.aws.quotas import Quotas, counts

# JSON services of AWS say "throttled" with 400, Lambda with 429.
_REJECTIONS = {
    "http_401": (401, "UnrecognizedClientException", "The security token included in the request is invalid."),
    "http_403": (403, "AccessDeniedException", "The principal is not authorized to perform this action."),
    "not_found": (400, "ResourceNotFoundException", "The resource does not exist."),
    "reject": (400, "ValidationException", "The request is rejected by an order for a fault."),
    "http_429": (400, "ThrottlingException", "Rate exceeded"),
    "http_500": (500, "InternalFailure", "The request failed due to an unknown error."),
    "http_503": (503, "ServiceUnavailable", "The service is temporarily unavailable."),
}
_INVOKE_REJECTIONS = {
    "not_found": (404, "ResourceNotFoundException", "Function not found."),
    "reject": (400, "InvalidParameterValueException", "The request is rejected by an order for a fault."),
    "http_429": (429, "TooManyRequestsException", "Rate Exceeded."),
    "http_500": (500, "ServiceException", "The service encountered an internal error."),
    "http_503": (503, "EC2ThrottledException", "Lambda was throttled while it prepared the function."),
}
_SUBJECT_MEMBERS = ("name", "executionArn", "stateMachineArn", "SecretId", "QueueUrl", "QueueName", "logGroupName")
_SLOW_SECONDS = 2.0
_LOST_REPLY_SECONDS = 120.0


class AwsEndpoint:
    """`own_operations` are those that the sandbox answers itself; moto's services answer the others.

    `wait_seconds`: how long a call of a function waits for a free process.
    """

    def __init__(
        self,
        host: LambdaHost,
        faults: Faults,
        calls: CallLog,
        quotas: Quotas,
        own_operations: Mapping[str, Callable[[HttpRequest], HttpReply]],
        wait_seconds: float,
    ) -> None:
        self._host = host
        self._invoke_api = InvokeApi(host, wait_seconds)
        self._faults = faults
        self._calls = calls
        self._quotas = quotas
        self._own_operations = own_operations

    def handle(self, request: HttpRequest) -> HttpReply:
        """Raises ConnectionDropped where a fault wants the reply lost."""
        reply = self._answer(request)
        return replace(reply, headers=(*reply.headers, ("x-amzn-RequestId", str(uuid.uuid4()))))

    def _answer(self, request: HttpRequest) -> HttpReply:
        name_or_arn = invoked_function(request)
        if name_or_arn is not None:
            return self._invoke(request, name_or_arn)
        operation = moto_services.operation_name(request)
        if operation is None:
            return error_reply(404, "UnknownOperationException", f"There is no {request.method} {request.path}")
        rule = self._faults.take(operation, request.body)
        self._calls.record(operation, _subject(request.body), rule.fault if rule else None)
        if rule is None and counts(request, operation) and not self._quotas.take(operation):
            return error_reply(*_REJECTIONS["http_429"])
        answer = self._own_operations.get(operation, moto_services.handle)
        return _spoiled(rule, _REJECTIONS, lambda: answer(request))

    def _invoke(self, request: HttpRequest, name_or_arn: str) -> HttpReply:
        pool = self._host.find(name_or_arn)
        names = (pool.function.name, pool.function.logical_id) if pool else (name_or_arn,)
        rule = self._faults.take("Invoke", request.body, names)
        self._calls.record("Invoke", names[0], rule.fault if rule else None)
        ending: Ending | None = None
        if rule and (rule.fault == "crash" or rule.fault == "timeout_after"):
            ending, rule = rule.fault, None
        return _spoiled(
            rule,
            _REJECTIONS | _INVOKE_REJECTIONS,
            lambda: self._invoke_api.handle(request, name_or_arn, ending),
        )


def _spoiled(
    rule: FaultRule | None, rejections: dict[str, tuple[int, str, str]], work: Callable[[], HttpReply]
) -> HttpReply:
    if rule is None:
        return work()
    if rule.fault in rejections:
        reply = error_reply(*rejections[rule.fault])
        if rule.retryAfter is None:
            return reply
        return HttpReply(reply.status, reply.body, (*reply.headers, ("Retry-After", str(rule.retryAfter))))
    if rule.fault == "reset_before":
        raise ConnectionDropped
    if rule.fault == "slow":
        time.sleep(_SLOW_SECONDS if rule.seconds is None else rule.seconds)
        return work()
    reply = work()
    if rule.fault == "timeout_after":
        time.sleep(_LOST_REPLY_SECONDS if rule.seconds is None else rule.seconds)
        raise ConnectionDropped
    if rule.fault == "truncated_json":
        return HttpReply(reply.status, reply.body[: len(reply.body) // 2], reply.headers)
    raise ConnectionDropped  # reset_after, and crash where there is no process that could


def _subject(body: bytes) -> str | None:
    try:
        members = json.loads(body or b"{}")
    except ValueError:
        return None
    return next((str(members[name]) for name in _SUBJECT_MEMBERS if members.get(name)), None)
