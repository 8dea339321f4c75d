"""What is known of a job before each run, and what the policy pays for it."""

import math
import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks.polling.cases import Case, cases_of, draw_cases
from benchmarks.polling.policy import Outcome, mean_cost, outcomes, watch
from benchmarks.polling.traces import Run, Series
from farsync.polling import PastRuns

STEADY = PastRuns((600,) * 20)


def series(seconds: Iterable[float]) -> Series:
    return [Run("a", number, one) for number, one in enumerate(seconds)]


def watched(cases: Sequence[Case]) -> Sequence[Outcome]:
    with ThreadPoolExecutor() as executor:
        return outcomes(cases, 5, 1, executor)


def test_a_run_counts_as_a_case_once_five_are_known_before_it() -> None:
    cases = cases_of(series([101, 102, 103, 104, 105, 106]))
    assert cases == [Case(PastRuns((105, 104, 103, 102, 101)), 106)]


def test_the_last_twenty_runs_are_known_the_newest_first() -> None:
    last = cases_of(series(range(100, 140)))[-1]
    assert last == Case(PastRuns(tuple(range(138, 118, -1))), 139)


def test_runs_that_failed_are_kept_apart() -> None:
    runs = [Run("a", number, 100 + number, has_failed=number in (1, 3)) for number in range(6)]
    assert cases_of(runs)[0].past == PastRuns((104, 102, 100), (103, 101))


def test_a_seed_draws_the_same_cases_again() -> None:
    trace = [series(range(100, 300))]
    drawn = draw_cases(trace, 50, 1)
    assert len(drawn) == 50
    assert drawn == draw_cases(trace, 50, 1) != draw_cases(trace, 50, 2)


def test_a_run_is_polled_until_its_end_is_known() -> None:
    outcome = watch(Case(STEADY, 603), 5, random.Random(1))
    assert outcome.polls >= 1
    assert 0 <= outcome.delay_seconds < 20
    assert math.isclose((603 + outcome.delay_seconds) % 1, 0), "moments are whole seconds"


def test_outcomes_do_not_depend_on_how_the_cases_are_shared_out() -> None:
    cases = [Case(STEADY, 600 + number) for number in range(60)]
    assert len(watched(cases)) == 60
    assert watched(cases)[:40] == watched(cases[:40])


def test_the_mean_cost_counts_polls_at_their_price_and_the_delay() -> None:
    assert mean_cost([Outcome(2, 10), Outcome(4, 0)], 5) == ((2 * 5 + 10) + 4 * 5) / 2
