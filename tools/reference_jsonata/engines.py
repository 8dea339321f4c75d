"""Two engines that evaluate the same: the sandbox's JSONata and the reference, with one clock and one chance."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sandbox.aws.moto_patches.context_object import utc_text
from sandbox.aws.moto_patches.jsonata_evaluation import QueryFailed, evaluate
from sandbox.aws.moto_patches.jsonata_functions import STEP_FUNCTIONS
from tools.states_language import ROOT

PROGRAM = Path(__file__).with_name("evaluate.js")
INSTALLED = ROOT / "build" / "reference_jsonata" / "node_modules" / "jsonata"
ODD_VALUES: tuple[Any, ...] = (None, "", "text", 0, -7.5, 1e21, True, [], {}, [None])
"""Stand in place of a member."""


class NoValue(Exception):
    """Undefined, or an error: States.QueryEvaluationError."""


class NoReference(Exception):
    """The text says how to install the reference JSONata."""


@dataclass(frozen=True)
class Evaluation:
    """An expression, where it stands, and what it sees: `variables` by name, `states` among them, and what is fixed."""

    place: str
    expression: str
    variables: Mapping[str, Any]
    fixed: Mapping[str, Any]
    """The results of `millis`, `now` and `random`."""

    @classmethod
    def of(cls, place: str, expression: str, variables: dict[str, Any], millis: int) -> "Evaluation":
        """Of those variables that the expression names; no other makes a difference."""
        words = _words(expression)
        states = {name: value for name, value in variables.get("states", {}).items() if name in words}
        seen = {name: value for name, value in {**variables, "states": states}.items() if name in words}
        now = utc_text(datetime.fromtimestamp(millis / 1000, UTC))
        fixed = {"millis": millis, "now": now, "random": 0.5}
        return cls(place, expression, seen, {name: value for name, value in fixed.items() if name in words})

    @property
    def key(self) -> str:
        """The same of two that every engine gives the same value."""
        return json.dumps([self.expression, self.variables, self.fixed])


def with_variants(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """Each that differs, once; and with each member that an expression names missing once, having each odd value once,
    and standing once and twice in a list. Of the items of a list, the first is varied.
    """
    distinct = {evaluation.key: evaluation for evaluation in evaluations}
    varied: set[tuple[Any, ...]] = set()
    for base in list(distinct.values()):
        for changed in _changed(base.variables, _words(base.expression), (base.expression,), varied):
            variant = replace(base, variables=changed)
            distinct.setdefault(variant.key, variant)
    return list(distinct.values())


def _changed(value: Any, words: set[str], path: tuple[Any, ...], varied: set[tuple[Any, ...]]) -> Iterator[Any]:
    for key, member in list(members_of(value))[: 1 if isinstance(value, list) else None]:
        inner_path = (*path, key)
        if key in words and key != "states" and inner_path not in varied:
            varied.add(inner_path)
            yield {name: other for name, other in value.items() if name != key}
            yield from ({**value, key: odd} for odd in (*ODD_VALUES, [member], [member, member]))
        for inner in _changed(member, words, inner_path, varied):
            yield [inner, *value[1:]] if isinstance(value, list) else {**value, key: inner}


def in_sandbox(asked: Evaluation) -> Any:
    """The value by the sandbox's engine. Raises NoValue."""
    with patch.dict(STEP_FUNCTIONS, {name: lambda *_, value=value: value for name, value in asked.fixed.items()}):
        try:
            return evaluate(asked.expression, asked.variables)
        except QueryFailed as failure:
            raise NoValue(str(failure)) from failure


def disagreements(evaluations: Sequence[Evaluation]) -> list[str]:
    """A line for each evaluation of which the engines do not say the same. Raises NoReference."""
    lines = []
    for asked, outcome in zip(evaluations, _on_reference(evaluations), strict=True):
        try:
            own = _canonical(in_sandbox(asked))
        except NoValue:
            own = "no value"
        reference = _canonical(outcome["value"]) if "value" in outcome else "no value"
        if own != reference:
            seen = json.dumps(asked.variables, ensure_ascii=False)
            lines.append(f"{asked.place}: sandbox: {own}; reference: {reference}; of {seen}")
    return lines


def _on_reference(evaluations: Sequence[Evaluation]) -> list[dict[str, Any]]:
    """All in one process; an outcome without `value` is undefined or an error."""
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if node is None or not INSTALLED.exists():
        missing = "Node.js" if node is None else str(INSTALLED)
        raise NoReference(
            f"{missing} is missing; `make jsonata` installs Node.js, where there is none, and JSONata 2.0.6"
        )
    asked = json.dumps([vars(evaluation) for evaluation in evaluations])
    done = subprocess.run([node, PROGRAM, INSTALLED], input=asked, capture_output=True, encoding="utf-8", check=True)
    outcomes: list[dict[str, Any]] = json.loads(done.stdout)
    return outcomes


def members_of(value: Any) -> Iterator[tuple[Any, Any]]:
    """Of an object or a list; anything else has none."""
    yield from value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()


def _canonical(value: Any) -> str:
    """JSON knows one kind of number, so that 3.0 is 3."""
    return json.dumps(json.loads(json.dumps(value), parse_float=_number), ensure_ascii=False, sort_keys=True)


def _number(text: str) -> float:
    return int(float(text)) if float(text).is_integer() else float(text)


def _words(expression: str) -> set[str]:
    return set(re.findall(r"\w+", expression))
