"""Walks a state machine by what its tasks answered, as Step Functions would, and keeps each expression on its way.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html; retries are left out.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tools.reference_jsonata.engines import Evaluation, NoValue, in_sandbox, members_of
from tools.states_language import State

BEGUN = datetime(2026, 11, 21, 3, tzinfo=UTC)
LONGEST_SECONDS = 99_999_999
BEFORE_A_RESULT = ("Items", "MaxConcurrency", "Arguments", "TimeoutSeconds", "HeartbeatSeconds")


class Fault(Exception):
    """The text says which field of which state Step Functions would not take."""


class Failed(Exception):
    """The error output: Error, and mostly Cause."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(error)
        self.error = dict(error)


def _whole(least: int, most: int = LONGEST_SECONDS) -> Callable[[Any], bool]:
    return lambda value: type(value) in (int, float) and value == int(value) and least <= value <= most


WANTED: Mapping[str, Callable[[Any], bool]] = {
    "Condition": lambda value: isinstance(value, bool),
    "Seconds": _whole(0),
    "TimeoutSeconds": _whole(1),
    "HeartbeatSeconds": _whole(1),
    "DelaySeconds": _whole(0, 900),
    "MaxConcurrency": _whole(0, 40),
    "Items": lambda value: isinstance(value, list),
    "Error": lambda value: isinstance(value, str),
    "Cause": lambda value: isinstance(value, str),
    "Name": lambda value: isinstance(value, str) and 1 <= len(value) <= 80,
}


def is_expression(part: Any) -> bool:
    return isinstance(part, str) and part.strip().startswith("{%")


def places_of(part: Any, place: str) -> Iterator[str]:
    """Where expressions stand in a definition."""
    if is_expression(part):
        yield place
    for key, member in members_of(part):
        yield from places_of(member, f"{place}.{key}")


@dataclass
class Walk:
    """One execution. `answers`: by state, in order, what its task answered: {result: ..} or {error: {Error, Cause}},
    and `after` how many seconds.
    """

    context: Mapping[str, Any]
    answers: Mapping[str, list[dict[str, Any]]]
    evaluations: list[Evaluation] = field(default_factory=list)
    end: str = ""
    """The state that was entered last."""
    _seconds: float = 0.0

    def follow(self, place: str, definition: State, given: Any, outer: Mapping[str, Any]) -> Any:
        """From StartAt to the end; gives the output. Raises Failed where the execution fails, and Fault."""
        variables, following = dict(outer), definition["StartAt"]
        while following:
            self.end, state = following, definition["States"][following]
            following, given = self._step(f"{place}.States.{following}", state, given, variables)
        return given

    def _step(self, place: str, state: State, given: Any, variables: dict[str, Any]) -> tuple[str | None, Any]:
        states = {"input": given, "context": {**self.context, "State": {"Name": self.end, "RetryCount": 0}}}
        if str(state.get("Resource")).endswith(".waitForTaskToken"):
            states["context"]["Task"] = {"Token": "AQCEAAAAKgAAAAMAAAAA"}
        scope, way, output = {**variables, "states": states}, state, given
        try:
            if state["Type"] in ("Task", "Map", "Parallel"):
                output = states["result"] = self._result(place, state, scope, variables)
            elif state["Type"] == "Wait":
                self._seconds += self._value(place, state, "Seconds", scope)
            elif state["Type"] == "Choice":
                place, way = self._way(place, state, "Choices", lambda p, c: self._value(p, c, "Condition", scope))
            elif state["Type"] == "Fail":
                raise Failed({key: self._value(place, state, key, scope) for key in ("Error", "Cause")})
        except Failed as failure:
            names = {failure.error["Error"], "States.ALL"}
            place, way = self._way(place, state, "Catch", lambda _, c: names & set(c["ErrorEquals"]))
            if way is state:
                raise
            output = states["errorOutput"] = failure.error
        if "Output" in way:
            output = self._value(place, way, "Output", scope)
        if "Assign" in way:
            variables |= self._value(place, way, "Assign", scope)
        return way.get("Next", way.get("Default")), output

    def _way(self, place: str, state: State, ways: str, is_taken: Callable[[str, State], Any]) -> tuple[str, State]:
        """The first of the state's choices or catchers that is taken, or else the state itself."""
        for number, way in enumerate(state.get(ways, ())):
            if is_taken(f"{place}.{ways}.{number}", way):
                return f"{place}.{ways}.{number}", way
        return place, state

    def _result(self, place: str, state: State, scope: Mapping[str, Any], variables: Mapping[str, Any]) -> Any:
        name, given = self.end, scope["states"]["input"]
        values = {key: self._value(place, state, key, scope) for key in BEFORE_A_RESULT if key in state}
        if state["Type"] == "Map":
            inner = state["ItemProcessor"]
            return [self.follow(f"{place}.ItemProcessor", inner, item, variables) for item in values["Items"]]
        if state["Type"] == "Parallel":
            branches = enumerate(state["Branches"])
            return [self.follow(f"{place}.Branches.{n}", inner, given, variables) for n, inner in branches]
        if values.get("HeartbeatSeconds", 0) >= values.get("TimeoutSeconds", LONGEST_SECONDS):
            raise Fault(f"{place}: HeartbeatSeconds must be below TimeoutSeconds: {values}")
        if not self.answers.get(name):
            raise Fault(f"{place}: there is no recorded answer left")
        answer = self.answers[name].pop(0)
        self._seconds += answer.get("after", 1)
        if "error" in answer:
            raise Failed(answer["error"])
        return answer["result"]

    def _value(self, place: str, owner: Any, key: Any, scope: Mapping[str, Any]) -> Any:
        """Of a field, with what its expressions give."""
        value, place = owner[key], f"{place}.{key}"
        if isinstance(value, dict | list):
            members = {member: self._value(place, value, member, scope) for member, _ in members_of(value)}
            return members if isinstance(value, dict) else list(members.values())
        if is_expression(value):
            value = self._evaluated(place, value.strip()[2:-2].strip(), scope)
        if key in WANTED and not WANTED[key](value):
            raise Fault(f"{place}: Step Functions does not take {value!r}")
        return value

    def _evaluated(self, place: str, expression: str, scope: Mapping[str, Any]) -> Any:
        now = BEGUN + timedelta(seconds=self._seconds)
        asked = Evaluation.of(place, expression, copy.deepcopy(dict(scope)), int(now.timestamp() * 1000))
        self.evaluations.append(asked)
        try:
            return in_sandbox(asked)
        except NoValue as failure:
            raise Fault(f"{place}: {failure}") from failure
