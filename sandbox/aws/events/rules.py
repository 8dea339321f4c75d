"""Rules of EventBridge: which events they take, and what their targets get.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from sandbox.aws.template.model import Target

_PLACEHOLDER = re.compile(r'("?)<([A-Za-z0-9_.-]+)>("?)')


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Raises ValueError for a filter such as `prefix`: the sandbox knows lists of values only."""
    return all(_fits(wanted, event.get(name)) for name, wanted in pattern.items())


def _fits(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(value, Mapping) and matches(wanted, value)
    if not isinstance(wanted, list) or any(isinstance(candidate, Mapping) for candidate in wanted):
        raise ValueError(f"the sandbox knows lists of values in a pattern, not {wanted!r}")
    return value in wanted


def target_input(target: Target, event: Mapping[str, Any]) -> str:
    """JSON text: the event, a constant, or a template filled from the event."""
    if target.input is not None:
        return target.input
    if target.input_transformer is not None:
        return _fill(target.input_transformer, event)
    return json.dumps(event, ensure_ascii=False)


def _fill(transformer: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    paths = transformer.get("InputPathsMap", {})

    def replace(token: re.Match[str]) -> str:
        before, name, after = token.groups()
        value = _at(paths[name], event) if name in paths else None
        if isinstance(value, str):
            # A quoted placeholder brings its quotes; inside a longer text there are none to add.
            quoted = json.dumps(value, ensure_ascii=False)
            return quoted if bool(before) == bool(after) else before + quoted[1:-1] + after
        text = "" if value is None else json.dumps(value, ensure_ascii=False)
        return before + text + after

    return _PLACEHOLDER.sub(replace, transformer["InputTemplate"])


def _at(path: str, event: Mapping[str, Any]) -> Any:
    value: Any = event
    for name in path.removeprefix("$.").split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
