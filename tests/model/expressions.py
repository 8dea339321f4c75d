"""What the expressions of run_job mean: a machine that says something else is one that the model must learn first."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from farsync.model.execution import iso_instant
from tests.model.cloud_api import instant
from tests.model.runs import WalkedRun

GRACE_SECONDS = 300
PATH = re.compile(r"\$[\w.]+")
COMPARISON = re.compile(r"(\$[\w.]+) (?:= '(\w+)'|in \[([^\]]*)\])")
CONCATENATION = re.compile(r"'([^']*)' & (\$[\w.]+)")


@dataclass
class Scope:
    """What an expression may ask for, in one state of one run."""

    run: WalkedRun
    now: float
    result: Any = None
    error: str = ""
    cause: str = ""

    @property
    def deadline_at(self) -> float:
        return datetime.fromisoformat(self.run.variables["run"]["deadlineAt"]).timestamp()

    @property
    def backstop_seconds(self) -> int:
        return max(60, ceil(self.deadline_at - self.now) + GRACE_SECONDS + 180)

    def at(self, path: str) -> Any:
        """Of `$states`, or of a variable."""
        run = self.run
        execution = {
            "Input": run.request,
            "Name": run.name,
            "StartTime": iso_instant(instant(run.started_at)),
            "RedriveCount": run.redrive_count,
        }
        states = {
            "context": {"Execution": execution, "Task": {"Token": run.token}},
            "input": run.given,
            "result": self.result,
            "errorOutput": {"Error": self.error, "Cause": self.cause},
        }
        value: Any = {**run.variables, "states": states}
        for name in path.removeprefix("$").split("."):
            value = value[name]
        return value


_SECONDS_LEFT = "$ceil(($toMillis($run.deadlineAt) - $millis()) / 1000)"
_BACKSTOP = f"$max([60, {_SECONDS_LEFT} + ${{GracePeriodSeconds}} + 180])"
MEANINGS: Mapping[str, Callable[[Scope], Any]] = {
    "$states.context.Execution.RedriveCount = 0 ? $waitSeconds : 0": lambda scope: (
        scope.at("$waitSeconds") if scope.run.redrive_count == 0 else 0
    ),
    "$now()": lambda scope: iso_instant(instant(scope.now)),
    _BACKSTOP: lambda scope: scope.backstop_seconds,
    f"$min([900, {_BACKSTOP} - 1])": lambda scope: min(900, scope.backstop_seconds - 1),
    "$millis() >= $toMillis($run.deadlineAt) + (${GracePeriodSeconds} + 175) * 1000": lambda scope: (
        scope.now >= scope.deadline_at + GRACE_SECONDS + 175
    ),
}
"""Of those that are more than a path, a comparison with words, or a text before a path."""


def evaluated(template: Any, scope: Scope) -> Any:
    """A part of the definition, its expressions replaced by what they are now."""
    if isinstance(template, dict):
        return {name: evaluated(part, scope) for name, part in template.items()}
    if not isinstance(template, str) or not template.startswith("{%"):
        return template
    expression = template[2:-2].strip()
    if expression in MEANINGS:
        return MEANINGS[expression](scope)
    if PATH.fullmatch(expression):
        return scope.at(expression)
    if match := COMPARISON.fullmatch(expression):
        return scope.at(match[1]) in (match[2] or re.findall(r"'(\w+)'", match[3]))
    if match := CONCATENATION.fullmatch(expression):
        return f"{match[1]}{scope.at(match[2])}"
    raise AssertionError(f"the model does not know what {expression} means")
