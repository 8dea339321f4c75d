"""Transitions as lines to draw: one line between two states, however many transitions it stands for."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.states_language import Scope, Transition, transitions


@dataclass(frozen=True)
class Edge:
    source: str
    target: str
    is_error: bool
    """Only a Catch leads here."""
    label: str = ""


def edges_of(scope: Scope) -> list[Edge]:
    """The lines, in the order of the file, with their labels."""
    grouped: dict[tuple[str, str], list[Transition]] = {}
    for step in transitions(scope):
        grouped.setdefault((step.source, step.target), []).append(step)
    return [
        Edge(source, target, all(step.kind == "catch" for step in steps), _label(steps, scope))
        for (source, target), steps in grouped.items()
    ]


def _label(steps: Sequence[Transition], scope: Scope) -> str:
    kinds = {step.kind for step in steps}
    if kinds == {"next", "catch"}:
        return "next or catch"
    return ", ".join(text for step in steps if (text := _label_of(step, scope)))


def _label_of(step: Transition, scope: Scope) -> str:
    if step.kind == "catch":
        return f"catch: {_errors(step, scope)}"
    if step.kind == "default":
        return "otherwise"
    return step.comment


def _errors(step: Transition, scope: Scope) -> str:
    if step.errors == ("States.ALL",):
        return "any other" if len(scope.states[step.source]["Catch"]) > 1 else "any error"
    return step.errors[0] if len(step.errors) == 1 else f"{len(step.errors)} errors"
