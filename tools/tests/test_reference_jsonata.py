"""The test of expressions notices what it is there for."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools.reference_jsonata import checking
from tools.reference_jsonata.checking import checked, walked
from tools.reference_jsonata.engines import Evaluation, disagreements, with_variants
from tools.states_language import ROOT

DONE = {"Type": "Succeed"}
TASK = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": "Done"}


@pytest.mark.parametrize(
    ("state", "field"),
    [
        ({"Type": "Pass", "Output": "{% $states.input.missing %}", "Next": "Done"}, "Output"),
        ({"Type": "Choice", "Choices": [{"Condition": "{% 'yes' %}", "Next": "Done"}]}, "Choices.0.Condition"),
        ({"Type": "Wait", "Seconds": "{% 1.5 %}", "Next": "Done"}, "Seconds"),
        ({"Type": "Fail", "Error": "E", "Cause": "{% {'a': 1} %}"}, "Cause"),
        ({**TASK, "TimeoutSeconds": "{% 0 %}"}, "TimeoutSeconds"),
        ({**TASK, "TimeoutSeconds": 60, "HeartbeatSeconds": "{% 60 %}"}, "HeartbeatSeconds"),
        ({**TASK, "Arguments": {"DelaySeconds": "{% 901 %}"}}, "Arguments.DelaySeconds"),
    ],
)
def test_a_field_that_step_functions_does_not_take_is_named(state: dict[str, Any], field: str) -> None:
    definition = {"StartAt": "First", "States": {"First": state, "Done": DONE}}
    recorded = {"title": "t", "input": {}, "answers": {"First": [{"error": {"Error": "No"}}]}}
    _, fault = walked("m", definition, recorded)
    assert fault.startswith("m.States.First")
    assert field.rpartition(".")[2] in fault


def test_an_expression_that_no_walk_evaluates_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = tmp_path / "m.asl.yaml"
    machine.write_text("""{StartAt: Done, States: {Done: {Type: Succeed, Output: "{% 1 %}"}}}""")
    (tmp_path / "m.yaml").write_text("walks: []")
    monkeypatch.setattr(checking, "RECORDED", tmp_path)
    assert checked(machine).faults == ["m.States.Done.Output: no walk comes here"]


def test_what_the_engines_evaluate_differently_is_named() -> None:
    beyond_javascript = 2**53 + 1
    same, other = (Evaluation.of(str(value), "$v", {"v": value}, 0) for value in (1, beyond_javascript))
    (line,) = disagreements([same, other])
    assert line.startswith(f"{beyond_javascript}: sandbox: {beyond_javascript}; reference: {2**53}")


def test_members_that_an_expression_names_are_varied_and_no_others() -> None:
    evaluation = Evaluation.of("m", "$run.id", {"run": {"id": 1, "job": "j"}, "other": 1}, 0)
    runs = [variant.variables.get("run") for variant in with_variants([evaluation])]
    assert {"job": "j"} in runs
    assert {"id": None, "job": "j"} in runs
    assert {"id": [1], "job": "j"} in runs
    assert all(run["job"] == "j" for run in runs if isinstance(run, dict) and run)


def test_the_reference_is_the_version_that_aws_names_from_whatever_registry() -> None:
    lock = json.loads((ROOT / "tools" / "reference_jsonata" / "package-lock.json").read_text())
    package = lock["packages"]["node_modules/jsonata"]
    assert package["version"] == "2.0.6"
    assert package["integrity"].startswith("sha512-")
    assert "resolved" not in package
