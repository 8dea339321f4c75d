"""What a box says of its state beside the name."""

import re

from tools.states_language import State

SUBSTITUTION = re.compile(r"\$\{(\w+?)(?:Function|StateMachine)?\}")
WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


def caption(state: State) -> str:
    """The state's type and, for a Task, which function or state machine it calls, named as its folder or file."""
    arguments = state.get("Arguments", {})
    called = SUBSTITUTION.search(str(arguments.get("FunctionName") or arguments.get("StateMachineArn")))
    if called is None:
        return str(state["Type"])
    return f"{state['Type']} · {WORD_START.sub('_', called[1]).lower()}"


def badge(state: State) -> str:
    """Whether a Task is tried again: what must never happen twice should stand out."""
    if state["Type"] != "Task":
        return ""
    return "retried" if state.get("Retry") else "never retried"
