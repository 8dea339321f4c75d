"""The expressions of run_job, evaluated by JSONata itself, at the model's time."""

from functools import cache
from typing import Any

from jsonata import Jsonata

from farsync.model.execution import iso_instant
from tests.model.cloud_api import instant
from tests.model.runs import WalkedRun

GRACE_SECONDS = 300
BY_THE_MODELS_CLOCK = {"$millis()": "$modelMillis", "$now()": "$modelNow", "${GracePeriodSeconds}": str(GRACE_SECONDS)}


def variables_of(run: WalkedRun, now: float, result: Any = None, error: str = "", cause: str = "") -> dict[str, Any]:
    """Everything that an expression may ask for, in one state of one run."""
    execution = {
        "Input": run.request,
        "Name": run.name,
        "StartTime": iso_instant(instant(run.started_at)),
        "RedriveCount": run.redrive_count,
    }
    states = {
        "context": {"Execution": execution, "Task": {"Token": run.token}},
        "input": run.given,
        "result": result,
        "errorOutput": {"Error": error, "Cause": cause},
    }
    return {**run.variables, "states": states, "modelMillis": now * 1000, "modelNow": iso_instant(instant(now))}


def evaluated(template: Any, variables: dict[str, Any]) -> Any:
    """A part of the definition, its expressions replaced by what they are now."""
    if isinstance(template, dict):
        return {name: evaluated(part, variables) for name, part in template.items()}
    if not isinstance(template, str) or not template.startswith("{%"):
        return template
    compiled = _compiled(template)
    frame = compiled.create_frame()
    for name, value in variables.items():
        frame.bind(name, value)
    return compiled.evaluate(None, frame)


@cache
def _compiled(template: str) -> Any:
    expression = template[2:-2]
    for text, instead in BY_THE_MODELS_CLOCK.items():
        expression = expression.replace(text, instead)
    return Jsonata(expression)
