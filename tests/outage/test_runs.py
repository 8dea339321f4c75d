"""Each run of the outage, made to end otherwise than it must."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.outage.runs import PLANS, Plan, Run

WORDS = {"canceled": ["CANCELED"], "succeeded": ["COMPLETED"], None: []}


@dataclass
class Provider:
    words: list[str] = field(default_factory=list)
    connection = "naver"

    def make_job(self, run_seconds: float) -> str:
        return f"a job of {run_seconds} s"

    def truly_started(self, _job: str) -> list[Any]:
        return [SimpleNamespace(status=word) for word in self.words]


def ended(plan: Plan, words: list[str], events: tuple[str, ...]) -> Run:
    run = Run(cast("Any", None), cast("Any", Provider(words)), plan, 3600)
    run.events = list(events)
    return run


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.title)
def test_a_run_that_ends_otherwise_is_wrong(plan: Plan) -> None:
    right = WORDS[plan.outcome]
    assert list(ended(plan, right, plan.events).wrongs()) == []
    for words in (["RUNNING"], [*right, "COMPLETED"]):
        assert "executions" in " ".join(ended(plan, words, plan.events).wrongs())
    for events in (plan.events[1:], plan.events * 2):
        assert "events" in " ".join(ended(plan, right, events).wrongs())
