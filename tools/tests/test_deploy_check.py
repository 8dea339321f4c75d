from typing import Any

import pytest
from ministack.services import stepfunctions

from sandbox.aws.template.yaml_document import load_document
from tools.deploy_check.checking import missing_resources
from tools.deploy_check.emulator_with_jsonata import evaluate_in_state, with_number
from tools.deploy_check.patches import Route, routes_of, with_definitions, without_log_streams
from tools.states_language import ROOT

TEMPLATE = load_document(ROOT / "template.yaml")


def test_what_was_not_created_or_has_failed_is_reported() -> None:
    types = {"Queue": "AWS::SQS::Queue", "Layer": "AWS::Serverless::LayerVersion", "Topic": "AWS::SNS::Topic"}
    resources: dict[str, Any] = {name: {"Type": type_} for name, type_ in types.items()}
    resources["Named"] = {"Type": "AWS::SQS::Queue", "Condition": "HasName"}
    created = {"Queue": "CREATE_FAILED", "Layer0a1b2c": "CREATE_COMPLETE", "HttpApiStage": "CREATE_COMPLETE"}
    assert list(missing_resources({"Resources": resources}, created)) == [
        "Queue is CREATE_FAILED",
        "Topic (AWS::SNS::Topic) was not created",
    ]


def test_every_route_of_the_templates_body_is_read_with_its_function() -> None:
    routes = routes_of(TEMPLATE)
    assert Route("POST", "/connections/{connection}/runs", "ManageRunsFunction") in routes
    assert {route.function for route in routes} <= TEMPLATE["Resources"].keys()


def test_a_template_without_log_streams_names_them_where_they_were_referred_to() -> None:
    patched = without_log_streams(TEMPLATE)["Resources"]
    assert TEMPLATE["Resources"].keys() - patched.keys() == {"EventLogStream"}
    assert patched["EmitEventStateMachine"]["Properties"]["DefinitionSubstitutions"]["EventLogStream"] == "events"


def test_every_definition_stands_elsewhere_and_nothing_else_is_changed() -> None:
    patched = with_definitions(TEMPLATE, lambda definition: f"{definition}.json")["Resources"]
    for name, resource in TEMPLATE["Resources"].items():
        if resource["Type"] == "AWS::Serverless::StateMachine":
            assert patched[name]["Properties"]["DefinitionUri"] == resource["Properties"]["DefinitionUri"] + ".json"
        else:
            assert patched[name] == resource


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$states.input.n + $waitSeconds", 7),
        ("$states.context.Execution.RedriveCount", 0),
        ("($half := $states.result.n / 2; $half)", 2),
        ("$hash('a', 'MD5')", "0cc175b9c0f1b6a831c399e269772661"),
    ],
)
def test_the_emulators_expressions_see_input_variables_context_and_result(expression: str, value: object) -> None:
    context = {"variables": {"waitSeconds": 5}, "Execution": {"Name": "x"}}
    assert evaluate_in_state(expression, {"n": 2}, context, {"n": 4}) == value


@pytest.mark.parametrize(
    ("given", "reached"),
    [
        ({"TimeoutSeconds": "{% $states.input.n + $waitSeconds %}"}, {"TimeoutSeconds": 7}),
        ({"TimeoutSeconds": 40}, {"TimeoutSeconds": 40}),
        ({}, {}),
    ],
)
def test_a_time_out_reaches_the_emulator_as_a_number(
    given: dict[str, object], reached: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stepfunctions, "_evaluate_jsonata", evaluate_in_state)
    step = with_number("TimeoutSeconds", lambda state, _input, _execution, _context: state)
    assert step(given, {"n": 2}, None, {"variables": {"waitSeconds": 5}}) == reached
