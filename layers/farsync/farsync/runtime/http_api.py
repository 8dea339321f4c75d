"""Calls over the HTTP API: events in payload format 2.0 and their responses, rejections as problems (RFC 9457).

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Mapping
from math import ceil
from urllib.parse import parse_qsl

from farsync.model.errors import FarsyncError, InvalidRequest
from farsync.model.execution import WireModel
from farsync.model.json_text import Flaw, JsonInvalid, read_json
from farsync.model.shown import shown
from farsync.model.texts import writable
from farsync.model.validation import rejection
from farsync.runtime.request import Invocation, as_object, object_in

MOST_BODY_BYTES = 200_000
"""The input of an execution of a state machine ends at 262,144 bytes: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""
PROBLEM_TYPE = "application/problem+json"


class Problem(WireModel):
    """A rejection (RFC 9457); `type` is the error's name, the same that a state machine catches."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    """Which field to correct, where the request is wrong."""


def read_http(event: Mapping[str, object]) -> Invocation:
    """GET is asked by its query, POST by its body; the path says the rest. Raises InvalidRequest."""
    headers = object_in(event, "headers")
    path = object_in(event, "pathParameters", "path")
    query = object_in(event, "queryStringParameters", "query")
    context = object_in(event, "requestContext")
    if object_in(context, "http").get("method") == "GET":
        fields = query
        _reject_repeated(str(event.get("rawQueryString") or ""))
        if event.get("body"):
            raise InvalidRequest("body: GET takes none; put it into the query", field="body")
    else:
        fields = _read_body(event, headers)
        for name in query:
            raise InvalidRequest(f"{shown(name)}: is not read from the query; put it into the body", field=name)
    for name in fields.keys() & path.keys():
        if fields[name] != path[name]:
            raise InvalidRequest(f"{name}: differs from the path; leave it out", field=name)
    key = headers.get("idempotency-key")
    return Invocation(
        trigger="http",
        payload={**fields, **path},
        route=str(event.get("routeKey")),
        caller=_caller(context),
        idempotency_key=None if key is None else str(key),
    )


def _reject_repeated(query: str) -> None:
    """The gateway joins the values of a name by commas, as if they were one."""
    names = Counter(name for name, _ in parse_qsl(query, keep_blank_values=True))
    for name, times in names.items():
        if times > 1:
            raise InvalidRequest(f"{shown(name)}: is given twice; give it once", field=name)


def http_response(status: int, body: object, headers: Mapping[str, str]) -> dict[str, object]:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", **headers},
        "body": writable(json.dumps(body, ensure_ascii=False, separators=(",", ":"))),
    }


def problem_response(error: FarsyncError) -> dict[str, object]:
    problem = Problem(
        type=type(error).__name__,
        title=(type(error).__doc__ or "").strip(),
        status=error.http_status,
        detail=str(error),
        field=(error.field or None) if isinstance(error, InvalidRequest) else None,
    )
    headers = {"content-type": PROBLEM_TYPE}
    if error.retry_after_seconds is not None:
        headers["retry-after"] = str(max(1, ceil(error.retry_after_seconds)))
    return http_response(error.http_status, problem.model_dump(by_alias=True, exclude_none=True), headers)


def _read_body(event: Mapping[str, object], headers: Mapping[str, object]) -> Mapping[str, object]:
    text = event.get("body")
    if not text:
        return {}
    media_type = str(headers.get("content-type", "application/json")).partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise InvalidRequest("content-type: must be application/json", field="content-type", http_status=415)
    try:
        raw = b64decode(str(text)) if event.get("isBase64Encoded") else str(text).encode()
        if len(raw) > MOST_BODY_BYTES:
            raise InvalidRequest(f"body: is larger than {MOST_BODY_BYTES} bytes", field="body", http_status=413)
        content = read_json(raw)
    except JsonInvalid as invalid:
        raise rejection([flaw if flaw.steps else Flaw(("body",), flaw.remedy) for flaw in invalid.flaws]) from None
    except ValueError:
        content = None
    return as_object(content, "body")


def _caller(context: Mapping[str, object]) -> str:
    match context.get("authorizer"):
        case {"iam": {"userArn": str(name)}}:
            return name
        case {"jwt": {"claims": {"sub": str(name)}}} | {"jwt": {"claims": {"client_id": str(name)}}}:
            return name
    return ""
