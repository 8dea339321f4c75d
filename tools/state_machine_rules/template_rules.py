"""Rules between the state machines and the template that deploys them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from tools.states_language import LAMBDA_INVOKE, StateMachine

SUBSTITUTION = re.compile(r"\$\{(\w+)\}")
DEFAULT_TIMEOUT_SECONDS = 3
"""Lambda's own: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html"""


@dataclass(frozen=True)
class Template:
    """The template's state machines, and the functions that they invoke."""

    substitutions: Mapping[str, Mapping[str, str]]
    """By file name of the definition: which logical id each substitution stands for."""
    timeouts_seconds: Mapping[str, int]
    """By logical id of the function."""


def read_template(path: Path) -> Template:
    document = yaml_parse(path.read_text(encoding="utf-8"))
    resources: Mapping[str, Any] = document["Resources"]
    inherited = document.get("Globals", {}).get("Function", {}).get("Timeout", DEFAULT_TIMEOUT_SECONDS)
    return Template(
        substitutions={
            Path(machine["DefinitionUri"]).name: {
                name: _logical_id(value) for name, value in machine.get("DefinitionSubstitutions", {}).items()
            }
            for machine in _properties(resources, "AWS::Serverless::StateMachine").values()
        },
        timeouts_seconds={
            logical_id: function.get("Timeout", inherited)
            for logical_id, function in _properties(resources, "AWS::Serverless::Function").items()
        },
    )


def substitutions_are_given(machine: StateMachine, template: Template) -> Iterator[str]:
    given = template.substitutions[machine.file_name].keys()
    used = set(SUBSTITUTION.findall(machine.text))
    for name in sorted(used - given):
        yield f"${{{name}}}: is not given; add it to DefinitionSubstitutions in the template"
    for name in sorted(given - used):
        yield f"${{{name}}}: the template gives it and the machine does not use it; take it out"


def tasks_outlast_their_functions(machine: StateMachine, template: Template) -> Iterator[str]:
    logical_ids = template.substitutions[machine.file_name]
    for name, state in machine.states():
        if state.get("Resource") != LAMBDA_INVOKE:
            continue
        invoked = SUBSTITUTION.search(str(state.get("Arguments", {}).get("FunctionName")))
        function = logical_ids.get(invoked[1], "") if invoked else ""
        if function not in template.timeouts_seconds:
            yield f"{name}: its FunctionName names no function of the template"
            continue
        task_seconds = state.get("TimeoutSeconds", 0)
        function_seconds = template.timeouts_seconds[function]
        if task_seconds <= function_seconds:
            yield (
                f"{name}: TimeoutSeconds {task_seconds} must be above the {function_seconds} s of {function}, "
                "or the function still works when the machine has given it up"
            )


RULES = (substitutions_are_given, tasks_outlast_their_functions)


def _properties(resources: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {name: resource["Properties"] for name, resource in resources.items() if resource["Type"] == kind}


def _logical_id(value: Mapping[str, Any]) -> str:
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return name
    return ""
