"""The promises hold in traces of a fixed seed; `make model` plays others, for longer."""

import pytest

from tests.model.playing import Failure, Played, play
from tests.model.rules import RULES, Rule, find_failure
from tests.model.trace import Trace, quiet_telemetry

STEPS = 150_000


@pytest.fixture(scope="module")
def played() -> Played:
    return play(1, steps=STEPS)


def test_every_promise_holds_whatever_goes_wrong(played: Played) -> None:
    assert played.failure is None, played.failure.story
    assert played.steps >= STEPS


def test_everything_that_may_go_wrong_does_and_runs_come_to_every_end(played: Played) -> None:
    at_effects = {"killed before", "killed after", "answer lost", "rejected", "held up before", "held up after"}
    deeds = {"abort", "redrive", "foreign start", "act late", "lost sight of", "purge", "repeat", "person reruns"}
    lasting = {"provider away", "reads stale", "lambda away", "aws throttles", "cancel rejected", "status events lost"}
    assert at_effects | deeds | lasting <= played.injected.keys()
    assert {"SUCCEEDED", "ABORTED", "FAILED AmbiguousStart", "FAILED RunUnobservable"} <= played.ends.keys()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.title)
def test_a_rule_that_is_undone_is_missed(rule: Rule) -> None:
    failure = find_failure(rule)
    assert failure is not None
    assert "Traceback" not in failure.broken[0]
    assert play(failure.seed, steps=1).failure is None


def test_a_trace_is_the_same_each_time_and_reads_as_a_story() -> None:
    with quiet_telemetry():
        traces = [Trace(7, is_logged=True) for _ in range(2)]
        for trace in traces:
            trace.play()
    stories = [trace.agenda.story for trace in traces]
    assert stories[0] == stories[1]
    story = Failure(7, ["a promise"]).story
    assert "a promise" in story
    assert stories[0] in story
