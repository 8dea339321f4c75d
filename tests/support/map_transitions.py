"""The transitions of a state machine with Map states, whose iterations may be mixed in its history."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.transitions import Transition, definition, left_by, transitions_from

Event = Mapping[str, Any]


def all_transitions_of(machine: str) -> set[Transition]:
    """Every Next, Default, choice and catcher, inside of Map states too."""
    return {
        transition
        for states in _scopes(definition(machine))
        for name, state in states.items()
        for transition in transitions_from(name, state)
    }


def all_transitions_walked(machine: str, history: list[dict[str, Any]]) -> set[Transition]:
    """From an execution's history, each event by the one that it follows from."""
    states = {name: state for scope in _scopes(definition(machine)) for name, state in scope.items()}
    events = {event["id"]: event for event in history}
    walked = set[Transition]()
    for event in history:
        before = events.get(event["previousEventId"])
        if event["type"].endswith("StateEntered") and before is not None and before["type"].endswith("StateExited"):
            name = before["stateExitedEventDetails"]["name"]
            by = left_by(states[name], _error_of(events, before))
            walked.add(Transition(name, by, event["stateEnteredEventDetails"]["name"]))
    return walked


def _scopes(owner: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield owner["States"]
    for state in owner["States"].values():
        if "ItemProcessor" in state:
            yield from _scopes(state["ItemProcessor"])


def _error_of(events: Mapping[int, Event], exited: Event) -> str | None:
    """The error with which a state was left. That of a Map stands with the event of the state that failed in it."""
    event = events[exited["previousEventId"]]
    if not event["type"].endswith(("Failed", "TimedOut")):
        return None
    while not event["type"].endswith("StateEntered"):
        details: dict[str, Any] = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
        if "error" in details:
            return str(details["error"])
        event = events[event["previousEventId"]]
    return "States.TaskFailed"
