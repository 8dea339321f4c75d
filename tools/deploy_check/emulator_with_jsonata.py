"""MiniStack, with the sandbox's JSONata in place of its own, which knows neither `$hash` nor `:=`.

Its waits and time-outs take numbers only; expressions are evaluated before it sees them.
"""

import sys
from collections.abc import Callable, Mapping
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


def with_number(field: str, step: Callable[..., Any]) -> Callable[..., Any]:
    """The emulator's function of a state, which gets the value of the expression that the state's `field` may hold.

    HeartbeatSeconds may stay one: MiniStack does not read it.
    """

    def in_state(state: Mapping[str, Any], raw_input: Any, *more: Any) -> Any:
        if field in state:
            value = stepfunctions._apply_jsonata_template(state[field], raw_input, more[-1] if more else None)
            state = {**state, field: value}
        return step(state, raw_input, *more)

    return in_state


if __name__ == "__main__":
    stepfunctions._evaluate_jsonata = evaluate_in_state
    stepfunctions._execute_wait = with_number("Seconds", stepfunctions._execute_wait)
    stepfunctions._execute_task = with_number("TimeoutSeconds", stepfunctions._execute_task)
    sys.exit(main())
