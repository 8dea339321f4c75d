"""docs/openapi.json: the HTTP API for those who call it, in OpenAPI 3.1."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from farsync import __version__
from farsync.model.errors import FarsyncError
from farsync.runtime.http_api import Problem
from tools.http_api.examples import examples
from tools.http_api.routes import Route
from tools.http_api.schemas import schema_of_request, schemas_of_answers

DESCRIPTION = """\
Runs, jobs and executions in NAVER Cloud Data Flow and Huawei Cloud DataArts Factory. A rejection by farsync is a \
problem (RFC 9457); API Gateway in front of it rejects with a `message`. Answers may get more fields: ignore those \
that you do not know."""
TAGS = {
    "Runs": "Jobs as farsync runs them: started, followed to their end, aborted.",
    "Events": "What was emitted of the ends of executions and runs.",
    "Connections": "Which providers there are.",
    "Jobs": "Jobs as their provider lists them.",
    "Executions": "Single executions, with no run.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request is the same run, for 90 days; with another one it is rejected.",
    "schema": {"type": "string", "pattern": "^[ -~]{1,255}$"},
}
HEADERS: Mapping[str, Any] = {
    "location": {"description": "Where the new thing is shown.", "schema": {"type": "string"}},
    "link": {"description": "Other pages (RFC 8288), while there are any.", "schema": {"type": "string"}},
    "retry-after": {"description": "Seconds until it is worth while to ask again.", "schema": {"type": "integer"}},
}
ALWAYS_SENT = {"location"}
PROBLEM_TYPES = "x-problem-types"
"""Which `type` a problem of this status has."""
GATEWAY_REJECTION: Mapping[str, Any] = {
    "type": "object",
    "properties": {"message": {"type": "string"}},
    "required": ["message"],
    "description": "A rejection by API Gateway, which stands before farsync.",
}
OF_THE_GATEWAY = {
    401: "The token is missing or does not hold.",
    403: "The signature is missing or does not hold, or the caller may not do this.",
    404: "No route has this path. It is decoded first, so that a slash or question mark in a name parts it.",
    413: "The body is larger than API Gateway takes.",
    431: "The request line and the values of the headers have more than 10,240 bytes in all.",
    429: "More calls than `HttpRateLimit` and `HttpBurstLimit` allow.",
    500: "The function failed.",
    503: "The function took longer than 29 s. What it was asked for may be done all the same.",
}
OF_A_BODY = {413: "The body is larger than farsync takes.", 415: "The body is not JSON."}
SECURITY_SCHEMES = {
    "iam": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "description": "AWS Signature Version 4 for the service execute-api; the default.",
        "x-amazon-apigateway-authtype": "awsSigv4",
    },
    "jwt": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of the stack's JwtIssuer, where it has one; signatures are rejected then.",
    },
}


def openapi_document(routes: Sequence[Route]) -> dict[str, Any]:
    paths: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    schemas: dict[str, Any] = {"GatewayRejection": GATEWAY_REJECTION}
    for route in routes:
        request = schema_of_request(route.asked)
        schemas |= request.pop("$defs", {})
        paths[route.path][route.method.lower()] = _operation(route, request)
    for example in examples():
        operation = paths[example.route.path][example.route.method.lower()]
        for media_type in operation["responses"][str(example.status)]["content"].values():
            media_type.setdefault("example", example.answer)
        if example.body is not None:
            operation["requestBody"]["content"]["application/json"].setdefault("example", example.body)
    answers = schemas_of_answers([*dict.fromkeys(route.answer for route in routes), Problem])
    schemas["Rejection"] = _rejection_of_either(answers["Problem"])
    return {
        "openapi": "3.1.0",
        "info": {"title": "farsync", "version": __version__, "description": DESCRIPTION},
        "servers": [
            {
                "url": "https://{api}.execute-api.{region}.amazonaws.com",
                "variables": {"api": {"default": "a1b2c3d4e5"}, "region": {"default": "ap-northeast-2"}},
                "description": "The stack's output HttpApiUrl.",
            }
        ],
        "security": [{name: []} for name in SECURITY_SCHEMES],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": dict(paths),
        "components": {
            "schemas": dict(sorted({**schemas, **answers}.items())),
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _operation(route: Route, request: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = request["properties"]
    of_path = {name: properties.pop(name) for name in route.path_parameters}
    in_path = [_parameter(name, "path", schema, is_required=True) for name, schema in of_path.items()]
    required = [name for name in request.get("required", ()) if name in properties]
    operation: dict[str, Any] = {
        "operationId": route.operation_id,
        "tags": [route.tag],
        "summary": route.summary,
        "parameters": in_path,
    }
    if route.method == "GET":
        in_path += [
            _parameter(name, "query", schema, is_required=name in required) for name, schema in properties.items()
        ]
    elif properties:
        body = {"type": "object", "properties": properties, "additionalProperties": False}
        schema = body | ({"required": required} if required else {})
        operation["requestBody"] = {
            "required": bool(required),
            "content": {"application/json": {"schema": schema}},
        }
    if route.takes_idempotency_key:
        in_path.append(IDEMPOTENCY_KEY)
    return {**operation, "responses": _responses(route, takes_body=bool(properties) and route.method != "GET")}


def _parameter(name: str, place: str, schema: dict[str, Any], *, is_required: bool) -> dict[str, Any]:
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    plain = {**(choices[0] if choices else {}), **{key: value for key, value in schema.items() if key != "anyOf"}}
    if place == "path":
        plain.pop("default", None)
    by_comma = {"style": "form", "explode": False} if plain.get("type") == "array" else {}
    return {"name": name, "in": place, "required": is_required, **by_comma, "schema": plain}


def _responses(route: Route, *, takes_body: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{route.answer.__name__}"}}
    answer: dict[str, Any] = {
        "description": " ".join((route.answer.__doc__ or "").split()),
        "content": {"application/json": shown},
    }
    if route.headers:
        answer["headers"] = {name: HEADERS[name] | {"required": name in ALWAYS_SENT} for name in route.headers}
    texts: defaultdict[int, list[str]] = defaultdict(list)
    names: defaultdict[int, list[str]] = defaultdict(list)
    for problem in sorted(set(route.problems), key=lambda problem: problem.__name__):
        texts[problem.http_status].append(_sentence(problem))
        names[problem.http_status].append(problem.__name__)
    for status, text in OF_A_BODY.items() if takes_body else ():
        texts[status].append(f"InvalidRequest: {text}")
        names[status].append("InvalidRequest")
    for status, text in OF_THE_GATEWAY.items():
        texts[status].append(text)
    return {
        str(route.status): answer,
        **{str(status): _rejection(status, texts[status], names.get(status, ())) for status in sorted(texts)},
    }


def _rejection_of_either(problem: Mapping[str, Any]) -> dict[str, Any]:
    """Generators of clients read one media type of a status, and give a class to no schema without a name. Those for
    Java take whichever of several schemas comes first, so this is one, with the fields of both.
    """
    return {
        "type": "object",
        "properties": {**problem["properties"], **GATEWAY_REJECTION["properties"]},
        "description": "A `Problem` of farsync, or API Gateway's `message` alone; both use this status.",
    }


def _sentence(problem: type[FarsyncError]) -> str:
    return f"{problem.__name__}: {(problem.__doc__ or '').strip()}"


def _rejection(status: int, texts: Iterable[str], names: Sequence[str]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if names:
        schema = "Rejection" if status in OF_THE_GATEWAY else "Problem"
        content["application/problem+json"] = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    if status in OF_THE_GATEWAY:
        content["application/json"] = {"schema": {"$ref": "#/components/schemas/GatewayRejection"}}
    headers = {"retry-after": HEADERS["retry-after"]} if status in (429, 502, 503) else {}
    rejection: dict[str, Any] = {"description": " ".join([HTTPStatus(status).phrase + ".", *texts]), "content": content}
    return (
        rejection | ({"headers": headers} if headers else {}) | ({PROBLEM_TYPES: sorted(set(names))} if names else {})
    )
