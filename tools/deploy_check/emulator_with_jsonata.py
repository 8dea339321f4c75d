"""MiniStack, with the sandbox's JSONata in place of its own, which knows neither `$hash` nor `:=`, nor Waits."""

import sys
from collections.abc import Mapping
from typing import Any

from ministack.app import main
from ministack.services import stepfunctions

from sandbox.aws.moto_mends.jsonata_evaluation import QueryFailed, evaluate


def evaluate_in_state(
    expression: str,
    raw_input: Any,
    ctx: Mapping[str, Any] | None = None,
    result: Any = None,
    error_output: Any = None,
) -> Any:
    """In place of MiniStack's function of this signature."""
    context = dict(ctx or {})
    context["Execution"] = {"RedriveCount": 0, **context.get("Execution", {})}
    states = {"input": raw_input, "context": context, "result": result, "errorOutput": error_output}
    given = {name: value for name, value in states.items() if value is not None}
    try:
        return evaluate(expression.strip(), {**context.get("variables", {}), "states": given})
    except QueryFailed as failure:
        raise stepfunctions._ExecutionError("States.QueryEvaluationError", str(failure)) from failure


def wait_in_state(state: Mapping[str, Any], raw_input: Any, ctx: Mapping[str, Any] | None = None) -> Any:
    """MiniStack takes the Seconds of a Wait as they stand, expression or not."""
    given = {name: stepfunctions._apply_jsonata_template(state[name], raw_input, ctx) for name in state}
    return ministack_wait(given, raw_input, ctx)


ministack_wait = stepfunctions._execute_wait

if __name__ == "__main__":
    stepfunctions._evaluate_jsonata = evaluate_in_state
    stepfunctions._execute_wait = wait_in_state
    sys.exit(main())
