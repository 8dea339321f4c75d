"""Answers requests to the HTTP API: route, authorizer, throttle, function, reply, and a line in the access log.

Sizes: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
"""

import datetime
import json
import time
import uuid
from http import HTTPStatus

from sandbox.aws.http_api.access_log import AccessLog
from sandbox.aws.http_api.authorizers import Caller, Rejected, authorize
from sandbox.aws.http_api.integration import CallAws, IntegrationFailed, invoke
from sandbox.aws.http_api.json_web_token import IssuerKeys, claim_texts
from sandbox.aws.http_api.payload import SOURCE_IP, USER_ARN, ReplyInvalid, reply, request_event, time_text
from sandbox.aws.http_api.routing import RouteTable
from sandbox.aws.http_server import HttpReply, HttpRequest, json_reply
from sandbox.aws.template.model import HttpApiDefinition
from sandbox.aws.token_bucket import TokenBucket

_MAXIMUM_BODY_BYTES = 10 * 1024 * 1024
_MAXIMUM_HEAD_BYTES = 10_240
"""Of the request line and the headers' values. AWS's page names no status; RFC 6585 has one for it."""


class _Answered(Exception):
    """The gateway answers by itself."""

    def __init__(self, status: int, challenge: str | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.challenge = challenge


class HttpApi:
    """`call_aws` is the sandbox's AWS endpoint; functions are invoked through it."""

    def __init__(self, definition: HttpApiDefinition, call_aws: CallAws, access_log: AccessLog) -> None:
        self._routes = RouteTable(definition.routes)
        limits = definition.throttling
        self._bucket = TokenBucket(limits.burst, limits.rate) if limits else None
        self._call_aws = call_aws
        self._keys = IssuerKeys()
        self._access_log = access_log

    def handle(self, request: HttpRequest) -> HttpReply:
        begun, request_id = time.perf_counter(), str(uuid.uuid4())
        # Of the access log: no header's value, no query.
        context = {
            "requestId": request_id,
            "requestTime": time_text(datetime.datetime.now(tz=datetime.UTC)),
            "identity.sourceIp": SOURCE_IP,
        }
        try:
            answer = self._answer(request, context)
        except _Answered as answered:
            message = _phrase(answered.status)
            context["error.message"] = message
            challenge = (("www-authenticate", answered.challenge),) if answered.challenge else ()
            answer = json_reply(answered.status, {"message": message}, *challenge)
        context |= {
            "responseLatency": str(round((time.perf_counter() - begun) * 1000)),
            "status": str(answer.status),
        }
        self._access_log.write(context)
        return HttpReply(answer.status, answer.body, (*answer.headers, ("apigw-requestid", request_id)))

    def _answer(self, request: HttpRequest, context: dict[str, str]) -> HttpReply:
        if _head_bytes(request) > _MAXIMUM_HEAD_BYTES:
            raise _Answered(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if len(request.body) > _MAXIMUM_BODY_BYTES:
            raise _Answered(413)
        matched = self._routes.find(request.method, request.path)
        if matched is None:
            raise _Answered(404)
        context["routeKey"] = matched.key
        try:
            caller = authorize(request, matched.route, self._keys)
        except Rejected as rejected:
            context["authorizer.error"] = str(rejected)
            raise _Answered(rejected.status, rejected.challenge) from rejected
        context |= _context_of_caller(caller)
        if self._bucket and not self._bucket.take():
            raise _Answered(429)
        event = request_event(request, matched, caller, context["requestId"])
        try:
            result = invoke(self._call_aws, matched.route, json.dumps(event, ensure_ascii=False).encode())
            return reply(json.loads(result))
        except (IntegrationFailed, ReplyInvalid) as error:
            context["integrationErrorMessage"] = str(error)
            raise _Answered(error.status if isinstance(error, IntegrationFailed) else 500) from error


def _head_bytes(request: HttpRequest) -> int:
    line = f"{request.method} {request.path}?{request.query} HTTP/1.1"
    return sum(len(text.encode(errors="surrogateescape")) for text in (line, *request.headers.values()))


def _context_of_caller(caller: Caller) -> dict[str, str]:
    if caller.access_key is not None:
        return {"identity.userArn": USER_ARN}
    return {f"authorizer.claims.{name}": text for name, text in claim_texts(caller.claims or {}).items()}


def _phrase(status: int) -> str:
    # AWS uses the older name of 413, which newer Pythons have renamed.
    return "Request Entity Too Large" if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else HTTPStatus(status).phrase
