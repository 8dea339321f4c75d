"""The HTTP API is read from the OpenAPI document in its body; what API Gateway would reject is rejected."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.aws.template import TemplateError, read_template
from sandbox.aws.template.model import HttpApiDefinition, JwtAuthorizer, Throttling

ISSUER = "https://issuer.example"
FUNCTION = "arn:aws:lambda:ap-northeast-2:123456789012:function:t-F"
INTEGRATION = {"type": "aws_proxy", "payloadFormatVersion": "2.0", "uri": FUNCTION}
SCHEMES: dict[str, dict[str, Any]] = {
    "iam": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
    "jwt": {
        "type": "oauth2",
        "x-amazon-apigateway-authorizer": {
            "type": "jwt",
            "identitySource": ["$request.header.Authorization"],
            "jwtConfiguration": {"issuer": ISSUER, "audience": ["one"]},
        },
    },
}

Read = Callable[..., HttpApiDefinition]


@pytest.fixture
def read_fixture(fixtures: Path) -> Read:
    def of(**parameters: str) -> HttpApiDefinition:
        path = fixtures / "template.yaml"
        return read_template(path, endpoint="http://127.0.0.1:1", stack_name="t", parameters=parameters).http_api

    return of


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A template of one function and an API with this operation at GET /a."""

    def of(operation: Any = None, body: Any = None, **properties: Any) -> HttpApiDefinition:
        content = {
            "openapi": "3.0.1",
            "paths": {"/a": {"get": {"x-amazon-apigateway-integration": INTEGRATION} | (operation or {})}},
            "components": {"securitySchemes": SCHEMES},
        } | (body or {})
        resources = {
            "F": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "a.b", "CodeUri": "."}},
            "Api": {"Type": "AWS::Serverless::HttpApi", "Properties": {"DefinitionBody": content} | properties},
        }
        path = tmp_path / "template.yaml"
        path.write_text(yaml.safe_dump({"Resources": resources}))
        return read_template(path, endpoint="http://127.0.0.1:1", stack_name="t", parameters={}).http_api

    return of


def test_routes_have_method_path_function_and_time_out_of_the_body(read_fixture: Read) -> None:
    routes = {(one.method, one.path): (one.function, one.timeout_seconds) for one in read_fixture().routes}
    assert routes == {
        ("GET", "/jobs/{job}"): ("t-WebFunction", 29),
        ("ANY", "/{rest+}"): ("t-WebFunction", 29),
        ("GET", "/unpermitted"): ("t-UnpermittedFunction", 30),
        ("GET", "/scoped"): ("t-WebFunction", 29),
    }


def test_authorizers_follow_the_conditions_of_the_template(read_fixture: Read) -> None:
    by_default = {one.path: one.authorizer for one in read_fixture().routes}
    assert by_default["/jobs/{job}"] == "AWS_IAM"
    assert by_default["/{rest+}"] == "NONE"
    with_issuer = {one.path: one for one in read_fixture(JwtIssuer=ISSUER).routes}
    authorizer = JwtAuthorizer(ISSUER, ("farsync", "other"), "$request.header.Authorization")
    assert with_issuer["/jobs/{job}"].authorizer == authorizer
    assert with_issuer["/scoped"].scopes == ("runs", "jobs")


def test_a_function_is_permitted_by_the_permissions_of_the_template(read_fixture: Read) -> None:
    permitted = {one.path: one.is_permitted for one in read_fixture().routes}
    assert permitted == {"/jobs/{job}": True, "/{rest+}": True, "/scoped": True, "/unpermitted": False}


def test_throttling_and_log_format_are_read(read: Read) -> None:
    definition = read(
        DefaultRouteSettings={"ThrottlingRateLimit": "2.5", "ThrottlingBurstLimit": "7"},
        AccessLogSettings={"Format": "$context.status"},
    )
    assert definition.throttling == Throttling(2.5, 7)
    assert definition.access_log_format == "$context.status"


def test_a_template_without_an_api_has_no_routes(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text("Resources: {Q: {Type: AWS::SQS::Queue}}")
    template = read_template(path, endpoint="http://127.0.0.1:1", stack_name="t", parameters={})
    assert template.http_api == HttpApiDefinition()


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ({"x-amazon-apigateway-integration": None}, "x-amazon-apigateway-integration: is missing"),
        (
            {"x-amazon-apigateway-integration": INTEGRATION | {"type": "http_proxy"}},
            "the sandbox knows aws_proxy",
        ),
        ({"x-amazon-apigateway-integration": INTEGRATION | {"payloadFormatVersion": "1.0"}}, "speaks 2.0 only"),
        ({"x-amazon-apigateway-integration": INTEGRATION | {"uri": f"{FUNCTION}-away"}}, "uri: no function of this"),
        ({"x-amazon-apigateway-integration": INTEGRATION | {"timeoutInMillis": 30_001}}, "takes 50 to 30000"),
        ({"security": [{"iam": []}, {"jwt": []}]}, "takes one authorizer"),
        ({"security": [{"key": []}]}, "there is no security scheme key"),
    ],
)
def test_an_operation_that_api_gateway_would_not_serve_is_named(read: Read, operation: object, message: str) -> None:
    with pytest.raises(TemplateError, match=rf"^Api\.DefinitionBody\.paths\./a\.get\..*{message}"):
        read(operation)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"jwtConfiguration": {"issuer": "", "audience": ["one"]}}, "needs an issuer and a list of audiences"),
        ({"jwtConfiguration": {"issuer": ISSUER, "audience": []}}, "needs an issuer and a list of audiences"),
        ({"identitySource": "$request.body.token"}, "identitySource: must be"),
        ({"type": "request"}, "authorizers of the type jwt"),
    ],
)
def test_an_authorizer_that_cannot_work_is_named(read: Read, changed: dict[str, object], message: str) -> None:
    authorizer = SCHEMES["jwt"]["x-amazon-apigateway-authorizer"] | changed
    schemes = {"jwt": {"type": "oauth2", "x-amazon-apigateway-authorizer": authorizer}}
    with pytest.raises(TemplateError, match=rf"^securitySchemes\.jwt.*{message}"):
        read({"security": [{"jwt": []}]}, body={"components": {"securitySchemes": schemes}})


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"Auth": {"DefaultAuthorizer": "AWS_IAM"}}, "Api.Auth: the sandbox takes authorizers from DefinitionBody"),
        ({"RouteSettings": {"GET /a": {}}}, "Api.RouteSettings: the sandbox knows DefaultRouteSettings only"),
        ({"DefaultRouteSettings": {"ThrottlingRateLimit": 1}}, "needs both rate and burst"),
        ({"DefinitionBody": {"openapi": "3.1.0"}}, "openapi: API Gateway takes 3.0, not 3.1.0"),
        ({"DefinitionBody": {"openapi": "3.0.1", "paths": {"/$default": {}}}}, "does not know \\$default"),
    ],
)
def test_what_the_sandbox_does_not_do_is_rejected_rather_than_passed_over(
    read: Read, properties: dict[str, object], message: str
) -> None:
    with pytest.raises(TemplateError, match=message):
        read(**properties)
