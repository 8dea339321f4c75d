"""Answers requests to the HTTP API: route, authorizer, throttle, function, reply, and a line in the access log."""

import datetime
import json
import time
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus

from sandbox.aws.http_api.access_log import AccessLog
from sandbox.aws.http_api.authorizers import Rejected, authorize
from sandbox.aws.http_api.context import context_of_caller, context_of_reply, context_of_request
from sandbox.aws.http_api.integration import CallAws, Integration, IntegrationFailed
from sandbox.aws.http_api.issuer_keys import IssuerKeys
from sandbox.aws.http_api.payload import ReplyInvalid, reply, request_event
from sandbox.aws.http_api.routing import RouteTable
from sandbox.aws.http_api.throttling import TokenBucket
from sandbox.aws.http_server import HttpReply, HttpRequest
from sandbox.aws.template.model import HttpApiDefinition

_MAXIMUM_BODY_BYTES = 10 * 1024 * 1024
_REQUEST_ID = "apigw-requestid"


class _Answered(Exception):
    """The gateway answers by itself."""

    def __init__(self, status: int, challenge: str | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.challenge = challenge


@dataclass
class _Exchange:
    request: HttpRequest
    now: datetime.datetime
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    context: dict[str, str] = field(default_factory=dict)


class HttpApi:
    """`call_aws` is the sandbox's AWS endpoint; functions are invoked through it."""

    def __init__(
        self, definition: HttpApiDefinition, call_aws: CallAws, keys: IssuerKeys, access_log: AccessLog
    ) -> None:
        self._routes = RouteTable(definition.routes)
        self._bucket = TokenBucket(definition.throttling) if definition.throttling else None
        self._integration = Integration(call_aws)
        self._keys = keys
        self._access_log = access_log

    def handle(self, request: HttpRequest) -> HttpReply:
        begun = time.perf_counter()
        exchange = _Exchange(request, datetime.datetime.now(tz=datetime.UTC))
        exchange.context.update(context_of_request(request, exchange.id, exchange.now))
        try:
            answer = self._answer(exchange)
        except _Answered as answered:
            answer = _message(answered.status, answered.challenge)
            exchange.context["error.message"] = _text(answered.status)
        exchange.context |= context_of_reply(answer, time.perf_counter() - begun)
        self._access_log.write(exchange.context)
        return HttpReply(answer.status, answer.body, (*answer.headers, (_REQUEST_ID, exchange.id)))

    def _answer(self, exchange: _Exchange) -> HttpReply:
        request, context = exchange.request, exchange.context
        if len(request.body) > _MAXIMUM_BODY_BYTES:
            raise _Answered(413)
        matched = self._routes.find(request.method, request.path)
        if matched is None:
            raise _Answered(404)
        context["routeKey"] = matched.key
        try:
            caller = authorize(request, matched.route, self._keys, exchange.now)
        except Rejected as rejected:
            context["authorizer.error"] = str(rejected)
            raise _Answered(rejected.status, rejected.challenge) from rejected
        context |= context_of_caller(caller)
        if self._bucket and not self._bucket.take():
            raise _Answered(429)
        event = request_event(request, matched, caller, exchange.id, exchange.now)
        route, begun = matched.route, time.perf_counter()
        try:
            result = self._integration.invoke(
                route.function,
                json.dumps(event, ensure_ascii=False).encode(),
                route.timeout_seconds,
                route.is_permitted,
            )
            answer = reply(json.loads(result))
        except (IntegrationFailed, ReplyInvalid) as error:
            context |= dict.fromkeys(("integrationErrorMessage", "integration.error"), str(error))
            raise _Answered(error.status if isinstance(error, IntegrationFailed) else 500) from error
        finally:
            latency = str(round((time.perf_counter() - begun) * 1000))
            context |= dict.fromkeys(("integrationLatency", "integration.latency"), latency)
        context |= dict.fromkeys(("integrationStatus", "integration.integrationStatus"), "200")
        context["integration.status"] = str(answer.status)
        return answer


def _text(status: int) -> str:
    # AWS uses the older name of 413, which newer Pythons have renamed.
    return "Request Entity Too Large" if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else HTTPStatus(status).phrase


def _message(status: int, challenge: str | None) -> HttpReply:
    body = json.dumps({"message": _text(status)}, separators=(",", ":")).encode()
    challenges = (("www-authenticate", challenge),) if challenge else ()
    return HttpReply(status, body, (("content-type", "application/json"), *challenges))
