"""What starts state machines and functions: schedules and rules of a template."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.aws.settings import ACCOUNT_ID, REGION
from sandbox.aws.template.intrinsics import Resolver
from sandbox.aws.template.model import Rule, Schedule, Target
from sandbox.aws.template.physical_names import physical_name_of
from sandbox.aws.template.schedule_properties import parse_time, read_retries
from sandbox.aws.template.yaml_document import TemplateError


def read_schedules(resolver: Resolver) -> Iterator[Schedule]:
    for logical_id, properties in resources_of(resolver, "AWS::Scheduler::Schedule"):
        target = properties.get("Target") or {}
        if "Arn" not in target:
            raise TemplateError(f"{logical_id}.Target.Arn: is missing")
        name = physical_name_of(resolver, logical_id)
        yield _schedule(logical_id, name, properties, _target(target))


def read_rules(resolver: Resolver) -> Iterator[Rule]:
    for logical_id, properties in resources_of(resolver, "AWS::Events::Rule"):
        if properties.get("State") == "DISABLED" or "EventPattern" not in properties:
            continue
        yield Rule(
            logical_id=logical_id,
            name=physical_name_of(resolver, logical_id),
            pattern=properties["EventPattern"],
            targets=tuple(_target(target) for target in properties.get("Targets", [])),
        )


def _schedule(logical_id: str, name: str, properties: Mapping[str, Any], target: Target) -> Schedule:
    if "ScheduleExpression" not in properties:
        raise TemplateError(f"{logical_id}.ScheduleExpression: is missing")
    group = properties.get("GroupName", "default")
    return Schedule(
        logical_id=logical_id,
        name=name,
        arn=f"arn:aws:scheduler:{REGION}:{ACCOUNT_ID}:schedule/{group}/{name}",
        expression=str(properties["ScheduleExpression"]),
        timezone=str(properties.get("ScheduleExpressionTimezone", "UTC")),
        is_enabled=properties.get("State", "ENABLED") == "ENABLED",
        target=target,
        retries=read_retries(properties["Target"]),
        starts_at=parse_time(properties.get("StartDate"), f"{logical_id}.StartDate"),
        ends_at=parse_time(properties.get("EndDate"), f"{logical_id}.EndDate"),
    )


def _target(properties: Mapping[str, Any]) -> Target:
    return Target(str(properties["Arn"]), _text(properties.get("Input")), properties.get("InputTransformer"))


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def resources_of(resolver: Resolver, resource_type: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Logical ids and resolved properties of the resources of a type whose condition holds."""
    for logical_id, resource in resolver.resources.items():
        if resource.get("Type") == resource_type and resolver.exists(logical_id):
            yield logical_id, resolver.resolve(resource.get("Properties") or {}, logical_id)
