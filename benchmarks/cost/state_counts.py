"""How many state transitions a run makes, counted in the definitions of the state machines."""

from collections import deque
from collections.abc import Sequence
from functools import cache

from tools.states_language import ROOT, Scope, read_state_machine, transitions


@cache
def good_way(machine: str) -> Sequence[str]:
    """The states that are entered where nothing goes wrong, each of them one transition, the first one too.

    The shortest way to an end that is no failure and on which nothing is caught. Raises ValueError where there is none.
    """
    scope = read_state_machine(ROOT / "statemachines" / f"{machine}.asl.yaml").scope
    ways = deque[tuple[str, ...]]([(scope.start_at,)])
    entered = {scope.start_at}
    while ways:
        way = ways.popleft()
        if _is_good_end(scope, way[-1]):
            return way
        for transition in transitions(scope):
            if transition.source == way[-1] and transition.kind != "catch" and transition.target not in entered:
                entered.add(transition.target)
                ways.append((*way, transition.target))
    raise ValueError(f"{machine}: no way to a good end")


def _is_good_end(scope: Scope, state: str) -> bool:
    return scope.states[state]["Type"] == "Succeed" or bool(scope.states[state].get("End"))


def run_transitions() -> int:
    """Of a run and of its event."""
    return len(good_way("run_job")) + len(good_way("emit_event"))
