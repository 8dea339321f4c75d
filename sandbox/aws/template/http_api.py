"""The HTTP API of a template: routes and authorizers from its OpenAPI body, throttling, access log.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from sandbox.aws.template.event_sources import resources_of
from sandbox.aws.template.intrinsics import Resolver
from sandbox.aws.template.model import HttpApiDefinition, JwtAuthorizer, Route, Throttling
from sandbox.aws.template.permissions import may_be_invoked
from sandbox.aws.template.physical_names import physical_name_of
from sandbox.aws.template.yaml_document import TemplateError

_ANY = "x-amazon-apigateway-any-method"
_METHODS = {name: name.upper() for name in ("get", "put", "post", "delete", "options", "head", "patch")} | {_ANY: "ANY"}
_INTEGRATION = "x-amazon-apigateway-integration"
_FUNCTION = re.compile(r"(?:.*/functions/)?arn:[\w-]+:lambda:[\w-]+:\d+:function:([\w-]+)(?:/invocations)?")
_IDENTITY_SOURCE = re.compile(r"\$request\.(?:header|querystring)\.[\w-]+")
_TIMEOUT_MILLIS = (50, 30_000)

_Authorizer = JwtAuthorizer | Literal["AWS_IAM", "NONE"]


def read_http_api(resolver: Resolver) -> HttpApiDefinition:
    """Raises TemplateError, also for what API Gateway takes and the sandbox does not know."""
    apis = list(resources_of(resolver, "AWS::Serverless::HttpApi"))
    if not apis:
        return HttpApiDefinition()
    if len(apis) > 1:
        raise TemplateError(f"{apis[1][0]}: the sandbox serves one HTTP API")
    logical_id, properties = apis[0]
    if "DefinitionBody" not in properties:
        raise TemplateError(f"{logical_id}.DefinitionBody: is missing; the sandbox reads routes from there only")
    if "Auth" in properties:
        raise TemplateError(f"{logical_id}.Auth: the sandbox takes authorizers from DefinitionBody only")
    routes = tuple(_routes(resolver, properties["DefinitionBody"], f"{logical_id}.DefinitionBody"))
    return HttpApiDefinition(routes, _throttling(properties, logical_id), _log_format(properties))


def _routes(resolver: Resolver, body: Mapping[str, Any], where: str) -> Iterator[Route]:
    version = str(body.get("openapi", ""))
    if not version.startswith("3.0"):
        raise TemplateError(f"{where}.openapi: API Gateway takes 3.0, not {version or 'nothing'}")
    schemes = (body.get("components") or {}).get("securitySchemes") or {}
    for path, operations in (body.get("paths") or {}).items():
        if path == "/$default":
            raise TemplateError(f"{where}.paths: the sandbox does not know $default")
        for name, operation in operations.items():
            if name not in _METHODS:
                continue
            at = f"{where}.paths.{path}.{name}"
            authorizer, scopes = _authorizer(operation.get("security", body.get("security")), schemes, at)
            function, timeout_seconds = _integration(resolver, operation, at)
            yield Route(
                method=_METHODS[name],
                path=path,
                function=function,
                authorizer=authorizer,
                scopes=scopes,
                timeout_seconds=timeout_seconds,
                is_permitted=may_be_invoked(resolver, function, _METHODS[name], path),
            )


def _integration(resolver: Resolver, operation: Mapping[str, Any], where: str) -> tuple[str, float]:
    """The function's name, and how long the gateway waits for it in seconds."""
    integration = operation.get(_INTEGRATION)
    if not isinstance(integration, Mapping):
        raise TemplateError(f"{where}.{_INTEGRATION}: is missing")
    where = f"{where}.{_INTEGRATION}"
    if str(integration.get("type")).lower() != "aws_proxy":
        raise TemplateError(f"{where}.type: the sandbox knows aws_proxy, not {integration.get('type')}")
    if str(integration.get("payloadFormatVersion")) != "2.0":
        raise TemplateError(f"{where}.payloadFormatVersion: the sandbox speaks 2.0 only")
    uri = str(integration.get("uri"))
    match = _FUNCTION.fullmatch(uri)
    names = {physical_name_of(resolver, one) for one, _ in resources_of(resolver, "AWS::Serverless::Function")}
    if not match or match.group(1) not in names:
        raise TemplateError(f"{where}.uri: no function of this template is meant by {uri}")
    millis = int(integration.get("timeoutInMillis", _TIMEOUT_MILLIS[1]))
    if not _TIMEOUT_MILLIS[0] <= millis <= _TIMEOUT_MILLIS[1]:
        raise TemplateError(f"{where}.timeoutInMillis: API Gateway takes 50 to 30000, not {millis}")
    return match.group(1), millis / 1000


def _authorizer(security: Any, schemes: Mapping[str, Any], where: str) -> tuple[_Authorizer, tuple[str, ...]]:
    """The authorizer of an operation, and the scopes of which a token must have one."""
    if not security:
        return "NONE", ()
    requirements = [requirement for alternative in security for requirement in alternative.items()]
    if len(requirements) != 1:
        raise TemplateError(f"{where}.security: API Gateway takes one authorizer for an operation")
    ((name, scopes),) = requirements
    if name not in schemes:
        raise TemplateError(f"{where}.security: there is no security scheme {name}")
    scheme = schemes[name]
    if scheme.get("x-amazon-apigateway-authtype") == "awsSigv4":
        return "AWS_IAM", ()
    return _jwt_authorizer(scheme, f"securitySchemes.{name}"), tuple(scopes or ())


def _jwt_authorizer(scheme: Mapping[str, Any], where: str) -> JwtAuthorizer:
    authorizer = scheme.get("x-amazon-apigateway-authorizer") or {}
    if authorizer.get("type") != "jwt":
        raise TemplateError(f"{where}: the sandbox knows awsSigv4 and authorizers of the type jwt")
    configuration = authorizer.get("jwtConfiguration") or {}
    audience = configuration.get("audience")
    sources = authorizer.get("identitySource")
    source = sources[0] if isinstance(sources, list) and len(sources) == 1 else sources
    if not configuration.get("issuer") or not isinstance(audience, list) or not audience:
        raise TemplateError(f"{where}.jwtConfiguration: needs an issuer and a list of audiences")
    if not isinstance(source, str) or not _IDENTITY_SOURCE.fullmatch(source):
        raise TemplateError(f"{where}.identitySource: must be $request.header.NAME or $request.querystring.NAME")
    return JwtAuthorizer(str(configuration["issuer"]), tuple(map(str, audience)), source)


def _throttling(properties: Mapping[str, Any], logical_id: str) -> Throttling | None:
    if "RouteSettings" in properties:
        raise TemplateError(f"{logical_id}.RouteSettings: the sandbox knows DefaultRouteSettings only")
    settings = properties.get("DefaultRouteSettings") or {}
    rate, burst = settings.get("ThrottlingRateLimit"), settings.get("ThrottlingBurstLimit")
    if rate is None and burst is None:
        return None
    if rate is None or burst is None:
        raise TemplateError(f"{logical_id}.DefaultRouteSettings: the sandbox needs both rate and burst, or neither")
    return Throttling(float(rate), int(burst))


def _log_format(properties: Mapping[str, Any]) -> str | None:
    found = (properties.get("AccessLogSettings") or {}).get("Format")
    return None if found is None else str(found)
