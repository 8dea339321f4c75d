"""No role may more than docs/permissions.md says, and what may more than one thing says why."""

import re
from typing import Any

import pytest

from farsync_schedules.stack import schedules_template
from tests.support.markdown import ROOT, quoted, rows, section
from tests.template.resources import POLICIES, ROLES, either, listed, logical_id, statements

PERMISSIONS = ROOT / "docs" / "permissions.md"
ALL_STATEMENTS = list(statements("Allow"))
# What SAM gives every function: writing logs, and the network interfaces that a VPC needs.
GIVEN_BY_SAM = ["AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole"]
ALL_ROLES = {**ROLES, "that of schedules": schedules_template([])["Resources"]["ScheduleRole"]["Properties"]}
"""With that of a stack of schedules."""
CONSUMES = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"}
SENDS = {"sqs:SendMessage"}
USES_OF_QUEUES = {
    "PollQueue": {"RunJobStateMachineRole": SENDS, "PollExecutionFunctionRole": CONSUMES | SENDS},
    "PollDeadLetterQueue": {"PollExecutionFunctionRole": SENDS},
    "CloseQueue": {"SweepRunsFunctionRole": SENDS, "CloseRunFunctionRole": CONSUMES | SENDS},
    "CloseDeadLetterQueue": {"CloseRunFunctionRole": SENDS},
    "CompletionQueue": {"EmitEventStateMachineRole": SENDS},
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
    reported = {role: set(quoted(actions)) for role, actions, *_ in rows(PERMISSIONS, "What each role may do")}
    allowed: dict[str, set[str]] = {name: set() for name in [*ROLES, *POLICIES]}
    for name, statement in ALL_STATEMENTS:
        allowed[name].update(listed(statement["Action"]))
    assert reported == {name: actions for name, actions in allowed.items() if actions}


def test_what_is_denied_is_reported() -> None:
    assert [owner for owner, _ in statements("Deny")] == ["NetworkInterfacesPolicy"]
    assert "`NetworkInterfacesPolicy`" in section(PERMISSIONS, "On every resource")


def test_every_role_says_why_it_may_what_it_may() -> None:
    assert [role for role, *_, why in rows(PERMISSIONS, "What each role may do") if len(why) < 10] == []


@pytest.mark.parametrize("name", ALL_ROLES)
def test_a_role_can_be_taken_on_by_one_service_of_aws_and_for_this_account_alone(name: str) -> None:
    (statement,) = ALL_ROLES[name]["AssumeRolePolicyDocument"]["Statement"]
    (service,) = listed(statement["Principal"]["Service"])
    assert statement["Principal"].keys() == {"Service"}
    assert service in {f"{name}.amazonaws.com" for name in ("lambda", "states", "scheduler")}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


@pytest.mark.parametrize("name", ROLES)
def test_every_role_takes_the_boundary_and_the_path_and_has_a_name_of_the_stacks_own(name: str) -> None:
    role = ROLES[name]
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
    assert may == {("PollExecutionFunctionRole", run_job)}


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


@pytest.mark.parametrize("name", ROLES)
def test_a_role_has_what_sam_gives_a_function_and_policies_of_the_template(name: str) -> None:
    given = [policy.rpartition("/")[2] for policy in attached(name) if isinstance(policy, str)]
    assert given == (GIVEN_BY_SAM if is_of_function(name) else [])
    own = [logical_id(policy) for policy in attached(name) if not isinstance(policy, str)]
    assert own == shared_policies(name)


def shared_policies(role: str) -> list[str]:
    if role.endswith("StateMachineRole"):
        return ["LogDeliveryPolicy"]
    # The sweep asks no provider.
    return ["ConnectionsPolicy"] if is_of_function(role) and role != "SweepRunsFunctionRole" else []


def attached(role: str) -> list[Any]:
    policies: list[Any] = ROLES[role].get("ManagedPolicyArns", [])
    return policies


def test_the_code_of_a_function_touches_no_network_interface_though_its_role_may() -> None:
    ((owner, denied),) = statements("Deny")
    functions = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-*"
    assert denied["Condition"] == {"ArnLike": {"lambda:SourceFunctionArn": {"Fn::Sub": functions}}}
    # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html
    given = {"CreateNetworkInterface", "DescribeNetworkInterfaces", "DescribeSubnets", "DeleteNetworkInterface"}
    given |= {"AssignPrivateIpAddresses", "UnassignPrivateIpAddresses"}
    assert {f"ec2:{action}" for action in given} <= set(denied["Action"])
    assert {logical_id(role) for role in POLICIES[owner]["Roles"]} == {name for name in ROLES if is_of_function(name)}


def is_of_function(role: str) -> bool:
    return role.endswith("FunctionRole")


def test_who_reads_or_sends_may_do_so_under_a_key_of_your_own() -> None:
    reads = {name for name in ROLES if is_of_function(name)}
    sends = {role for uses in USES_OF_QUEUES.values() for role, actions in uses.items() if actions >= SENDS}
    assert {logical_id(role) for role in POLICIES["KeyPolicy"]["Roles"]} == reads | sends
    assert {logical_id(role) for role in POLICIES["SendingKeyPolicy"]["Roles"]} == sends
