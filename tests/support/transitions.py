"""The transitions of a state machine: those that its definition has, and those that an execution walked."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

STATE_MACHINES = Path(__file__).parents[2] / "statemachines"

Event = Mapping[str, Any]


class Transition(NamedTuple):
    from_state: str
    by: str
    to_state: str


def definition(machine: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((STATE_MACHINES / f"{machine}.asl.yaml").read_text())
    return loaded


def transitions_of(machine: str) -> set[Transition]:
    """Every Next, Default, choice and catcher of the definition, inside of Map states too."""
    return {transition for name, state in _states(definition(machine)) for transition in _transitions_from(name, state)}


def transitions_walked(machine: str, history: list[dict[str, Any]]) -> list[Transition]:
    """From an execution's history, each event by the one that it follows from: iterations of a Map may be mixed."""
    states = dict(_states(definition(machine)))
    events = {event["id"]: event for event in history}
    walked: list[Transition] = []
    for event in history:
        before = events.get(event["previousEventId"])
        if event["type"].endswith("StateEntered") and before is not None and before["type"].endswith("StateExited"):
            name = before["stateExitedEventDetails"]["name"]
            left_by = _left_by(states[name], _error_of(events, before))
            walked.append(Transition(name, left_by, event["stateEnteredEventDetails"]["name"]))
    return walked


def _states(owner: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, state in owner["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from _states(state["ItemProcessor"])


def _transitions_from(name: str, state: Mapping[str, Any]) -> Iterator[Transition]:
    if "Next" in state:
        yield Transition(name, "next", state["Next"])
    if "Default" in state:
        yield Transition(name, "choice", state["Default"])
    for choice in state.get("Choices", []):
        yield Transition(name, "choice", choice["Next"])
    for index, catcher in enumerate(state.get("Catch", [])):
        yield Transition(name, f"catch {index}", catcher["Next"])


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


def _left_by(state: Mapping[str, Any], caught: str | None) -> str:
    """As a transition names it; `caught` is the error with which the state was left."""
    if state["Type"] == "Choice":
        return "choice"
    if caught is None:
        return "next"
    for index, catcher in enumerate(state["Catch"]):
        if caught in catcher["ErrorEquals"] or "States.ALL" in catcher["ErrorEquals"]:
            return f"catch {index}"
    raise AssertionError(f"{caught} was caught by nothing")
