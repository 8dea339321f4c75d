"""Rules of EventBridge: which events they take, and what their targets get.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from sandbox.aws.template.model import Target

_PLACEHOLDER = re.compile(r"<([A-Za-z0-9_.-]+)>")


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Raises ValueError for a filter such as `prefix`: the sandbox knows lists of values, and `exists`."""
    return all(_fits(wanted, event.get(name)) for name, wanted in pattern.items())


def _fits(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(value, Mapping) and matches(wanted, value)
    if wanted in ([{"exists": True}], [{"exists": False}]):
        return wanted[0]["exists"] is (value is not None)
    if not isinstance(wanted, list) or any(isinstance(candidate, Mapping) for candidate in wanted):
        raise ValueError(f"the sandbox knows lists of values and `exists` in a pattern, not {wanted!r}")
    return value in wanted


def target_input(target: Target, event: Mapping[str, Any]) -> str:
    """JSON text: the event, a constant, or a template filled from the event."""
    if target.input is not None:
        return target.input
    if target.input_transformer is not None:
        return _fill(target.input_transformer, event)
    return json.dumps(event, ensure_ascii=False)


def _fill(transformer: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    paths, template = transformer.get("InputPathsMap", {}), transformer["InputTemplate"]

    def replace(token: re.Match[str]) -> str:
        value = _at(paths[token[1]], event) if token[1] in paths else None
        if value is None:
            return ""
        text = json.dumps(value, ensure_ascii=False)
        is_within_quotes = template[: token.start()].replace('\\"', "").count('"') % 2 == 1
        return text[1:-1] if is_within_quotes and isinstance(value, str) else text

    return _PLACEHOLDER.sub(replace, template)


def _at(path: str, event: Mapping[str, Any]) -> Any:
    value: Any = event
    for name in path.removeprefix("$.").split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
