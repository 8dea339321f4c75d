"""Which resources the stack must have, and whether it has them."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.aws.template.intrinsics import Resolver
from sandbox.aws.template.parameters import parameter_values

# SAM ends these logical ids with a hash, so that a new version becomes a new resource.
HASHED = {"AWS::Serverless::LayerVersion"}


def expected_resources(template: Mapping[str, Any], stack_name: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Logical ids to types of all whose condition holds."""
    values = parameter_values(template.get("Parameters", {}), parameters, {})
    resolver = Resolver(template, stack_name, "http://127.0.0.1", values, {})
    return {name: one["Type"] for name, one in template["Resources"].items() if resolver.exists(name)}


def missing_resources(expected: Mapping[str, str], created: Mapping[str, str]) -> Iterator[str]:
    """`created` are logical ids to statuses. Yields a sentence for each that is not there or not complete."""
    for logical_id, resource_type in expected.items():
        found = [
            status
            for name, status in created.items()
            if name == logical_id or (resource_type in HASHED and name.startswith(logical_id))
        ]
        if not found:
            yield f"{logical_id} ({resource_type}) was not created"
        elif found != ["CREATE_COMPLETE"]:
            yield f"{logical_id} ({resource_type}) is {', '.join(found)}"
