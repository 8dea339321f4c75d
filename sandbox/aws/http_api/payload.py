"""Payload format 2.0: the event that a function gets, and the reply that it gives.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import datetime
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from sandbox.aws.http_api.authorizers import Caller
from sandbox.aws.http_api.json_web_token import claim_texts
from sandbox.aws.http_api.routing import MatchedRoute, decoded_path
from sandbox.aws.http_server import HttpReply, HttpRequest
from sandbox.aws.settings import ACCOUNT_ID

SOURCE_IP = "127.0.0.1"
USER_ARN = f"arn:aws:iam::{ACCOUNT_ID}:user/sandbox"
_API_ID = "sandbox"
_USER_ID = "AIDASANDBOX000000000"
_TEXT_TYPES = ("text/", "application/json", "application/xml", "application/javascript")


class ReplyInvalid(ValueError):
    """The function's result is no reply of payload format 2.0."""


def request_event(request: HttpRequest, matched: MatchedRoute, caller: Caller, request_id: str) -> dict[str, Any]:
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": matched.key,
        "rawPath": decoded_path(request.path),
        "rawQueryString": request.query,
        "headers": {name: value for name, value in request.headers.items() if name != "cookie"},
        "requestContext": _request_context(request, matched, caller, request_id),
        "isBase64Encoded": False,
    }
    if "cookie" in request.headers:
        event["cookies"] = [cookie.strip() for cookie in request.headers["cookie"].split(";")]
    if query := _joined_by_comma(request.query):
        event["queryStringParameters"] = query
    if matched.path_parameters:
        event["pathParameters"] = matched.path_parameters
    if request.body:
        event["body"], event["isBase64Encoded"] = _body(request)
    return event


def reply(result: Any) -> HttpReply:
    """Anything but an object with `statusCode` is the body of a 200. Raises ReplyInvalid."""
    if not isinstance(result, Mapping) or "statusCode" not in result:
        body = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)
        return HttpReply(200, body.encode(), (("content-type", "application/json"),))
    given = result.get("headers") or {}
    if not isinstance(given, Mapping):
        raise ReplyInvalid("headers must be an object")
    headers = {str(name).lower(): str(value) for name, value in given.items()}
    headers.setdefault("content-type", "text/plain;charset=UTF-8")
    body = result.get("body") or ""
    if not isinstance(body, str):
        raise ReplyInvalid("body must be a text")
    try:
        content = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
        return HttpReply(int(result["statusCode"]), content, tuple(headers.items()))
    except (TypeError, ValueError) as error:
        raise ReplyInvalid(str(error)) from error


def _joined_by_comma(query: str) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _body(request: HttpRequest) -> tuple[str, bool]:
    content_type = request.headers.get("content-type", "application/json")
    if content_type.startswith(_TEXT_TYPES) or "charset=" in content_type:
        try:
            return request.body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(request.body).decode(), True


def time_text(moment: datetime.datetime) -> str:
    """As the Common Log Format writes it."""
    return moment.strftime("%d/%b/%Y:%H:%M:%S +0000")


def _request_context(request: HttpRequest, matched: MatchedRoute, caller: Caller, request_id: str) -> dict[str, Any]:
    now = datetime.datetime.now(tz=datetime.UTC)
    context: dict[str, Any] = {
        "accountId": ACCOUNT_ID,
        "apiId": _API_ID,
        "domainName": request.headers.get("host", ""),
        "domainPrefix": _API_ID,
        "http": {
            "method": request.method,
            "path": decoded_path(request.path),
            "protocol": "HTTP/1.1",
            "sourceIp": SOURCE_IP,
            "userAgent": request.headers.get("user-agent", ""),
        },
        "requestId": request_id,
        "routeKey": matched.key,
        "stage": "$default",
        "time": time_text(now),
        "timeEpoch": int(now.timestamp() * 1000),
    }
    if caller.access_key is not None:
        context["authorizer"] = {
            "iam": {
                "accessKey": caller.access_key,
                "accountId": ACCOUNT_ID,
                "callerId": _USER_ID,
                "cognitoIdentity": None,
                "principalOrgId": None,
                "userArn": USER_ARN,
                "userId": _USER_ID,
            }
        }
    elif caller.claims is not None:
        scopes = None if caller.scopes is None else list(caller.scopes)
        context["authorizer"] = {"jwt": {"claims": claim_texts(caller.claims), "scopes": scopes}}
    return context
