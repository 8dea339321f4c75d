"""What the outage's verdict finds wrong: each part of its cast, made to end otherwise."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from tests.outage.cast import CAST
from tests.outage.scenario import Run
from tests.outage.timeline import Timeline
from tests.support.emulators import TrulyStarted

WORDS = {"canceled": "CANCELED", "succeeded": "COMPLETED", None: None}


@dataclass
class Provider:
    """Which tells of executions what a test says."""

    connection = "naver"
    words: list[str] = field(default_factory=list)

    def make_job(self, run_seconds: float) -> str:
        assert run_seconds > 0
        return "a-job"

    def truly_started(self, _job: str) -> list[TrulyStarted]:
        return [TrulyStarted("77", word, {}) for word in self.words]


def run_of(title: str) -> Run:
    """As it should end."""
    word = WORDS[CAST[title].outcome]
    run = Run(cast("Any", None), cast("Any", Provider([word] if word else [])), CAST[title], 3600)
    run.events = list(CAST[title].events)
    return run


@pytest.mark.parametrize("title", CAST)
def test_a_run_that_ends_as_it_should_is_not_wrong(title: str) -> None:
    assert list(run_of(title).wrongs()) == []


@pytest.mark.parametrize("title", CAST)
def test_an_execution_that_goes_on_is_wrong(title: str) -> None:
    run = run_of(title)
    cast("Any", run.emulator).words = ["RUNNING"]
    assert "RUNNING" in " ".join(run.wrongs())


@pytest.mark.parametrize("title", CAST)
def test_an_event_that_is_missing_or_comes_twice_is_wrong(title: str) -> None:
    for events in (CAST[title].events[1:], CAST[title].events * 2):
        run = run_of(title)
        run.events = list(events)
        assert "events" in " ".join(run.wrongs())


@pytest.mark.parametrize("title", CAST)
def test_a_second_execution_is_wrong(title: str) -> None:
    run = run_of(title)
    cast("Any", run.emulator).words += ["COMPLETED"]
    assert list(run.wrongs())


def test_an_outage_has_an_abort_a_deadline_and_a_start_inside() -> None:
    parts = CAST.values()
    assert any(part.aborted_at and part.starts == "before" for part in parts)
    assert any(part.deadline_at for part in parts)
    assert any(part.starts == "inside" and not part.aborted_at for part in parts)


def test_a_line_says_how_late_it_is_by_the_scaled_clock() -> None:
    lines: list[str] = []
    Timeline(200, lines.append).note("naver", "is away")
    assert lines == [" 00:00  naver   is away"]
