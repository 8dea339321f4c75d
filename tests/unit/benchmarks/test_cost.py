from collections.abc import Sequence
from itertools import pairwise, takewhile
from random import Random

import pytest

from benchmarks.cost.__main__ import LIMIT_USD, LIMITED_MINUTES
from benchmarks.cost.comparison import README, compare, readme_table, readme_with
from benchmarks.cost.runs import Averages
from benchmarks.cost.state_counts import run_transitions
from benchmarks.cost.ways import Job, Look, farsync_looks, glue_looks, looks_at_intervals, usd_of_an_operation
from farsync.run_times import PastRuns

HOUR = 3600
AN_HOUR_EACH = Job(PastRuns([HOUR] * 20), 2 * HOUR)


@pytest.fixture(scope="module")
def compared() -> Sequence[Averages]:
    return compare()


def ours(compared: Sequence[Averages], minutes: int) -> Averages:
    return next(one for one in compared if (one.minutes, one.way) == (minutes, "farsync"))


def test_the_readme_shows_what_make_cost_prints(compared: Sequence[Averages]) -> None:
    assert readme_with(readme_table(compared)) == README.read_text(), "run `make docs`"


def test_an_hours_run_costs_at_most_a_tenth_of_a_cent(compared: Sequence[Averages]) -> None:
    assert LIMIT_USD == 0.0010
    assert 0.0005 < ours(compared, LIMITED_MINUTES).usd <= LIMIT_USD


def test_an_hours_run_is_told_sooner_than_by_glues_cadence(compared: Sequence[Averages]) -> None:
    glue = next(one for one in compared if one.minutes == 60 and one.way.startswith("Glue"))
    assert ours(compared, 60).delay_seconds < glue.delay_seconds
    assert ours(compared, 60).looks < glue.looks


def test_the_transitions_of_a_run_are_counted_in_the_definitions() -> None:
    until_first_look = ["Prepare", "Start", "Wait", "Poll"]
    again = ["HasItEnded", "Wait", "Poll"]
    from_last_look_on = ["HasItEnded", "Emit", "Outcome", "Succeeded"]
    event = ["Send", "Count", "IsThereABus", "Sent"]
    assert run_transitions() == (len(until_first_look), len(again), len(from_last_look_on) + len(event))


def test_looks_that_follow_within_one_call_make_no_transitions() -> None:
    looks = list(farsync_looks(Job(PastRuns([20] * 20), 60), Random(1), look_cost_seconds=1))
    inside = [one for one in pairwise(looks) if one[0].transitions == one[1].transitions]
    between = [one for one in pairwise(looks) if one[0].transitions != one[1].transitions]
    assert inside
    assert between
    assert {later.transitions - sooner.transitions for sooner, later in between} == {run_transitions().per_further_look}
    assert all(later.at_seconds - sooner.at_seconds <= 4 for sooner, later in inside)
    assert all(sooner.usd < later.usd for sooner, later in pairwise(looks))


def test_the_dearer_a_look_the_cheaper_the_run() -> None:
    def last_usd(look_cost_seconds: float) -> float:
        return list(farsync_looks(AN_HOUR_EACH, Random(1), look_cost_seconds))[-1].usd

    assert last_usd(1) > last_usd(8) > last_usd(60)


def test_glue_is_looked_at_every_minute_and_later_every_five() -> None:
    looks = takewhile(lambda look: look.at_seconds <= 1200, glue_looks(AN_HOUR_EACH, Random(1)))
    assert [look.at_seconds for look in looks] == [*range(60, 601, 60), 900, 1200]


def test_a_loop_costs_three_transitions_a_look_and_one_for_the_start() -> None:
    looks = list(looks_at_intervals(60, transitions=(1, 3))(AN_HOUR_EACH, Random(1)))
    at_the_hour = next(look for look in looks if look.at_seconds == HOUR)
    assert at_the_hour.transitions == 1 + 3 * 60
    assert at_the_hour.usd == pytest.approx(181 * 0.025e-3, rel=0.02)


def test_a_durable_function_costs_its_operations_and_calls() -> None:
    look: Look = next(looks_at_intervals(60, operations=(2, 2))(AN_HOUR_EACH, Random(1)))
    assert look.transitions == 0
    assert look.usd == pytest.approx(4 * usd_of_an_operation() + 2 * 0.2e-6 + 1.2 * 0.25 * 13.3334e-6)
    assert usd_of_an_operation() == pytest.approx(8e-6, rel=0.05)
