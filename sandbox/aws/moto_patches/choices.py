"""A Choice fails by the right name: States.NoChoiceMatched, or States.QueryEvaluationError for a non-boolean.

moto calls both States.Runtime.
"""

from typing import Any

from moto.stepfunctions.parser.asl.component.state.choice.comparison.comparison import ConditionStringJSONata
from moto.stepfunctions.parser.asl.component.state.choice.state_choice import StateChoice

from sandbox.aws.moto_patches.failures import no_choice_matched, query_evaluation_error
from sandbox.aws.moto_patches.replacing import replace


def apply() -> None:
    replace(StateChoice, "_eval_state", _eval_state)
    replace(ConditionStringJSONata, "_eval_body", _eval_condition)


def _eval_condition(self: Any, env: Any) -> None:
    self.string_jsonata.eval(env=env)
    if not isinstance(env.stack[-1], bool):
        expression = self.string_jsonata.expression
        raise query_evaluation_error(env, f"The condition '{expression}' did not return a boolean.")


def _eval_state(self: Any, env: Any) -> None:
    for rule in self.choices_decl.rules:
        rule.eval(env)
        if env.stack.pop() is True:
            env.stack.append(rule.next_stmt.name)
            return
    if self.default_state is None:
        raise no_choice_matched(env, self.name)
    env.stack.append(self.default_state.state_name)
