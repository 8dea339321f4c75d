"""The HTTP API's two documents: docs/openapi.json, and the body in the template."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from farsync.model import errors
from farsync.operations.cancel_execution import cancel
from farsync.operations.get_execution import get_execution
from farsync.operations.list_jobs import list_jobs
from farsync.operations.manage_runs import manage_runs
from farsync.operations.read_logs import read_logs
from farsync.operations.trigger_execution import start
from farsync.runtime.context import Context
from farsync.runtime.http_api import Problem
from sandbox.aws.template.yaml_document import load_document
from tests.unit.operations.cloud import UseCase
from tests.unit.operations.http_client import HttpClient
from tools.export_openapi import DOCUMENT, GATEWAY_BODY, main
from tools.http_api.document import PROBLEM_TYPES, openapi_document
from tools.http_api.gateway_body import gateway_body
from tools.http_api.routes import ROUTES, Route
from tools.states_language import ROOT

DOCUMENTED: dict[str, Any] = openapi_document(ROUTES)
RESOURCES: dict[str, Any] = load_document(ROOT / "template.yaml")["Resources"]
BODY: dict[str, Any] = RESOURCES["HttpApi"]["Properties"]["DefinitionBody"]
EVERY_ROUTE = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation_id)
USE_CASES: dict[str, UseCase] = {
    "manage_runs": manage_runs,
    "list_jobs": list_jobs,
    "read_logs": read_logs,
    "trigger_execution": start,
    "poll_execution": get_execution,
    "cancel_execution": cancel,
}


def schemas_in(value: object) -> Iterator[Any]:
    if isinstance(value, dict):
        if "schema" in value and isinstance(value["schema"], dict):
            yield value["schema"]
        for one in value.values():
            yield from schemas_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from schemas_in(one)


def media_types(value: object) -> Iterator[Any]:
    """Those with an example."""
    if isinstance(value, dict):
        if "schema" in value and "example" in value:
            yield value
        for one in value.values():
            yield from media_types(one)
    elif isinstance(value, list):
        for one in value:
            yield from media_types(one)


def test_the_committed_document_is_that_of_the_routes() -> None:
    assert json.loads(DOCUMENT.read_text()) == DOCUMENTED


def test_the_committed_body_for_api_gateway_is_that_of_the_routes() -> None:
    assert GATEWAY_BODY.read_text() == gateway_body(ROUTES)


def test_every_schema_is_one_of_draft_2020_12_as_openapi_3_1_wants() -> None:
    assert DOCUMENTED["openapi"].startswith("3.1.")
    for schema in [*schemas_in(DOCUMENTED["paths"]), *DOCUMENTED["components"]["schemas"].values()]:
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_reference_leads_to_a_component() -> None:
    names = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(DOCUMENTED)))
    assert names == DOCUMENTED["components"]["schemas"].keys()


def test_every_operation_has_an_example_and_every_example_keeps_to_its_schema() -> None:
    operations = [operation for methods in DOCUMENTED["paths"].values() for operation in methods.values()]
    shown = [*media_types(operations)]
    for media_type in shown:
        schema = {**media_type["schema"], "components": DOCUMENTED["components"]}
        jsonschema.validate(media_type["example"], schema, cls=jsonschema.Draft202012Validator)
    assert len(shown) >= len(ROUTES)
    assert all([*media_types(operation["responses"])] for operation in operations)


def test_an_answer_is_never_reported_to_be_null() -> None:
    """A part of a request may be: to send null is to leave a field out."""
    schemas = DOCUMENTED["components"]["schemas"]
    answers = {name: one for name, one in schemas.items() if name not in ("JsonValue", "ProviderOptions")}
    assert '"null"' not in json.dumps(answers)


def test_what_is_never_answered_stands_in_no_schema() -> None:
    answered = DOCUMENTED["components"]["schemas"]["Execution"]["properties"].keys()
    assert not {"parameters", "condition", "failureReason", "attempt"} & answered


def test_a_field_is_described_by_the_docstring_under_it() -> None:
    properties = DOCUMENTED["components"]["schemas"]["RunShown"]["properties"]
    assert properties["step"]["description"] == "The state of `run_job` in which an open run stands."
    assert properties["execution"]["description"] == "Absent until the start has succeeded."
    assert "description" not in properties["state"]


@EVERY_ROUTE
def test_a_generated_client_has_a_class_for_every_answer(route: Route) -> None:
    """openapi-python-client leaves out what it cannot merge, openapi-generator makes up names for the rest; and both
    read the first media type of a status only, whoever answers.
    """
    responses = DOCUMENTED["paths"][route.path][route.method.lower()]["responses"]
    for status, response in responses.items():
        schemas = [media_type["schema"] for media_type in response["content"].values()]
        assert all(schema.keys() == {"$ref"} for schema in schemas), status
        if len(schemas) > 1:
            assert schemas[0] == {"$ref": "#/components/schemas/Rejection"}


def test_a_rejection_of_a_status_that_both_use_has_the_fields_of_either() -> None:
    fields = {name: schema.get("properties", {}).keys() for name, schema in DOCUMENTED["components"]["schemas"].items()}
    assert fields["Rejection"] == fields["Problem"] | fields["GatewayRejection"]


@EVERY_ROUTE
def test_a_problem_is_reported_under_its_own_status_and_name(route: Route) -> None:
    responses = DOCUMENTED["paths"][route.path][route.method.lower()]["responses"]
    for problem in route.problems:
        assert problem.__name__ in responses[str(problem.http_status)][PROBLEM_TYPES]
        assert getattr(errors, problem.__name__) is problem
    assert DOCUMENTED["components"]["schemas"]["Problem"]["properties"].keys() == Problem.model_fields.keys()


@EVERY_ROUTE
def test_a_function_serves_the_route_and_knows_the_fields_that_the_document_says(
    route: Route,
) -> None:
    target = re.sub("[{}]", "", route.path)
    # Nothing of it is needed by a request that is rejected before anybody is asked.
    no_environment = cast("Context", None)
    client = HttpClient(no_environment, USE_CASES[route.function])
    if route.method == "GET":
        rejected = client.call(route.key, f"{target}?noSuchField=x")
    else:
        rejected = client.call(route.key, target, {"noSuchField": "x"})
    known = rejected.body["detail"].partition("known: ")[2].rstrip(")").split(", ")
    assert set(known) - {""} == {field.alias for field in route.asked.model_fields.values()}


@EVERY_ROUTE
def test_api_gateway_sends_the_route_to_its_function_and_lets_nobody_in_unknown(route: Route) -> None:
    operation = BODY["paths"][route.path][route.method.lower()]
    integration = operation["x-amazon-apigateway-integration"]
    assert f"${{{route.function_resource}.Arn}}" in json.dumps(integration["uri"])
    assert integration["timeoutInMillis"] < 30_000
    assert operation["security"] == {"Fn::If": ["HasJwtIssuer", [{"jwt": []}], [{"iam": []}]]}


def test_api_gateway_knows_no_other_route() -> None:
    keys = {f"{method.upper()} {path}" for path, methods in BODY["paths"].items() for method in methods}
    assert keys == {route.key for route in ROUTES}


def test_api_gateway_may_call_the_functions_of_the_routes_and_no_other() -> None:
    permissions = [one["Properties"] for one in RESOURCES.values() if one["Type"] == "AWS::Lambda::Permission"]
    of_gateway = [one for one in permissions if one["Principal"] == "apigateway.amazonaws.com"]
    assert {one["FunctionName"]["Ref"] for one in of_gateway} == {route.function_resource for route in ROUTES}
    assert all("${HttpApi}/" in one["SourceArn"]["Fn::Sub"] for one in of_gateway)


def test_the_access_log_holds_no_query_no_path_and_no_token() -> None:
    reported = set(
        re.findall(r"\$context\.([\w.]+)", RESOURCES["HttpApi"]["Properties"]["AccessLogSettings"]["Format"])
    )
    assert reported == {
        "requestId",
        "requestTime",
        "routeKey",
        "status",
        "identity.userArn",
        "identity.sourceIp",
        "authorizer.claims.sub",
        "authorizer.error",
        "responseLatency",
        "error.message",
        "integrationErrorMessage",
    }


def test_check_fails_and_names_the_remedy_when_a_file_is_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document, body = tmp_path / "openapi.json", tmp_path / "http_api.yaml"
    assert main(["--check"], document, body) == 1
    assert "make docs" in capsys.readouterr().out
    assert main([], document, body) == 0
    assert main(["--check"], document, body) == 0
