"""Rules that every state machine keeps or breaks by itself. Each yields a line per fault, naming the state."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from statelint.linter import Linter

from tools.states_language import LAMBDA_INVOKE, State, StateMachine

RETRIED_ONLY_AFTER = {
    ("run_job", "Start"): frozenset({"Lambda.TooManyRequestsException", "AuthenticationFailed"}),
    ("run_job", "Follow"): frozenset[str](),
}
"""Tasks that do harm when they are tried again: a start whose reply was lost may have begun an execution. Where Lambda
never ran the function, or the provider rejected the keys, nothing was posted. Follow is entered again by way of its
deadline.
"""
ENDS_ITS_MACHINE = frozenset({("emit_event", "Send"), ("emit_event", "Publish")})
"""Tasks whose failure, after a day of retries, is that of their machine: an alarm says so."""

TRANSIENT_ERRORS_OF_LAMBDA = (
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.ResourceNotReadyException",
    "Lambda.ENILimitReachedException",
    "Lambda.EC2ThrottledException",
    "Lambda.EC2UnexpectedException",
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Sandbox.Timedout",
    "States.Timeout",
)
"""Of Lambda or of the function's process, and gone at the next try:
https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception
https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
"""


def statelint_is_content(machine: StateMachine) -> Iterator[str]:
    """statelint 3.1.0 wants a number in time-outs, a Wait's Seconds and a Map's MaxConcurrency; JSONata may be there:
    https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
    https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
    https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
    """
    with_numbers = StateMachine("", "", copy.deepcopy(dict(machine.definition)))
    for _, state in with_numbers.states():
        for field in ("Seconds", "TimeoutSeconds", "HeartbeatSeconds", "MaxConcurrency"):
            if isinstance(state, dict) and str(state.get(field)).startswith("{%"):
                state[field] = 1 if field == "HeartbeatSeconds" else 2
    yield from Linter.validate(with_numbers.definition)


def every_task_has_a_timeout(machine: StateMachine) -> Iterator[str]:
    for name, task in _tasks(machine):
        if "TimeoutSeconds" not in task:
            yield f"{name}: has no TimeoutSeconds; without one a lost task hangs for a year"


def tasks_are_retried_unless_that_is_harmful(machine: StateMachine) -> Iterator[str]:
    for name, task in _tasks(machine):
        retried = {error for retrier in task.get("Retry", ()) for error in retrier["ErrorEquals"]}
        harmless = RETRIED_ONLY_AFTER.get((machine.name, name))
        if harmless is not None:
            if harmful := retried - harmless:
                errors = ", ".join(sorted(harmful))
                yield f"{name}: is retried after {errors}; take it out, what is posted again may run twice"
        elif not retried:
            yield f"{name}: has no Retry; list Lambda's transient errors, or those of the service"
        elif task.get("Resource") == LAMBDA_INVOKE:
            missing = [error for error in TRANSIENT_ERRORS_OF_LAMBDA if not _is_retried(task, error)]
            if missing:
                yield f"{name}: is not retried after {', '.join(missing)}; list them in its Retry"


def _is_retried(task: State, error: str) -> bool:
    """By the first retrier that names it, as Step Functions chooses; one of no attempts forbids it."""
    for retrier in task["Retry"]:
        if {error, "States.ALL"} & set(retrier["ErrorEquals"]):
            return bool(retrier.get("MaxAttempts", 3) > 0)
    return False


def every_task_has_a_catch(machine: StateMachine) -> Iterator[str]:
    """Its own, or that of the Parallel state around it: where one branch fails, all others are stopped."""
    around = [state for _, state in machine.states() if state.get("Type") == "Parallel" and state.get("Catch")]
    caught = {name for state in around for branch in state["Branches"] for name in branch["States"]}
    for name, task in _tasks(machine):
        if not task.get("Catch") and name not in caught and (machine.name, name) not in ENDS_ITS_MACHINE:
            yield f"{name}: has no Catch; say where its failure leads"


def no_yaml_anchors(machine: StateMachine) -> Iterator[str]:
    for token in yaml.scan(machine.text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            line = token.start_mark.line + 1
            yield f"line {line}: {token.value}: CloudFormation reads no YAML anchors; write it out"


def no_variable_hides_another(machine: StateMachine) -> Iterator[str]:
    """Inside of a Map no variable may be assigned that has a name from outside:
    https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
    """
    yield from _hidden(machine.definition, frozenset())


def _hidden(owner: State, outside: frozenset[str]) -> Iterator[str]:
    states: Mapping[str, State] = owner["States"]
    assigned = {name: _assigned_by(state) for name, state in states.items()}
    for name, variables in assigned.items():
        for variable in sorted(variables & outside):
            yield f"{name}: assigns ${variable}, which is a variable outside of the Map; call it by another name"
    for state in states.values():
        for inner in (state.get("ItemProcessor"), *state.get("Branches", ())):
            if inner:
                yield from _hidden(inner, outside.union(*assigned.values()))


def _assigned_by(state: State) -> frozenset[str]:
    ways = (state, *state.get("Choices", ()), *state.get("Catch", ()))
    return frozenset(variable for way in ways for variable in way.get("Assign", ()))


def _tasks(machine: StateMachine) -> Iterator[tuple[str, Any]]:
    return ((name, state) for name, state in machine.states() if state.get("Type") == "Task")


RULES = (
    statelint_is_content,
    every_task_has_a_timeout,
    tasks_are_retried_unless_that_is_harmful,
    every_task_has_a_catch,
    no_yaml_anchors,
    no_variable_hides_another,
)
