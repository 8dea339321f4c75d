"""Variables change when the state is left, and a failing Output can be caught.

In AWS every expression of a state sees the variables as they were when it was entered. moto assigns at once, so
that Output sees the new values; and it evaluates the Output of a task after its Catch.
https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from typing import Any

from moto.stepfunctions.parser.asl.component.common.assign.assign_decl import AssignDecl
from moto.stepfunctions.parser.asl.component.common.outputdecl import Output
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.eval.variable_store import VariableStore

from sandbox.aws.moto_patches.replacing import replace


def apply() -> None:
    def init_store(self: Any) -> None:
        moto_init_store(self)
        self.pending = {}

    def exited(self: Any, env: Any) -> Any:
        for identifier, value in env.variable_store.pending.items():
            env.variable_store.set(variable_identifier=identifier, variable_value=value)
        env.variable_store.pending = {}
        return moto_exited(self, env)

    def handle_catch(self: Any, env: Any, failure_event: Any) -> None:
        env.variable_store.pending = {}
        moto_catch(self, env, failure_event)

    def evaluate_with_timeout(self: Any, env: Any) -> None:
        moto_evaluate(self, env)
        if self.output:
            # Here an error is within the reach of Retry and Catch; the state's exit finds the value ready.
            self.output.jsonata_template_value.eval(env=env)
            env.ready_output = (self.output, env.stack.pop())

    def eval_output(self: Any, env: Any) -> None:
        owner, value = getattr(env, "ready_output", (None, None))
        if owner is not self:
            self.jsonata_template_value.eval(env=env)
            value = env.stack.pop()
        env.ready_output = (None, None)
        env.states.reset(input_value=value)

    moto_init_store = replace(VariableStore, "__init__", init_store)
    replace(AssignDecl, "_eval_body", _eval_assign)
    moto_exited = replace(CommonStateField, "_get_state_exited_event_details", exited)
    moto_catch = replace(ExecutionState, "_handle_catch", handle_catch)
    moto_evaluate = replace(ExecutionState, "_evaluate_with_timeout", evaluate_with_timeout)
    replace(Output, "_eval_body", eval_output)


def _eval_assign(self: Any, env: Any) -> None:
    pending: dict[str, Any] = {}
    for binding in self.declaration_bindings:
        binding.eval(env=env)
        pending |= env.stack.pop()
    env.variable_store.pending = pending
