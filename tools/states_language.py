"""State machines in the Amazon States Language, as files and as graphs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

State = Mapping[str, Any]
LAMBDA_INVOKE = "arn:${Partition}:states:::lambda:invoke"
SUFFIX = ".asl.yaml"
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Scope:
    """States among which Next may choose: a machine's own, or those inside one of its Map or Parallel
    states.
    """

    start_at: str
    states: Mapping[str, State]


@dataclass(frozen=True)
class StateMachine:
    name: str
    text: str
    """The file as written."""
    definition: Mapping[str, Any]

    @property
    def file_name(self) -> str:
        return f"{self.name}{SUFFIX}"

    @property
    def scope(self) -> Scope:
        return _scope(self.definition)

    def scopes(self) -> Iterator[Scope]:
        """The machine's own scope, then those nested in it."""
        yield from _nested(self.scope)

    def states(self) -> Iterator[tuple[str, State]]:
        """Every state, nested ones too."""
        for scope in self.scopes():
            yield from scope.states.items()


@dataclass(frozen=True)
class Transition:
    source: str
    target: str
    kind: Literal["next", "choice", "default", "catch"]


def read_state_machine(path: Path) -> StateMachine:
    """Raises ValueError when the file is no YAML mapping with StartAt and States."""
    text = path.read_text(encoding="utf-8")
    name = path.name.removesuffix(SUFFIX)
    try:
        definition = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"{name}: is not YAML: {error}") from error
    if not isinstance(definition, dict) or not {"StartAt", "States"} <= definition.keys():
        raise ValueError(f"{name}: must be a mapping with StartAt and States")
    return StateMachine(name, text, definition)


def transitions(scope: Scope) -> tuple[Transition, ...]:
    """Every transition of a scope, state by state in the order of the file."""
    return tuple(transition for name, state in scope.states.items() for transition in _transitions_of(name, state))


def _transitions_of(name: str, state: State) -> Iterator[Transition]:
    if "Next" in state:
        yield Transition(name, state["Next"], "next")
    # A rule or catcher without Next is statelint's to report.
    yield from (Transition(name, rule["Next"], "choice") for rule in state.get("Choices", ()) if "Next" in rule)
    if "Default" in state:
        yield Transition(name, state["Default"], "default")
    yield from (Transition(name, catcher["Next"], "catch") for catcher in state.get("Catch", ()) if "Next" in catcher)


def _scope(definition: Mapping[str, Any]) -> Scope:
    return Scope(definition["StartAt"], definition["States"])


def _nested(scope: Scope) -> Iterator[Scope]:
    yield scope
    for state in scope.states.values():
        inner = [state["ItemProcessor"]] if "ItemProcessor" in state else []
        for definition in (*inner, *state.get("Branches", ())):
            yield from _nested(_scope(definition))
