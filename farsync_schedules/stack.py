"""The CloudFormation template of a file's schedules: a stack of its own beside farsync's."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from farsync.model.names import digest
from farsync_schedules.entry import RETRIED_FOR, SCHEDULE_ARN, SCHEDULED_TIME, ScheduleEntry
from sandbox.aws.template.yaml_document import load_document

STACK = Path(__file__).with_name("stack.template.yaml")
START_ONCE = {"Fn::ImportValue": {"Fn::Sub": "${FarsyncStack}-StartOnceStateMachineArn"}}
MOST_RETRIES = 185


def schedules_template(entries: Iterable[ScheduleEntry]) -> dict[str, Any]:
    """Its parameter `FarsyncStack` names the stack whose `start_once` is started: the deployment fails where there is
    none, and that stack cannot be removed before this one.
    """
    template = load_document(STACK)
    template["Resources"] |= {_logical_id(entry.name): _schedule(entry) for entry in entries}
    return template


def _schedule(entry: ScheduleEntry) -> dict[str, object]:
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
                "Arn": START_ONCE,
                "RoleArn": {"Fn::GetAtt": ["ScheduleRole", "Arn"]},
                "RetryPolicy": {
                    "MaximumEventAgeInSeconds": int(RETRIED_FOR.total_seconds()),
                    "MaximumRetryAttempts": MOST_RETRIES,
                },
                "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["MissedQueue", "Arn"]}},
                "Input": json.dumps(_input(entry), ensure_ascii=False),
            },
        },
    }


def _input(entry: ScheduleEntry) -> dict[str, object]:
    """Runs of one job share the first part of their name; schedule and time are the intent."""
    job, connection = entry.request["job"], entry.request.get("connection", "default")
    return {
        "machine": entry.machine,
        "nameParts": [[job], [connection], ["schedule", SCHEDULE_ARN, SCHEDULED_TIME]],
        "input": dict(entry.request),
    }


def _in_utc(date: datetime) -> str:
    return date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _logical_id(name: str) -> str:
    """Letters and digits alone, and another one for each name."""
    return f"Schedule{re.sub('[^0-9A-Za-z]', '', name.title())}{digest(name)[:8]}"
