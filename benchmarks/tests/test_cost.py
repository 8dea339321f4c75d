from collections.abc import Sequence
from itertools import pairwise, takewhile
from random import Random

import pytest

from benchmarks.cost.__main__ import GOALS, MINUTES
from benchmarks.cost.comparison import README, compare, figures, readme_table, readme_with
from benchmarks.cost.fixed import WHY, idle_usd, monthly, transitions_explained
from benchmarks.cost.runs import Averages
from benchmarks.cost.state_counts import good_way, run_transitions
from benchmarks.cost.ways import Job, farsync_polls, glue_polls, polls_at_intervals, usd_of_an_operation
from farsync.events.cost import cost_of_run
from farsync.polling import PastRuns

HOUR = 3600
AN_HOUR_EACH = Job(PastRuns([HOUR] * 20), 2 * HOUR)


@pytest.fixture(scope="module")
def compared() -> Sequence[Averages]:
    return compare()


def of_an_hour(compared: Sequence[Averages], way: str) -> Averages:
    return next(one for one in compared if (one.minutes, one.way) == (MINUTES, way))


def test_the_readme_shows_what_make_cost_prints(compared: Sequence[Averages]) -> None:
    assert readme_with(readme_table(compared)) == README.read_text(), "run `make docs`"


def test_the_goals_are_those_of_an_hours_job() -> None:
    assert MINUTES == 60
    assert GOALS == (("farsync", 0.00042, 15, 38), ("farsync, `pollCostSeconds` 0.05", 0.0006, 8, 38))


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.way)
def test_an_hours_run_is_as_cheap_and_its_end_detected_as_soon_as_the_goal(
    compared: Sequence[Averages], goal: tuple[str, float, float, float]
) -> None:
    way, usd, delay_seconds, p95_seconds = goal
    reached = of_an_hour(compared, way)
    assert reached.usd <= usd
    assert reached.delay_seconds <= delay_seconds
    assert reached.p95_seconds <= p95_seconds


@pytest.mark.parametrize("others", ["loop of Wait", "a Task's Retry", "durable function"])
def test_no_other_way_is_cheaper_and_sooner(compared: Sequence[Averages], others: str) -> None:
    ours = of_an_hour(compared, "farsync")
    found = [one for one in compared if one.minutes == MINUTES and one.way.startswith(others)]
    assert len(found) >= 3
    assert not [one for one in found if one.usd <= ours.usd and one.delay_seconds <= ours.delay_seconds]


def test_a_script_finds_a_row_by_its_minutes_and_its_way(compared: Sequence[Averages]) -> None:
    (row,) = [line for line in figures(compared).splitlines() if line.startswith("60  farsync  ")]
    polls, usd, mean, unit, p95, _ = row.removeprefix("60  farsync").split()
    ours = of_an_hour(compared, "farsync")
    assert [float(polls), float(usd), float(mean), float(p95)] == pytest.approx(ours[2:], abs=0.06)
    assert unit == "s"


def test_every_transition_of_a_run_is_explained() -> None:
    assert len(transitions_explained().splitlines()) == run_transitions()
    assert list(WHY) == [*good_way("run_job"), *good_way("emit_event")]


def test_two_idle_queues_cost_half_a_dollar_a_month() -> None:
    assert idle_usd() == pytest.approx(0.52, abs=0.005)
    assert "648,000 empty receives" in monthly()


def test_a_run_costs_what_its_event_says() -> None:
    poll = list(farsync_polls(AN_HOUR_EACH, Random(1)))[9]
    assert poll.usd == cost_of_run("us-east-1", polls=10)


def test_the_dearer_a_poll_the_cheaper_the_run() -> None:
    def last_usd(poll_cost_seconds: float) -> float:
        return list(farsync_polls(AN_HOUR_EACH, Random(1), poll_cost_seconds))[-1].usd

    assert last_usd(0.25) > last_usd(8) > last_usd(60)


@pytest.mark.parametrize("seconds", [5, 30])
def test_the_allowed_delay_alone_makes_polls_at_intervals(compared: Sequence[Averages], seconds: int) -> None:
    reached = of_an_hour(compared, f"farsync, every {seconds} s")
    assert 0.9 * seconds <= HOUR / reached.polls <= 1.05 * seconds
    assert reached.p95_seconds <= seconds


def test_glue_is_polled_every_minute_and_later_every_five() -> None:
    polls = takewhile(lambda poll: poll.at_seconds <= 1200, glue_polls(AN_HOUR_EACH, Random(1)))
    assert [poll.at_seconds for poll in polls] == [*range(60, 601, 60), 900, 1200]


def test_a_loop_costs_three_transitions_a_poll_and_one_for_the_start() -> None:
    polls = list(polls_at_intervals(60, transitions=(1, 3))(AN_HOUR_EACH, Random(1)))
    at_the_hour = next(poll for poll in polls if poll.at_seconds == HOUR)
    assert at_the_hour.usd == pytest.approx(181 * 0.025e-3, rel=0.02)
    assert all(later.at_seconds - sooner.at_seconds == 60 for sooner, later in pairwise(polls))


def test_a_durable_function_costs_its_operations_and_calls() -> None:
    poll = next(polls_at_intervals(60, operations=(2, 2))(AN_HOUR_EACH, Random(1)))
    assert poll.usd == pytest.approx(4 * usd_of_an_operation() + 2 * 0.2e-6 + 1.12 * 0.25 * 13.3334e-6)
    assert usd_of_an_operation() == pytest.approx(8e-6, rel=0.05)
