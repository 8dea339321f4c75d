"""JSONata is evaluated, on values and not on text; what goes wrong is States.QueryEvaluationError.

moto's evaluator is an empty slot. It would also write variables into the expression's text, where a quotation
mark in a value breaks it.
"""

import copy
import functools
from collections.abc import Mapping
from typing import Any

from jsonata import Jsonata
from jsonata.functions import Functions
from jsonata.signature import Signature
from jsonata.utils import Utils
from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringJSONata
from moto.stepfunctions.parser.asl.jsonata import jsonata as moto_jsonata

from sandbox.aws.moto_patches.failures import query_evaluation_error
from sandbox.aws.moto_patches.jsonata_functions import STEP_FUNCTIONS
from sandbox.aws.moto_patches.jsonata_text import from_json, json_text
from sandbox.aws.moto_patches.replacing import replace

# Members of $states that exist only in some fields; moto holds None where they do not.
_SOMETIMES_ABSENT = ("result", "errorOutput")


class QueryFailed(Exception):
    """The text says what is wrong with the expression or its result."""


# Of the library and not of moto, so that it holds wherever an expression is evaluated. A function that is given null is
# given something: $count(null) is 1, and $sum(null) an error.
_library_symbol: Any = replace(
    Signature, "get_symbol", lambda self, value: "l" if value is Utils.NULL_VALUE else _library_symbol(self, value)
)
_library_text: Any = replace(
    Functions, "_string", lambda value, prettify: _library_text(value, True) if prettify else json_text(value)
)


def apply() -> None:
    replace(StringJSONata, "_eval_body", _eval_body)
    replace(moto_jsonata, "_eval_jsonata", lambda expression: evaluate(expression, {}))


def evaluate(expression: str, variables: Mapping[str, Any]) -> Any:
    """Gives JSON. `variables` by name without the dollar sign. Raises QueryFailed."""
    try:
        # The parsed tree is shared, the evaluation's state is not: it belongs to this thread.
        evaluation = copy.copy(_parsed(expression))
        evaluation.environment = evaluation.create_frame(Jsonata.static_frame)
        Jsonata.CURRENT.jsonata = evaluation
        for name, function in STEP_FUNCTIONS.items():
            evaluation.register_lambda(name, function)
        for name, value in variables.items():
            evaluation.environment.bind(name, from_json(value))
        result = evaluation.evaluate(None)
    except Exception as error:
        # The library raises plain Python errors too, e.g. TypeError for a function as operand.
        raise QueryFailed(f"The JSONata expression '{expression}' failed: {error}") from error
    if result is None:
        raise QueryFailed(f"The JSONata expression '{expression}' returned nothing (undefined).")
    return _to_json(result, expression)


@functools.lru_cache(maxsize=4096)
def _parsed(expression: str) -> Jsonata:
    parsed = Jsonata(expression)
    parsed.set_output_convert_nulls(False)  # None is "undefined", NULL_VALUE is null
    parsed.set_validate_input(False)
    return parsed


def _to_json(value: Any, expression: str) -> Any:
    if value is Utils.NULL_VALUE or value is None:
        return None
    if isinstance(value, list):
        return [_to_json(item, expression) for item in value]
    if isinstance(value, dict):
        return {key: _to_json(member, expression) for key, member in value.items()}
    if isinstance(value, bool | int | float | str):
        return value
    raise QueryFailed(f"The JSONata expression '{expression}' returned an unsupported result type.")


def _eval_body(self: Any, env: Any) -> None:
    states = dict(env.states._states_data)
    for member in _SOMETIMES_ABSENT:
        if states.get(member) is None:
            states.pop(member, None)
    store = env.variable_store
    try:
        env.stack.append(evaluate(self.expression, store._outer_scope | store._inner_scope | {"states": states}))
    except QueryFailed as failure:
        raise query_evaluation_error(env, str(failure)) from failure
