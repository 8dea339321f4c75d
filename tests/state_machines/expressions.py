"""What the JSONata of a state gives, at a time and by a chance of the test's own."""

from collections.abc import Mapping
from typing import Any

from sandbox.aws.moto_patches.jsonata_evaluation import evaluate
from tests.support.transitions import definition


def state(machine: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = definition(machine)["States"][name]
    return found


def given_by(expression: str, variables: Mapping[str, Any], *, now_seconds: float, chance: float = 0.5) -> Any:
    text = expression.strip().removeprefix("{%").removesuffix("%}")
    for call, name in (("$millis()", "$test_millis"), ("$random()", "$test_chance")):
        text = text.replace(call, name)
    return evaluate(text, {**variables, "test_millis": int(now_seconds * 1000), "test_chance": chance})
