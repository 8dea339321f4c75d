"""What the recipes name is farsync's: parameters and outputs of the template, run requests, options of the command."""

import ast
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from typer.main import get_command

from farsync.model.run_request import RunRequest
from farsync.model.validation import validated
from farsync_cli.application import app
from sandbox.aws.template.yaml_document import load_document
from tests.support.markdown import ROOT, code_blocks
from tools.package_stack import PARAMETERS

RECIPES = ROOT / "docs" / "recipes.md"
TEMPLATE = load_document(ROOT / "template.yaml")
ALL = RECIPES.read_text()


def literals(keyword: str) -> Iterator[Mapping[str, Any]]:
    """The dictionaries that the Python examples hand over, inside another call or not."""
    for block in code_blocks(RECIPES, "python"):
        for node in ast.walk(ast.parse(block.text)):
            if isinstance(node, ast.keyword) and node.arg == keyword:
                yield from (ast.literal_eval(found) for found in ast.walk(node.value) if is_request(found))


def is_request(node: ast.AST) -> bool:
    return isinstance(node, ast.Dict) and any(isinstance(key, ast.Constant) and key.value == "job" for key in node.keys)


@pytest.mark.parametrize("keyword", ["state_machine_input", "input"])
def test_what_starts_a_run_is_a_run_request(keyword: str) -> None:
    (request,) = literals(keyword)
    assert validated(RunRequest, request).job


def test_airflow_waits_longer_than_the_run_may_take() -> None:
    (request,) = literals("state_machine_input")
    delay, attempts = (int(re.findall(rf"{name}=(\d+)", ALL)[0]) for name in ("waiter_delay", "waiter_max_attempts"))
    assert delay * attempts > request["timeoutSeconds"] + int(TEMPLATE["Parameters"]["GracePeriodSeconds"]["Default"])


def test_parameters_and_outputs_of_the_stack_are_those_of_the_packaged_template() -> None:
    (terraform,) = code_blocks(RECIPES, "hcl")
    given = re.findall(r"^    (\w+) +=", terraform.text, re.MULTILINE)
    assert {"PackageBucket", "PackagePrefix"} <= set(given) <= PARAMETERS.keys() | TEMPLATE["Parameters"].keys()
    outputs = re.findall(r'outputs\["(\w+)"\]|Outputs\.(\w+)', ALL)
    assert len(outputs) == 2
    assert {first or second for first, second in outputs} <= TEMPLATE["Outputs"].keys()


def test_the_workflow_calls_commands_and_options_that_there_are() -> None:
    (workflow,) = code_blocks(RECIPES, "yaml")
    steps = yaml.safe_load(workflow.text)["jobs"]["load"]["steps"]
    lines = [line for step in steps for line in step.get("run", "").splitlines() if line.startswith("farsync ")]
    assert len(lines) == 2
    for line in lines:
        _, name, *words = shlex.split(line)
        known = {option for parameter in get_command(app).commands[name].params for option in parameter.opts}  # type: ignore[attr-defined]
        assert {word for word in words if word.startswith("-")} <= known
