from typing import Any

import pytest
from ministack.services import stepfunctions

from sandbox.aws.template.yaml_document import load_document
from tests.support.markdown import ROOT
from tools.deploy_check.emulator_with_jsonata import evaluate_in_state, with_number
from tools.deploy_check.findings import Findings
from tools.deploy_check.patches import Route, routes_of, with_definitions, without_log_streams
from tools.deploy_check.resources import expected_resources, missing_resources

TEMPLATE = load_document(ROOT / "template.yaml")
SMALL: dict[str, Any] = {
    "Parameters": {"Name": {"Type": "String", "Default": ""}},
    "Conditions": {"HasName": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Name"}, ""]}]}},
    "Resources": {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Named": {"Type": "AWS::SQS::Queue", "Condition": "HasName"},
        "Layer": {"Type": "AWS::Serverless::LayerVersion"},
    },
}
THERE = {"Queue": "CREATE_COMPLETE", "Layer0a1b2c": "CREATE_COMPLETE", "HttpApiStage": "CREATE_COMPLETE"}


@pytest.mark.parametrize(("name", "expected"), [("", ["Queue", "Layer"]), ("x", ["Queue", "Named", "Layer"])])
def test_a_resource_is_expected_when_its_condition_holds(name: str, expected: list[str]) -> None:
    assert list(expected_resources(SMALL, "s", {"Name": name})) == expected


def test_a_layer_is_there_under_its_hashed_name_and_what_sam_adds_is_fine() -> None:
    assert list(missing_resources(expected_resources(SMALL, "s", {}), THERE)) == []


def test_what_was_not_created_or_has_failed_is_reported() -> None:
    created = {"Queue": "CREATE_FAILED", "Layer0a1b2c": "CREATE_COMPLETE"}
    told = list(missing_resources(expected_resources(SMALL, "s", {"Name": "x"}), created))
    assert told == ["Queue (AWS::SQS::Queue) is CREATE_FAILED", "Named (AWS::SQS::Queue) was not created"]


@pytest.mark.parametrize(
    ("problems", "told"),
    [([], ["ok     all is there"]), (["Queue was not created"], ["WRONG  one is missing", "Queue was not created"])],
)
def test_a_finding_is_reported_as_it_is(
    problems: list[str], told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    findings = Findings()
    findings.report("all is there", problems, "one is missing")
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" s  ")[2] or line.strip() for line in lines] == told
    assert findings.wrong == len(problems)


def test_every_route_of_the_templates_body_is_read_with_its_function() -> None:
    routes = routes_of(TEMPLATE)
    assert Route("POST", "/connections/{connection}/runs", "ManageRunsFunction") in routes
    assert {route.function for route in routes} <= TEMPLATE["Resources"].keys()
    paths = TEMPLATE["Resources"]["HttpApi"]["Properties"]["DefinitionBody"]["paths"]
    assert len(routes) == sum(len(operations) for operations in paths.values())


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


@pytest.mark.parametrize(("timeout", "seconds"), [("{% $states.input.n + $waitSeconds %}", 7), (40, 40)])
def test_a_time_out_reaches_the_emulator_as_a_number(
    timeout: object, seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stepfunctions, "_evaluate_jsonata", evaluate_in_state)
    state = {"Type": "Task", "TimeoutSeconds": timeout}
    context = {"variables": {"waitSeconds": 5}}
    assert with_number(state, "TimeoutSeconds", {"n": 2}, context) == {"Type": "Task", "TimeoutSeconds": seconds}


def test_a_task_without_a_time_out_gets_none() -> None:
    assert with_number({"Type": "Task"}, "TimeoutSeconds", {}, {}) == {"Type": "Task"}
