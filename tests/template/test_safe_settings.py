"""Every function, machine and queue of the template has the settings without which it would be unsafe or dear."""

import re
from pathlib import Path
from typing import Any

import pytest

from farsync_schedules.stack import schedules_template
from sandbox.aws.template.intrinsics import Resolver
from sandbox.aws.template.parameters import parameter_values
from sandbox.aws.template.yaml_document import TemplateError
from tests.support.markdown import ROOT, quoted, section
from tests.template.resources import OPERATIONS, RESOURCES, TEMPLATE, either, listed, logical_id, of_type

FUNCTIONS = of_type("AWS::Serverless::Function")
MACHINES = of_type("AWS::Serverless::StateMachine")
QUEUES = of_type("AWS::SQS::Queue")
OF_SCHEDULES: dict[str, dict[str, Any]] = schedules_template([])["Resources"]
ALL_QUEUES = {**QUEUES, **of_type("AWS::SQS::Queue", resources=OF_SCHEDULES)}
QUEUE_POLICIES = {
    **of_type("AWS::SQS::QueuePolicy"),
    **of_type("AWS::SQS::QueuePolicy", resources=OF_SCHEDULES),
}
DEFAULTS = TEMPLATE["Globals"]["Function"]
# What is missed is caught by the next: sweep and watch go back a day. A run that was not started for an hour shows in
# the alarm on its success.
NEED_NO_DEAD_LETTERS = {"SweepRunsSchedule", "WatchJobsSchedule"}
LONGEST_NAMES = {
    "AWS::Serverless::Function": ("FunctionName", 64),
    "AWS::Serverless::StateMachine": ("Name", 80),
    "AWS::SQS::Queue": ("QueueName", 80),
    "AWS::Events::Rule": ("Name", 64),
    "AWS::Scheduler::Schedule": ("Name", 64),
    "AWS::CloudWatch::Alarm": ("AlarmName", 255),
}
"""Of each kind what names it, and how many characters AWS takes: see CreateFunction of Lambda, CreateStateMachine,
CreateQueue of SQS, PutRule of EventBridge, CreateSchedule and PutMetricAlarm.
"""
CALLED_BY_A_SCHEDULE = {"SweepRunsFunction", "WatchJobsFunction"}


def targets() -> dict[str, dict[str, Any]]:
    """What schedules and rules start, by the logical id of the schedule or rule."""
    found = {name: one["Target"] for name, one in of_type("AWS::Scheduler::Schedule").items()}
    for name, rule in of_type("AWS::Events::Rule").items():
        (found[name],) = rule["Targets"]
    return found


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_a_time_out_and_logs_that_are_not_kept_for_ever(name: str) -> None:
    longest = 300 if name in CALLED_BY_A_SCHEDULE else 60
    assert 1 <= FUNCTIONS[name].get("Timeout", DEFAULTS.get("Timeout", 0)) <= longest
    group = logical_id({**DEFAULTS, **FUNCTIONS[name]}["LoggingConfig"]["LogGroup"])
    assert RESOURCES[group]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_reserves_the_environments_that_the_parameter_says_and_none_by_default(name: str) -> None:
    reserved = {**DEFAULTS, **FUNCTIONS[name]}["ReservedConcurrentExecutions"]
    assert reserved == {"Fn::If": ["HasReservedConcurrency", {"Ref": "ReservedConcurrency"}, {"Ref": "AWS::NoValue"}]}
    is_none = {"Fn::Equals": [{"Ref": "ReservedConcurrency"}, TEMPLATE["Parameters"]["ReservedConcurrency"]["Default"]]}
    assert TEMPLATE["Conditions"]["HasReservedConcurrency"] == {"Fn::Not": [is_none]}


def test_every_group_of_logs_is_encrypted_as_reported_and_not_kept_for_ever() -> None:
    for name, group in of_type("AWS::Logs::LogGroup").items():
        assert group["RetentionInDays"] == (90 if name == "EventLogs" else {"Ref": "LogRetentionDays"}), name
        assert either(group.get("KmsKeyId")) == [{"Ref": "KmsKeyArn"}], name


@pytest.mark.parametrize("name", MACHINES)
def test_a_state_machine_logs_its_errors_and_no_data(name: str) -> None:
    logging = MACHINES[name]["Logging"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
    ((_, destination),) = logging["Destinations"][0].items()
    assert RESOURCES[logical_id(destination["LogGroupArn"])]["Type"] == "AWS::Logs::LogGroup"


def test_sweep_and_watch_alone_are_called_asynchronously_so_that_no_function_needs_a_place_for_lost_calls() -> None:
    """An asynchronous call that fails is lost without EventInvokeConfig's OnFailure; the next one does the same."""
    assert [name for name, function in FUNCTIONS.items() if "Events" in function] == []
    called = {logical_id(target["Arn"]) for target in targets().values()} & FUNCTIONS.keys()
    assert called == CALLED_BY_A_SCHEDULE
    permitted = of_type("AWS::Lambda::Permission").values()
    assert {permission["Principal"] for permission in permitted} <= {"apigateway.amazonaws.com"}
    assert not of_type("AWS::SNS::Subscription", "AWS::S3::Bucket")


def test_a_period_of_watching_that_failed_is_not_repeated_and_rings_its_alarm_once() -> None:
    assert FUNCTIONS["WatchJobsFunction"]["EventInvokeConfig"]["MaximumRetryAttempts"] == 0


@pytest.mark.parametrize("name", targets())
def test_what_a_schedule_or_rule_could_not_start_is_tried_again_and_then_kept(name: str) -> None:
    target = targets()[name]
    assert target["RetryPolicy"]["MaximumRetryAttempts"] >= 1
    if name not in NEED_NO_DEAD_LETTERS:
        assert logical_id(target["DeadLetterConfig"]["Arn"]) in QUEUES


def test_the_schedules_without_dead_letters_are_reported() -> None:
    reported = quoted(section(ROOT / "docs" / "permissions.md", "Places for lost calls"))
    assert {name for name in reported if name in RESOURCES} == NEED_NO_DEAD_LETTERS


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_is_encrypted_by_the_key_that_is_reported_or_by_one_of_sqs(name: str) -> None:
    assert QUEUES[name]["SqsManagedSseEnabled"] == {"Fn::If": ["HasKmsKey", False, True]}
    assert either(QUEUES[name]["KmsMasterKeyId"]) == [{"Ref": "KmsKeyArn"}]


@pytest.mark.parametrize("name", ALL_QUEUES)
def test_a_queue_has_one_policy_which_lets_nobody_in_without_tls(name: str) -> None:
    """A second policy would take the place of the first: each queue stands in one."""
    (policy,) = (policy for policy in QUEUE_POLICIES.values() if {"Ref": name} in policy["Queues"])
    (denied,) = (statement for statement in policy["PolicyDocument"]["Statement"] if statement["Effect"] == "Deny")
    assert {key: value for key, value in denied.items() if key != "Effect"} == {
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_a_policy_on_a_queue_lets_in_one_service_for_one_resource() -> None:
    statements = (policy["PolicyDocument"]["Statement"] for policy in QUEUE_POLICIES.values())
    for statement in (one for of_policy in statements for one in of_policy if one["Effect"] == "Allow"):
        assert list(statement["Principal"]) == ["Service"]
        assert listed(statement["Action"]) == ["sqs:SendMessage"]
        assert statement["Condition"]["ArnEquals"]["aws:SourceArn"]


def test_nothing_is_open_to_everybody() -> None:
    assert [name for name, one in FUNCTIONS.items() if "FunctionUrlConfig" in one] == []
    for name, permission in of_type("AWS::Lambda::Permission").items():
        assert permission["SourceArn"], name
    for api in of_type("AWS::Serverless::HttpApi").values():
        for path, operations in api["DefinitionBody"]["paths"].items():
            for method, operation in operations.items():
                assert all(operation["security"]["Fn::If"][1:]), f"{method} {path}"


def test_no_environment_variable_holds_a_secret() -> None:
    every = [DEFAULTS, *FUNCTIONS.values()]
    variables = {name: text for one in every for name, text in one.get("Environment", {}).get("Variables", {}).items()}
    assert variables.pop("SECRETS_PREFIX") == {"Ref": "SecretsPrefix"}  # of names, and no secret
    assert [name for name in variables if re.search("SECRET|TOKEN|PASSWORD|CREDENTIAL|ACCESS_KEY", name)] == []
    assert "{{resolve:" not in str(TEMPLATE)
    assert [name for name, one in TEMPLATE["Parameters"].items() if one.get("NoEcho")] == []
    assert either(DEFAULTS["KmsKeyArn"]) == [{"Ref": "KmsKeyArn"}]


def test_functions_work_in_the_subnets_that_are_named_and_else_in_none() -> None:
    (network,) = either(DEFAULTS["VpcConfig"])
    assert network == {name: {"Fn::Split": [",", {"Ref": name}]} for name in ("SubnetIds", "SecurityGroupIds")}


@pytest.mark.parametrize(
    ("subnets", "groups", "is_taken"),
    [("", "", True), ("subnet-1", "sg-1", True), ("subnet-1,subnet-2", "", False), ("", "sg-1", False)],
)
def test_subnets_without_security_groups_are_rejected_before_anything_is_made(
    subnets: str, groups: str, is_taken: bool
) -> None:
    parameters: dict[str, str | list[str]] = {"SubnetIds": subnets, "SecurityGroupIds": groups}
    resolver = Resolver(TEMPLATE, "stack", "", parameters, {})
    applied = [rule for rule in TEMPLATE["Rules"].values() if resolver.resolve(rule["RuleCondition"], "Rules")]
    asserted = [assertion["Assert"] for rule in applied for assertion in rule["Assertions"]]
    assert all(resolver.resolve(condition, "Rules") for condition in asserted) is is_taken


@pytest.mark.parametrize(
    ("name", "taken", "rejected"),
    [
        ("SubnetIds", "subnet-0a1b,subnet-2", "subnet-0a1b, subnet-2"),
        ("SecurityGroupIds", "sg-0a1b", "default"),
        ("KmsKeyArn", "arn:aws:kms:eu-west-1:123456789012:key/mrk-1a2b", "alias/mine"),
        ("AlarmTopicArn", "arn:aws-cn:sns:cn-north-1:123456789012:alarms", "alarms"),
        ("PermissionsBoundaryArn", "arn:aws:iam::123456789012:policy/team/bound", "bound"),
        ("EndpointNetworks", "private", "loopback"),
    ],
)
def test_a_parameter_that_aws_would_reject_or_that_opens_too_much_is_rejected_at_once(
    name: str, taken: str, rejected: str
) -> None:
    declared = {name: TEMPLATE["Parameters"][name]}
    assert parameter_values(declared, {name: taken}, {}) == {name: taken}
    with pytest.raises(TemplateError):
        parameter_values(declared, {name: rejected}, {})


def test_the_longest_name_of_a_stack_is_the_one_that_its_page_names() -> None:
    rooms = [
        longest - len(properties[key]["Fn::Sub"].partition("StackName}")[2])
        for kind, (key, longest) in LONGEST_NAMES.items()
        for properties in [*of_type(kind).values(), *of_type(kind, resources=OPERATIONS["Resources"]).values()]
    ]
    assert f"a stack name of at most {min(rooms)} characters" in (ROOT / "docs" / "install.md").read_text()


@pytest.mark.parametrize("path", [ROOT / "template.yaml", *(ROOT / "statemachines").iterdir()], ids=Path.as_posix)
def test_nothing_of_the_stack_belongs_to_one_partition_of_aws(path: Path) -> None:
    """Principals have one name in all of them."""
    without_principals = re.sub(
        r"\b(apigateway|events|lambda|scheduler|states)\.amazonaws\.com\b", "", path.read_text()
    )
    assert re.findall(r"arn:aws\b.*|amazonaws\.com.*", without_principals) == []


def test_every_name_that_the_template_gives_begins_with_the_stacks() -> None:
    keys = ("Name", "FunctionName", "QueueName", "LogGroupName", "AlarmName", "DashboardName")
    named = re.compile(r"(/[a-z/]+/)?\$\{(AWS::)?StackName\}(-[\w.-]+|/[a-z]+)?")
    for logical, resource in [*RESOURCES.items(), *OPERATIONS["Resources"].items()]:
        if resource["Type"] in ("AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping", "AWS::Logs::LogStream"):
            continue
        for key in keys:
            given = resource["Properties"].get(key)
            if given is not None:
                assert named.fullmatch(given["Fn::Sub"]), f"{logical}.{key}"
