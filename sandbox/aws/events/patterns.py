"""EventBridge patterns: lists of values, and the filters prefix, suffix, anything-but and exists.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

from collections.abc import Mapping
from typing import Any


class PatternUnknown(ValueError):
    """The pattern uses a filter that the sandbox does not know."""


_ABSENT = object()


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    for name, wanted in pattern.items():
        value = event.get(name, _ABSENT)
        if isinstance(wanted, Mapping):
            if not isinstance(value, Mapping) or not matches(wanted, value):
                return False
        elif isinstance(wanted, list):
            values = value if isinstance(value, list) else [value]
            if not any(_fits(candidate, one) for candidate in wanted for one in values):
                return False
        else:
            raise PatternUnknown(f"{name}: a pattern's leaf is a list, not {wanted!r}")
    return True


def _fits(candidate: Any, value: Any) -> bool:
    if not isinstance(candidate, Mapping):
        return value is not _ABSENT and bool(candidate == value)
    (kind, argument), *_ = candidate.items()
    match kind:
        case "exists":
            return (value is not _ABSENT) is bool(argument)
        case "prefix":
            return isinstance(value, str) and value.startswith(argument)
        case "suffix":
            return isinstance(value, str) and value.endswith(argument)
        case "anything-but":
            rejected = argument if isinstance(argument, list) else [argument]
            return value is not _ABSENT and value not in rejected
    raise PatternUnknown(f"the sandbox does not know the filter {kind}")
