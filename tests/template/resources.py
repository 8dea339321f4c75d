"""What the tests of this folder read from template.yaml, from operations.yaml, and from what SAM makes of them."""

import json
import os
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from sandbox.aws.template.yaml_document import load_document
from tests.support.markdown import ROOT

TEMPLATE = load_document(ROOT / "template.yaml")
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
OPERATIONS = load_document(ROOT / "operations.yaml")
_LOCAL_FILES = ("CodeUri", "ContentUri", "DefinitionUri")


def _translated() -> dict[str, dict[str, Any]]:
    """The resources that CloudFormation gets, roles among them."""
    template = json.loads(json.dumps(TEMPLATE))
    for resource in template["Resources"].values():
        for name in _LOCAL_FILES:
            if name in resource["Properties"]:
                resource["Properties"][name] = "s3://bucket/key"
    with patch.dict(os.environ, AWS_DEFAULT_REGION="ap-northeast-2"):
        resources: dict[str, dict[str, Any]] = Translator({}, Parser()).translate(template, {})["Resources"]
    return resources


TRANSLATED = _translated()


def of_type(*types: str, resources: dict[str, dict[str, Any]] = RESOURCES) -> dict[str, dict[str, Any]]:
    """Properties by logical id."""
    return {name: resource.get("Properties", {}) for name, resource in resources.items() if resource["Type"] in types}


ROLES = of_type("AWS::IAM::Role", resources=TRANSLATED)
POLICIES = of_type("AWS::IAM::ManagedPolicy")


def either(value: Any) -> list[Any]:
    """What an intrinsic If can give, without nothing."""
    if isinstance(value, dict) and "Fn::If" in value:
        return [given for branch in value["Fn::If"][1:] for given in either(branch)]
    return [] if value == {"Ref": "AWS::NoValue"} else [value]


def statements(effect: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Those of every role and policy that `Allow`, or `Deny`, with the logical id of their resource."""
    of_roles = ((name, policy) for name, role in ROLES.items() for policy in role.get("Policies", []))
    for name, policy in (*of_roles, *POLICIES.items()):
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement["Effect"] == effect:
                yield name, statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def logical_id(value: Any) -> str:
    """The resource that a Ref or GetAtt names, or whose name begins with the stack's."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return name
        case {"Fn::Sub": str(text)}:
            return named(text.partition("StackName}-")[2])
    raise AssertionError(f"{value} names no resource")


def named(suffix: str) -> str:
    """The logical id of the function, state machine or queue `<stack>-<suffix>`."""
    full = {"Fn::Sub": "${AWS::StackName}-" + suffix}
    kinds = {
        "AWS::Serverless::Function": "FunctionName",
        "AWS::Serverless::StateMachine": "Name",
        "AWS::SQS::Queue": "QueueName",
    }
    (found,) = (name for kind, key in kinds.items() for name, own in of_type(kind).items() if own[key] == full)
    return found
