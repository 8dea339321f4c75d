"""The stack of schedules beside farsync's: what is deployed, deploying it, and one time of one started by hand."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from farsync_client.aws import CloudFormation
from farsync_client.aws_json import AwsJson
from farsync_client.errors import AnswerUnreadable, AwsRejected, FarsyncError, NoFarsyncStack, StackNotFound

LARGEST_TEMPLATE_BYTES = 51_200
"""In a request: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""
SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
SCHEDULE_ARN = "<aws.scheduler.schedule-arn>"
POLL_SECONDS = 5.0
MOST_POLLS = 240
NO_CHANGE = "No updates are to be performed"


class SchedulesTooLarge(FarsyncError):
    """The template is longer than a request to CloudFormation may hold."""

    usual_remedy = "Deploy it by way of a bucket: make deploy-schedules FILE=.. (in a checkout), or split the file."
    is_callers = True


class DeploymentFailed(FarsyncError):
    """CloudFormation did not deploy the stack."""

    usual_remedy = "The stack's events in the AWS console say which resource, and why."
    is_callers = True


class ScheduleNotFound(FarsyncError):
    """The stack has no such schedule."""

    usual_remedy = "See which there are: farsync schedules ls"
    is_callers = True


class DeployedSchedule(NamedTuple):
    """A schedule as it stands in a template."""

    name: str
    expression: str
    timezone: str
    is_enabled: bool
    properties: Mapping[str, Any]

    @property
    def input(self) -> dict[str, Any]:
        """What `start_once` is given: machine, nameParts, input. Raises AnswerUnreadable."""
        try:
            content = json.loads(self.properties["Target"]["Input"])
            return dict(content) if {"machine", "nameParts", "input"} <= content.keys() else _no_schedule(self.name)
        except (KeyError, TypeError, ValueError):
            return _no_schedule(self.name)

    @property
    def request(self) -> dict[str, Any]:
        return dict(self.input["input"])


def schedules_in(template: Mapping[str, Any]) -> dict[str, DeployedSchedule]:
    """By name, as they stand there."""
    resources = template.get("Resources")
    found = {}
    for resource in resources.values() if isinstance(resources, Mapping) else ():
        if resource.get("Type") == "AWS::Scheduler::Schedule":
            given = resource["Properties"]
            zone, state = given.get("ScheduleExpressionTimezone", "UTC"), given.get("State", "ENABLED")
            name = str(given["Name"])
            found[name] = DeployedSchedule(name, given["ScheduleExpression"], zone, state == "ENABLED", given)
    return found


class Change(NamedTuple):
    name: str
    what: str
    """added, changed, or removed."""


def changes(before: Mapping[str, DeployedSchedule], after: Mapping[str, DeployedSchedule]) -> list[Change]:
    """By name."""
    found = []
    for name in sorted({*before, *after}):
        if name not in before or name not in after:
            found.append(Change(name, "removed" if name in before else "added"))
        elif before[name].properties != after[name].properties:
            found.append(Change(name, "changed"))
    return found


class ScheduleStack:
    """`name` is that of the stack of schedules, `farsync` that of farsync's own. Every method raises as CloudFormation
    and `AwsJson` do.
    """

    def __init__(self, name: str, farsync: str, cloudformation: CloudFormation, sleep: Callable[[float], None]) -> None:
        self.name = name
        self._farsync = farsync
        self._cloudformation = cloudformation
        self._sleep = sleep

    def deployed(self) -> dict[str, DeployedSchedule] | None:
        """None where there is no such stack."""
        try:
            text = self._cloudformation.template(self.name)
        except StackNotFound:
            return None
        try:
            content = json.loads(text)
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise AnswerUnreadable(
                f"The stack {self.name} is none of schedules.", remedy="Name theirs: --schedules STACK"
            )
        return schedules_in(content)

    def deploy(self, template: Mapping[str, Any], *, is_there: bool) -> bool:
        """Whether anything changed; waits until it is done. Raises SchedulesTooLarge, DeploymentFailed."""
        text = json.dumps(template, ensure_ascii=False, separators=(",", ":"))
        if len(text.encode()) > LARGEST_TEMPLATE_BYTES:
            raise SchedulesTooLarge(
                f"The template has {len(text.encode())} bytes; a request takes {LARGEST_TEMPLATE_BYTES}."
            )
        kept = self._cloudformation.describe(self.name).parameters if is_there else {}
        declared = [name for name in template.get("Parameters", {}) if name in kept and name != "FarsyncStack"]
        fields = {
            "TemplateBody": text,
            "Capabilities.member.1": "CAPABILITY_IAM",
            "Parameters.member.1.ParameterKey": "FarsyncStack",
            "Parameters.member.1.ParameterValue": self._farsync,
        }
        for number, name in enumerate(declared, 2):
            fields |= {
                f"Parameters.member.{number}.ParameterKey": name,
                f"Parameters.member.{number}.UsePreviousValue": "true",
            }
        try:
            self._cloudformation.ask("UpdateStack" if is_there else "CreateStack", self.name, fields)
        except AwsRejected as error:
            if NO_CHANGE in error.message:
                return False
            raise
        self._wait()
        return True

    def _wait(self) -> None:
        for _ in range(MOST_POLLS):
            status = self._cloudformation.describe(self.name).status
            if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
                return
            if not status.endswith("_IN_PROGRESS"):
                raise DeploymentFailed(f"The stack {self.name} is {status}.")
            self._sleep(POLL_SECONDS)
        raise DeploymentFailed(f"The stack {self.name} is still being deployed.")


def fire(aws: AwsJson, start_once_arn: str, stack: str, schedule: DeployedSchedule, at: datetime) -> str:
    """Starts the run of that schedule and time, unless it was started before; the run's name."""
    parts = start_once_arn.split(":")
    if len(parts) < 7:
        raise NoFarsyncStack(
            "The outputs of the stack are not known.", remedy="Read them: farsync use --stack NAME --region REGION"
        )
    arn = f"arn:{parts[1]}:scheduler:{parts[3]}:{parts[4]}:schedule/{stack}/{schedule.name}"
    moment = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    text = json.dumps(schedule.input).replace(SCHEDULE_ARN, arn).replace(SCHEDULED_TIME, moment)
    name = f"fire-{int(time.time())}-{uuid4().hex[:8]}"
    aws.call("states", "StartExecution", {"stateMachineArn": start_once_arn, "name": name, "input": text})
    return "-".join(_hashed(part) for part in json.loads(text)["nameParts"])


def _hashed(part: list[str]) -> str:
    """As the state machine start_once makes names."""
    return hashlib.sha256("\n".join(part).encode()).hexdigest()[:24]


def _no_schedule(name: str) -> dict[str, Any]:
    raise AnswerUnreadable(f"The schedule {name} is none of farsync's.", remedy="Name their stack: --schedules STACK")
