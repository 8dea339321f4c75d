"""The part of the routes that API Gateway reads: http_api.yaml, which template.yaml includes.

An HTTP API imports OpenAPI 3.0.1, so this is no copy of docs/openapi.json: who may call, and which function answers.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
"""

from collections.abc import Sequence
from typing import Any

import yaml

from tools.http_api.routes import Route

HEADER = "# Made from tools/http_api/routes.py by `make docs`; do not change it here.\n"

INTEGRATION_TIMEOUT_MILLISECONDS = 29000
"""API Gateway waits for 30 s at most; so a function that takes too long is reported as such and not cut off."""

FUNCTIONS = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions"
JWT = {
    "type": "oauth2",
    "x-amazon-apigateway-authorizer": {
        "type": "jwt",
        "identitySource": "$request.header.Authorization",
        "jwtConfiguration": {"issuer": {"Ref": "JwtIssuer"}, "audience": {"Ref": "JwtAudience"}},
    },
}
IAM = {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"}


def gateway_body(routes: Sequence[Route]) -> str:
    """YAML with intrinsic functions in their long form, the only one that an included file may have.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html
    """
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    body = {
        "openapi": "3.0.1",
        "info": {"title": {"Ref": "AWS::StackName"}, "version": "1"},
        "paths": paths,
        "components": {"securitySchemes": _by_issuer({"jwt": JWT}, {"iam": IAM})},
    }
    return HEADER + yaml.safe_dump(body, sort_keys=False, width=120)


def _operation(route: Route) -> dict[str, Any]:
    named = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in route.path_parameters
    ]
    return {
        "operationId": route.operation_id,
        "security": _by_issuer([{"jwt": []}], [{"iam": []}]),
        **({"parameters": named} if named else {}),
        "responses": {"default": {"description": "as docs/openapi.json says"}},
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "payloadFormatVersion": "2.0",
            "timeoutInMillis": INTEGRATION_TIMEOUT_MILLISECONDS,
            "uri": {"Fn::Sub": f"{FUNCTIONS}/${{{route.function_resource}.Arn}}/invocations"},
        },
    }


def _by_issuer(with_issuer: Any, without: Any) -> dict[str, Any]:
    return {"Fn::If": ["HasJwtIssuer", with_issuer, without]}
