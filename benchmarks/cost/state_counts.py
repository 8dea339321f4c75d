"""How many state transitions a run makes, counted in the definitions of the state machines."""

from collections import deque
from functools import cache
from typing import NamedTuple

from tools.states_language import ROOT, Scope, read_state_machine, transitions


class RunTransitions(NamedTuple):
    """Of a run in which nothing goes wrong. Entering a state is one transition, the first one too."""

    until_first_look: int
    per_further_look: int
    from_last_look_on: int
    """To the end of `run_job`, and those of `emit_event`."""


@cache
def run_transitions() -> RunTransitions:
    run_job, emit_event = _scope("run_job"), _scope("emit_event")
    return RunTransitions(
        until_first_look=1 + _steps(run_job, run_job.start_at, "Poll"),
        per_further_look=_steps(run_job, "Poll", "Poll"),
        from_last_look_on=_steps(run_job, "Poll", "Succeeded") + 1 + _steps(emit_event, emit_event.start_at, "Sent"),
    )


def _scope(machine: str) -> Scope:
    return read_state_machine(ROOT / "statemachines" / f"{machine}.asl.yaml").scope


def _steps(scope: Scope, source: str, target: str) -> int:
    """Of the shortest way on which nothing is caught; from a state to itself, of the shortest way round."""
    waiting = deque([(source, 0)])
    passed = set[str]()
    while waiting:
        name, steps = waiting.popleft()
        for transition in transitions(scope):
            if transition.source != name or transition.kind == "catch" or transition.target in passed:
                continue
            if transition.target == target:
                return steps + 1
            passed.add(transition.target)
            waiting.append((transition.target, steps + 1))
    raise ValueError(f"no way from {source} to {target}")
