"""No role may more than docs/permissions.md says, and what may more than one thing says why."""

import re
from typing import Any

import pytest

from tests.support.markdown import ROOT, quoted, rows
from tests.template.resources import RESOURCES, either, listed, logical_id, of_type, statements

PERMISSIONS = ROOT / "docs" / "permissions.md"
ALL_STATEMENTS = list(statements())
OWN_LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
CONSUMES = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"}
SENDS = {"sqs:SendMessage"}
USES_OF_QUEUES = {
    "PollQueue": {"RunJobRole": SENDS, "PollExecutionRole": CONSUMES | SENDS},
    "PollDeadLetterQueue": {"PollExecutionRole": SENDS},
    "CloseQueue": {"SweepRunsRole": SENDS, "CloseRunRole": CONSUMES | SENDS},
    "CloseDeadLetterQueue": {"CloseRunRole": SENDS},
    "CompletionQueue": {"EmitEventRole": SENDS},
}


def title(value: Any) -> str:
    return value if isinstance(value, str) else "-".join(listed(value["Action"]))[:40]


def resource_text(resource: Any) -> str:
    match resource:
        case str():
            return resource
        case {"Fn::Sub": str(text)}:
            return text
    return ""


def may_on_everything() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, statement in ALL_STATEMENTS:
        if "*" in listed(statement["Resource"]):
            found.setdefault(name, set()).update(listed(statement["Action"]))
    return found


@pytest.mark.parametrize(("owner", "statement"), ALL_STATEMENTS, ids=title)
def test_every_action_is_named_in_full(owner: str, statement: dict[str, Any]) -> None:
    assert statement["Effect"] == "Allow"
    assert [action for action in listed(statement["Action"]) if "*" in action] == [], owner


def test_whatever_is_allowed_on_every_resource_has_its_reason_in_the_documents() -> None:
    reasons = {frozenset(quoted(actions)): why for actions, why in rows(PERMISSIONS, "On every resource")}
    assert {frozenset(actions) for actions in may_on_everything().values()} == reasons.keys()
    assert all(reasons.values())


@pytest.mark.parametrize(("owner", "statement"), ALL_STATEMENTS, ids=title)
def test_a_star_within_a_resource_stands_behind_a_name_of_the_stacks_own(owner: str, statement: dict[str, Any]) -> None:
    for resource in map(resource_text, listed(statement["Resource"])):
        if "*" in resource and resource != "*":
            assert re.fullmatch(
                r"arn:\$\{AWS::Partition\}:[a-z]+:\$\{AWS::Region\}:\$\{AWS::AccountId\}:"
                r"(secret:\$\{SecretsPrefix\}/[a-z]+/|execution:(\$\{\w+\.Name\}|\$\{AWS::StackName\}-\w+):)\*",
                resource,
            ), owner


def test_every_role_is_reported_with_all_that_it_may_do() -> None:
    told = {role: set(quoted(actions)) for role, actions, *_ in rows(PERMISSIONS, "What each role may do")}
    allowed: dict[str, set[str]] = {name: set() for name in of_type("AWS::IAM::Role", "AWS::IAM::ManagedPolicy")}
    for name, statement in ALL_STATEMENTS:
        if "*" in listed(statement["Resource"]) and name not in of_type("AWS::IAM::ManagedPolicy"):
            continue
        allowed[name].update(listed(statement["Action"]))
    own_logs = {name for name, actions in allowed.items() if actions >= OWN_LOGS}
    assert told == {name: actions - OWN_LOGS if name in own_logs else actions for name, actions in allowed.items()}


def test_every_role_says_why_it_may_what_it_may() -> None:
    assert [role for role, *_, why in rows(PERMISSIONS, "What each role may do") if len(why) < 10] == []


@pytest.mark.parametrize("name", of_type("AWS::IAM::Role"))
def test_a_role_can_be_taken_on_by_one_service_of_aws(name: str) -> None:
    (statement,) = RESOURCES[name]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    service = statement["Principal"]["Service"]
    assert statement["Principal"] == {"Service": service}
    assert service in {f"{one}.amazonaws.com" for one in ("lambda", "states", "scheduler", "events")}
    if service in {"scheduler.amazonaws.com", "events.amazonaws.com"}:
        assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


@pytest.mark.parametrize("name", of_type("AWS::IAM::Role"))
def test_every_role_takes_the_boundary_and_the_path_and_has_a_name_of_the_stacks_own(name: str) -> None:
    role = RESOURCES[name]["Properties"]
    assert either(role.get("PermissionsBoundary")) == [{"Ref": "PermissionsBoundaryArn"}]
    assert role.get("Path") == {"Ref": "RolePath"}
    # CloudFormation begins a name that it makes itself with the stack's.
    assert "RoleName" not in role


def test_a_queue_is_open_to_those_who_write_and_those_who_read_it() -> None:
    may: dict[str, dict[str, set[str]]] = {}
    for role, statement in ALL_STATEMENTS:
        actions = {action for action in listed(statement["Action"]) if action.startswith("sqs:")}
        for resource in listed(statement["Resource"]) if actions else []:
            may.setdefault(logical_id(resource), {}).setdefault(role, set()).update(actions)
    assert may == USES_OF_QUEUES


def test_a_waiting_run_is_ended_by_its_poller_alone() -> None:
    may = {(role, *map(resource_text, listed(one["Resource"]))) for role, one in ALL_STATEMENTS if ends_tasks(one)}
    run_job = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${AWS::StackName}-run_job"
    assert may == {("PollExecutionRole", run_job)}


def ends_tasks(statement: dict[str, Any]) -> bool:
    return any(action.startswith("states:SendTask") for action in listed(statement["Action"]))


def test_secrets_are_read_below_the_stacks_own_prefix_alone() -> None:
    secrets = {
        resource_text(resource)
        for _, statement in ALL_STATEMENTS
        if "secretsmanager:GetSecretValue" in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }
    below = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${SecretsPrefix}/"
    assert secrets == {f"{below}connections/*", f"{below}parameters/*"}


@pytest.mark.parametrize("name", of_type("AWS::IAM::Role"))
def test_a_role_of_a_function_may_read_under_a_key_and_work_in_a_vpc(name: str) -> None:
    role = RESOURCES[name]["Properties"]
    if "lambda.amazonaws.com" in str(role["AssumeRolePolicyDocument"]):
        attached = [one for given in role.get("ManagedPolicyArns", []) for one in either(given)]
        sending = [{"Ref": "SendingKeyPolicy"}] if sends(name) else []
        assert attached == [{"Ref": "NetworkPolicy"}, {"Ref": "KeyPolicy"}, *sending]
    else:
        assert "ManagedPolicyArns" not in role
        under_a_key = any(
            "kms:GenerateDataKey" in listed(one["Action"]) for role, one in ALL_STATEMENTS if role == name
        )
        assert under_a_key == sends(name)


def sends(name: str) -> bool:
    return any(name in uses and uses[name] >= SENDS for uses in USES_OF_QUEUES.values())
