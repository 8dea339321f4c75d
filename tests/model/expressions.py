"""What the expressions of run_job mean, by their text: a machine that says something else is one that the model must
learn first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from farsync.model.execution import iso_instant
from tests.model.cloud_api import instant
from tests.model.runs import WalkedRun

GRACE_SECONDS = 300


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


_SECONDS_LEFT = "$ceil(($toMillis($run.deadlineAt) - $millis()) / 1000)"
_BACKSTOP = f"$max([60, {_SECONDS_LEFT} + ${{GracePeriodSeconds}} + 180])"

MEANINGS: dict[str, Callable[[Scope], Any]] = {
    "$states.context.Execution.Input": lambda scope: scope.run.request,
    "$states.context.Execution.Name": lambda scope: scope.run.name,
    "$states.context.Execution.StartTime": lambda scope: iso_instant(instant(scope.run.started_at)),
    "$states.context.Execution.RedriveCount": lambda scope: scope.run.redrive_count,
    "$states.context.Execution.RedriveCount = 0 ? $waitSeconds : 0": lambda scope: (
        scope.run.variables["waitSeconds"] if scope.run.redrive_count == 0 else 0
    ),
    "$states.context.Task.Token": lambda scope: scope.run.token,
    "$states.result": lambda scope: scope.result,
    "$states.result.Payload": lambda scope: scope.result["Payload"],
    "$states.result.Payload.run": lambda scope: scope.result["Payload"]["run"],
    "$states.result.Payload.waitSeconds": lambda scope: scope.result["Payload"]["waitSeconds"],
    "$states.errorOutput": lambda scope: {"Error": scope.error, "Cause": scope.cause},
    "'the run broke before its job was started: ' & $states.errorOutput.Error": lambda scope: (
        f"the run broke before its job was started: {scope.error}"
    ),
    "'its unconfirmed start could not be searched for: ' & $states.errorOutput.Error": lambda scope: (
        f"its unconfirmed start could not be searched for: {scope.error}"
    ),
    "$states.input.outcome in ['started', 'found']": lambda scope: scope.run.given["outcome"] in ("started", "found"),
    "$states.input.outcome = 'postponed'": lambda scope: scope.run.given["outcome"] == "postponed",
    "$states.input.outcome = 'nothing'": lambda scope: scope.run.given["outcome"] == "nothing",
    "$states.input.outcome = 'ambiguous'": lambda scope: scope.run.given["outcome"] == "ambiguous",
    "$states.input.message": lambda scope: scope.run.given["message"],
    "$run": lambda scope: scope.run.variables["run"],
    "$run.consistencyWaitSeconds": lambda scope: scope.run.variables["run"]["consistencyWaitSeconds"],
    "$waitSeconds": lambda scope: scope.run.variables["waitSeconds"],
    "$failure.Error": lambda scope: scope.run.variables["failure"]["Error"],
    "'' & $failure.Cause": lambda scope: str(scope.run.variables["failure"].get("Cause", "")),
    "$now()": lambda scope: iso_instant(instant(scope.now)),
    _BACKSTOP: lambda scope: scope.backstop_seconds,
    f"$min([900, {_BACKSTOP} - 1])": lambda scope: min(900, scope.backstop_seconds - 1),
    "$millis() >= $toMillis($run.deadlineAt) + (${GracePeriodSeconds} + 175) * 1000": lambda scope: (
        scope.now >= scope.deadline_at + GRACE_SECONDS + 175
    ),
}


def evaluated(template: Any, scope: Scope) -> Any:
    """A part of the definition, its expressions replaced by what they are now."""
    if isinstance(template, dict):
        return {name: evaluated(part, scope) for name, part in template.items()}
    if isinstance(template, str) and template.startswith("{%"):
        return MEANINGS[template[2:-2].strip()](scope)
    return template
