"""The part of the routes that API Gateway reads, as lines of the template.

An HTTP API imports OpenAPI 3.0.1, so this is no copy of docs/openapi.json: who may call, and which function answers.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from tools.http_api.routes import Route

BEGIN = "# Made from tools/http_api/routes.py by `make docs`; do not change it here."
END = "# Here ends what is made."

INTEGRATION_TIMEOUT_MILLISECONDS = 29000
"""API Gateway waits for 30 s at most; so a function that takes too long is reported as such and not cut off."""

SECURITY = "security: !If [HasJwtIssuer, [{ jwt: [] }], [{ iam: [] }]]"
SCHEMES = """\
components:
  securitySchemes: !If
    - HasJwtIssuer
    - jwt:
        type: oauth2
        x-amazon-apigateway-authorizer:
          type: jwt
          identitySource: $request.header.Authorization
          jwtConfiguration:
            issuer: !Ref JwtIssuer
            audience: !Ref JwtAudience
    - iam:
        type: apiKey
        name: Authorization
        in: header
        x-amazon-apigateway-authtype: awsSigv4"""


def gateway_body(routes: Sequence[Route]) -> Iterator[str]:
    """Lines without indentation from `openapi:` on."""
    yield "openapi: 3.0.1"
    yield 'info: { title: !Ref AWS::StackName, version: "1" }'
    yield "paths:"
    for path, of_path in groupby(routes, key=lambda route: route.path):
        yield f"  {path}:"
        for route in of_path:
            yield from (f"    {line}" for line in _operation(route))
    yield from SCHEMES.splitlines()


def _operation(route: Route) -> Iterator[str]:
    uri = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
    yield f"{route.method.lower()}:"
    yield f"  operationId: {route.operation_id}"
    yield f"  {SECURITY}"
    if route.path_parameters:
        yield "  parameters:"
        for name in route.path_parameters:
            yield f"    - {{ name: {name}, in: path, required: true, schema: {{ type: string }} }}"
    yield "  responses: { default: { description: as docs/openapi.json says } }"
    yield "  x-amazon-apigateway-integration:"
    yield "    type: aws_proxy"
    yield "    httpMethod: POST"
    yield '    payloadFormatVersion: "2.0"'
    yield f"    timeoutInMillis: {INTEGRATION_TIMEOUT_MILLISECONDS}"
    yield f"    uri: !Sub {uri}${{{route.function_resource}.Arn}}/invocations"


def with_gateway_body(template: str, routes: Sequence[Route]) -> str:
    """The template's text, with what stands between the two marks made anew. Raises ValueError without the marks."""
    before, begin, rest = template.partition(f"{BEGIN}\n")
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the template lacks the marks between which the HTTP API's body stands")
    indentation = before.rpartition("\n")[2]
    body = "".join(f"{indentation}{line}\n" for line in gateway_body(routes))
    return f"{before}{begin}{body}{indentation}{end}{after}"
