from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pytest

from benchmarks.cost.__main__ import GOALS, MINUTES, Goal
from benchmarks.cost.comparison import compare, documents_with, figures
from benchmarks.cost.fixed import WHY
from benchmarks.cost.runs import Averages
from benchmarks.cost.state_counts import good_way
from benchmarks.cost.ways import Job, farsync_polls, polls_at_intervals
from farsync.events.cost import cost_of_run
from farsync.polling import PastRuns

HOUR = 3600
AN_HOUR_EACH = Job(PastRuns([HOUR] * 20), 2 * HOUR)


@pytest.fixture(scope="module")
def compared() -> Sequence[Averages]:
    return compare()


def of_an_hour(compared: Sequence[Averages], way: str) -> Averages:
    return next(averages for averages in compared if (averages.minutes, averages.way) == (MINUTES, way))


def test_the_documents_show_what_make_cost_prints(compared: Sequence[Averages]) -> None:
    for document, text in documents_with(compared).items():
        assert text == document.read_text(), "run `make docs`"


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.way)
def test_an_hours_run_is_as_cheap_and_its_end_detected_as_soon_as_the_goal(
    compared: Sequence[Averages], goal: Goal
) -> None:
    assert goal.holds(of_an_hour(compared, goal.way))


@pytest.mark.parametrize("others", ["loop of Wait", "a Task's Retry", "durable function"])
def test_no_other_way_is_cheaper_and_sooner(compared: Sequence[Averages], others: str) -> None:
    ours = of_an_hour(compared, "farsync")
    found = [averages for averages in compared if averages.minutes == MINUTES and averages.way.startswith(others)]
    assert len(found) >= 3
    assert not [other for other in found if other.usd <= ours.usd and other.delay_seconds <= ours.delay_seconds]


def test_a_script_finds_a_row_by_its_minutes_and_its_way(compared: Sequence[Averages]) -> None:
    (row,) = [line for line in figures(compared).splitlines() if line.startswith("60  farsync  ")]
    polls, usd, mean, unit, p95, _ = row.removeprefix("60  farsync").split()
    ours = of_an_hour(compared, "farsync")
    assert [float(polls), float(usd), float(mean), float(p95)] == pytest.approx(ours[2:], abs=0.06)
    assert unit == "s"


def test_every_transition_of_a_run_is_explained() -> None:
    assert list(WHY) == [*good_way("run_job"), *good_way("emit_event")]


def test_a_run_costs_what_its_event_says() -> None:
    poll = list(farsync_polls(AN_HOUR_EACH, Random(1)))[9]
    assert poll.usd == cost_of_run("us-east-1", polls=10)


@pytest.mark.parametrize("seconds", [5, 30])
def test_the_allowed_delay_alone_makes_polls_at_intervals(compared: Sequence[Averages], seconds: int) -> None:
    reached = of_an_hour(compared, f"farsync, every {seconds} s")
    assert 0.9 * seconds <= HOUR / reached.polls <= 1.05 * seconds
    assert reached.p95_seconds <= seconds


def test_other_ways_cost_their_transitions_operations_and_calls() -> None:
    loop = list(polls_at_intervals(60, transitions=(1, 3))(AN_HOUR_EACH, Random(1)))
    at_the_hour = next(poll for poll in loop if poll.at_seconds == HOUR)
    assert at_the_hour.usd == pytest.approx(181 * 0.025e-3, rel=0.02)
    assert all(later.at_seconds - sooner.at_seconds == 60 for sooner, later in pairwise(loop))
    durable = next(polls_at_intervals(60, operations=(2, 2))(AN_HOUR_EACH, Random(1)))
    assert durable.usd == pytest.approx(4 * 8e-6 + 2 * 0.2e-6 + 1.12 * 0.25 * 13.3334e-6, rel=0.05)
