"""What the tests of this folder read from template.yaml."""

from collections.abc import Iterator
from typing import Any

from sandbox.aws.template.yaml_document import load_document
from tests.support.markdown import ROOT

TEMPLATE = load_document(ROOT / "template.yaml")
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
STACK_TAG = "farsync:stack"


def of_type(*types: str) -> dict[str, dict[str, Any]]:
    """Properties by logical id."""
    return {name: one.get("Properties", {}) for name, one in RESOURCES.items() if one["Type"] in types}


def either(value: Any) -> list[Any]:
    """What an intrinsic If can give, without nothing."""
    if isinstance(value, dict) and "Fn::If" in value:
        return [one for branch in value["Fn::If"][1:] for one in either(branch)]
    return [] if value == {"Ref": "AWS::NoValue"} else [value]


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every role and policy, with the logical id of the resource in which it stands."""
    for name, role in of_type("AWS::IAM::Role").items():
        for policy in (one for given in role["Policies"] for one in either(given)):
            yield from ((name, statement) for statement in policy["PolicyDocument"]["Statement"])
    for name, policy in of_type("AWS::IAM::ManagedPolicy").items():
        yield from ((name, statement) for statement in policy["PolicyDocument"]["Statement"])


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def logical_id(value: Any) -> str:
    """The resource that a Ref or GetAtt names."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return name
    raise AssertionError(f"{value} names no resource")
