"""Calls a use case as the HTTP API calls its function: an event of payload format 2.0 in, status and body out.

Every answer must be as docs/openapi.json says.
"""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema

from farsync.runtime.context import Context
from farsync.runtime.entrypoint import serve
from tests.unit.operations.cloud import UseCase
from tools.export_openapi import DOCUMENT

OPENAPI = json.loads(DOCUMENT.read_text())
CALLER = "arn:aws:sts::123456789012:assumed-role/etl/night"


class Answered(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]


def joined_by_comma(query: str) -> dict[str, str]:
    """As the gateway does with a name that stands there twice."""
    joined: dict[str, str] = {}
    for name, value in parse_qsl(query):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


class HttpClient:
    def __init__(self, environment: Context, use_case: UseCase) -> None:
        self._act = partial(use_case, environment)

    def call(
        self, route: str, target: str, body: object = None, *, key: str | None = None, caller: str = CALLER
    ) -> Answered:
        """`route` is the route's key, `target` the path and query that were sent."""
        parts = urlsplit(target)
        names = [part[1:-1] if part[0] == "{" else None for part in route.split(" ")[1].strip("/").split("/")]
        segments = zip(names, parts.path.strip("/").split("/"), strict=True)
        event: dict[str, Any] = {
            "version": "2.0",
            "routeKey": route,
            "headers": {"content-type": "application/json", **({} if key is None else {"idempotency-key": key})},
            "requestContext": {
                "http": {"method": route.split(" ")[0]},
                "authorizer": {"iam": {"userArn": caller}},
            },
            "pathParameters": {name: unquote(segment) for name, segment in segments if name},
            "rawQueryString": parts.query,
            "queryStringParameters": joined_by_comma(parts.query),
        }
        if body is not None:
            event["body"] = json.dumps(body)
        response: Any = serve(event, self._act)
        answered = Answered(response["statusCode"], response["headers"], json.loads(response["body"]))
        check_against_document(route, answered)
        return answered


def check_against_document(route: str, answered: Answered) -> None:
    method, path = route.split(" ")
    if path not in OPENAPI["paths"]:
        return
    documented = OPENAPI["paths"][path][method.lower()]["responses"][str(answered.status)]
    schema = documented["content"][answered.headers["content-type"]]["schema"]
    jsonschema.Draft202012Validator({"components": OPENAPI["components"], **schema}).validate(answered.body)
    headers = documented.get("headers", {})
    undocumented = answered.headers.keys() - {"content-type"} - headers.keys()
    missing = {name for name, header in headers.items() if header.get("required")} - answered.headers.keys()
    assert undocumented == missing == set()
