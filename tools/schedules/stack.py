"""The CloudFormation template of a file's schedules: a stack of its own beside farsync's."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from farsync.model.names import digest
from tools.schedules.entry import RETRIED_FOR, SCHEDULE_ARN, SCHEDULED_TIME, ScheduleEntry, check_request
from tools.schedules.platform_rules import CONDITIONS, PARAMETERS, Resource, if_given
from tools.schedules.queue_of_missed import missed_alarm, missed_queue

_START_ONCE = {"Fn::ImportValue": {"Fn::Sub": "${FarsyncStack}-StartOnceStateMachineArn"}}
_RETRIES = {"MaximumEventAgeInSeconds": int(RETRIED_FOR.total_seconds()), "MaximumRetryAttempts": 185}


def schedules_template(entries: Iterable[ScheduleEntry]) -> Resource:
    """Its parameter `FarsyncStack` names the stack whose `start_once` is started: the deployment fails where there is
    none, and that stack cannot be removed before this one.
    """
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Schedules that start runs of farsync, one run for each time, however often it fires.",
        "Parameters": {
            "FarsyncStack": {"Type": "String", "Default": "farsync", "Description": "The name of farsync's stack."},
            **PARAMETERS,
        },
        "Conditions": CONDITIONS,
        "Resources": {
            "ScheduleGroup": {
                "Type": "AWS::Scheduler::ScheduleGroup",
                "Properties": {"Name": {"Ref": "AWS::StackName"}},
            },
            "ScheduleRole": _role(),
            "MissedQueue": missed_queue(),
            "MissedAlarm": missed_alarm(),
            **{_logical_id(entry.name): _schedule(entry) for entry in entries},
        },
        "Outputs": {
            "MissedQueueUrl": {
                "Description": "Where times go that could not be started for a day; make start-missed starts them.",
                "Value": {"Ref": "MissedQueue"},
            },
        },
    }


def _role() -> Resource:
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "scheduler.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
    }
    statements = [
        {"Effect": "Allow", "Action": "states:StartExecution", "Resource": _START_ONCE},
        {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": {"Fn::GetAtt": ["MissedQueue", "Arn"]}},
    ]
    key_actions = ["kms:GenerateDataKey", "kms:Decrypt"]
    key = [{"Effect": "Allow", "Action": key_actions, "Resource": {"Ref": "KmsKeyArn"}}]
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Path": {"Ref": "RolePath"},
            "PermissionsBoundary": if_given("PermissionsBoundaryArn"),
            "Policies": [
                {"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}},
                if_given(
                    "KmsKeyArn", {"PolicyName": "key", "PolicyDocument": {"Version": "2012-10-17", "Statement": key}}
                ),
            ],
        },
    }


def _schedule(entry: ScheduleEntry) -> Resource:
    is_flexible = entry.flexible_minutes > 0
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": entry.flexible_minutes} if is_flexible else {"Mode": "OFF"}
    dates = {"StartDate": entry.start_date, "EndDate": entry.end_date}
    return {
        "Type": "AWS::Scheduler::Schedule",
        "Properties": {
            "Name": entry.name,
            "GroupName": {"Ref": "ScheduleGroup"},
            **({"Description": entry.description} if entry.description else {}),
            "State": "ENABLED" if entry.enabled else "DISABLED",
            "ScheduleExpression": entry.expression,
            "ScheduleExpressionTimezone": entry.timezone,
            "FlexibleTimeWindow": window,
            **{name: _in_utc(date) for name, date in dates.items() if date},
            "Target": {
                "Arn": _START_ONCE,
                "RoleArn": {"Fn::GetAtt": ["ScheduleRole", "Arn"]},
                "RetryPolicy": _RETRIES,
                "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["MissedQueue", "Arn"]}},
                "Input": json.dumps(_input(entry), ensure_ascii=False),
            },
        },
    }


def _input(entry: ScheduleEntry) -> dict[str, object]:
    """Runs of one job share the first part of their name; schedule and time are the intent."""
    request = check_request(entry)
    return {
        "machine": entry.machine,
        "nameParts": [[request.job], [request.connection], ["schedule", SCHEDULE_ARN, SCHEDULED_TIME]],
        "input": dict(entry.request),
    }


def _in_utc(date: datetime) -> str:
    return date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _logical_id(name: str) -> str:
    """Letters and digits alone, and another one for each name."""
    return f"Schedule{re.sub('[^0-9A-Za-z]', '', name.title())}{digest(name)[:8]}"
