"""The transitions of a state machine: those that its definition has, and those that an execution walked."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

STATE_MACHINES = Path(__file__).parents[2] / "statemachines"


class Transition(NamedTuple):
    from_state: str
    by: str
    to_state: str


def definition(machine: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((STATE_MACHINES / f"{machine}.asl.yaml").read_text())
    return loaded


def transitions_of(machine: str) -> set[Transition]:
    """Every Next, Default, choice and catcher of the definition."""
    return {one for name, state in definition(machine)["States"].items() for one in transitions_from(name, state)}


def transitions_from(name: str, state: Mapping[str, Any]) -> Iterator[Transition]:
    if "Next" in state:
        yield Transition(name, "next", state["Next"])
    if "Default" in state:
        yield Transition(name, "choice", state["Default"])
    for choice in state.get("Choices", []):
        yield Transition(name, "choice", choice["Next"])
    for index, catcher in enumerate(state.get("Catch", [])):
        yield Transition(name, f"catch {index}", catcher["Next"])


def transitions_walked(machine: str, history: list[dict[str, Any]]) -> list[Transition]:
    """In order, from an execution's history."""
    states = definition(machine)["States"]
    walked: list[Transition] = []
    current: str | None = None
    caught: str | None = None
    for event in history:
        details: dict[str, Any] = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
        if event["type"].endswith("StateEntered"):
            if current is not None:
                walked.append(Transition(current, left_by(states[current], caught), details["name"]))
            current, caught = details["name"], None
        elif event["type"].endswith(("Failed", "TimedOut")) and "error" in details:
            caught = details["error"]
        elif event["type"].endswith("Scheduled"):
            caught = None
    return walked


def left_by(state: Mapping[str, Any], caught: str | None) -> str:
    """As a transition names it; `caught` is the error with which the state was left."""
    if state["Type"] == "Choice":
        return "choice"
    if caught is None:
        return "next"
    for index, catcher in enumerate(state["Catch"]):
        if caught in catcher["ErrorEquals"] or "States.ALL" in catcher["ErrorEquals"]:
            return f"catch {index}"
    raise AssertionError(f"{caught} was caught by nothing")
