"""Stacks as the `farsync` command asks CloudFormation for them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

SCHEDULE = {
    "Type": "AWS::Scheduler::Schedule",
    "Properties": {
        "Name": "daily",
        "ScheduleExpression": "cron(0 3 * * ? *)",
        "Target": {"Arn": {"Fn::ImportValue": {"Fn::Sub": "${FarsyncStack}-Listener"}}},
    },
}
TEMPLATE = {"Parameters": {"FarsyncStack": {"Type": "String"}}, "Resources": {"S": SCHEDULE}}
CAPABILITIES = ["CAPABILITY_IAM"]


@pytest.fixture
def stacks(client: Callable[..., Any]) -> Any:
    return client("cloudformation")


@pytest.fixture
def deployed(stacks: Any, sandbox: dict[str, Any]) -> Iterator[str]:
    """Its name; it has no schedules afterwards."""
    stacks.create_stack(StackName="by-name", TemplateBody=json.dumps(TEMPLATE), Capabilities=CAPABILITIES)
    yield "by-name"
    empty = {**TEMPLATE, "Resources": {}}
    stacks.update_stack(StackName="by-name", TemplateBody=json.dumps(empty), Capabilities=CAPABILITIES)


def test_the_template_stack_shows_outputs_and_parameters(stacks: Any, sandbox: dict[str, Any]) -> None:
    (stack,) = stacks.describe_stacks(StackName="t")["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    assert outputs["HttpApiUrl"] == sandbox["httpApi"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"


def test_a_stack_of_schedules_is_deployed_and_gives_its_template_back(stacks: Any, deployed: str) -> None:
    assert stacks.get_template(StackName=deployed)["TemplateBody"] == TEMPLATE
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update_stack(StackName=deployed, TemplateBody=json.dumps(TEMPLATE), Capabilities=CAPABILITIES)


@pytest.mark.parametrize(
    ("call", "given", "words"),
    [
        ("describe_stacks", {"StackName": "nobody"}, "Stack with id nobody does not exist"),
        ("create_stack", {"StackName": "t", "TemplateBody": "{}"}, "already exists"),
        ("create_stack", {"StackName": "new", "TemplateBody": "{}"}, "Requires capabilities"),
        ("create_stack", {"StackName": "new", "TemplateBody": " " * 51_201}, "must have length <= 51200"),
    ],
    ids=["no such stack", "a stack that is there", "no capability", "too long"],
)
def test_a_wrong_call_is_rejected(stacks: Any, call: str, given: dict[str, str], words: str) -> None:
    with pytest.raises(ClientError, match=words):
        getattr(stacks, call)(**given)
