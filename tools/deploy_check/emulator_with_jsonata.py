"""MiniStack, with the sandbox's JSONata in place of its own, which knows neither `$hash` nor `:=`.

Its waits and time-outs take numbers only; expressions are evaluated before it sees them.
"""

import sys
from collections.abc import Mapping
from typing import Any

from ministack.app import main
from ministack.services import stepfunctions

from sandbox.aws.moto_patches.jsonata_evaluation import QueryFailed, evaluate


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
    """In place of MiniStack's function of this signature."""
    return ministack_wait(with_number(state, "Seconds", raw_input, ctx), raw_input, ctx)


def run_task_in_state(
    state: Mapping[str, Any], raw_input: Any, execution: Any, ctx: Mapping[str, Any] | None = None
) -> Any:
    """In place of MiniStack's function of this signature. HeartbeatSeconds may stay: MiniStack does not read it."""
    return ministack_task(with_number(state, "TimeoutSeconds", raw_input, ctx), raw_input, execution, ctx)


def with_number(
    state: Mapping[str, Any], field: str, raw_input: Any, ctx: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """The state with the value of the expression that `field` may hold."""
    if field not in state:
        return state
    return {**state, field: stepfunctions._apply_jsonata_template(state[field], raw_input, ctx)}


ministack_wait = stepfunctions._execute_wait
ministack_task = stepfunctions._execute_task

if __name__ == "__main__":
    stepfunctions._evaluate_jsonata = evaluate_in_state
    stepfunctions._execute_wait = wait_in_state
    stepfunctions._execute_task = run_task_in_state
    sys.exit(main())
