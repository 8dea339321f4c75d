"""A goal that is missed is seen to be missed, and polls cost as worked out by hand."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from benchmarks.polling.cases import Case, cases_of
from benchmarks.polling.each_series import Compared, holds_for_most
from benchmarks.polling.hindsight import (
    GLUE_CADENCE,
    Best,
    Cadence,
    best_exponential,
    best_fixed,
    capped_exponential,
    fixed,
    poll_with,
)
from benchmarks.polling.hour_job import Delays
from benchmarks.polling.models import draw_jobs, steady
from benchmarks.polling.prices import Comparison, holds_at_every_price
from benchmarks.polling.traces import Run
from farsync.polling import PastRuns


def test_runs_known_before_a_case_are_the_last_twenty_the_newest_first_with_failures_apart() -> None:
    runs = [Run("a", number, 100 + number, has_failed=number in (11, 13)) for number in range(26)]
    *_, newest = cases_of(runs)
    succeeded = (124, 123, 122, 121, 120, 119, 118, 117, 116, 115, 114, 112, 110, 109, 108, 107, 106, 105)
    assert newest == Case(PastRuns(succeeded, (113, 111)), 125)
    assert len(cases_of(runs)) == 26 - 5


@pytest.mark.parametrize(
    ("cadence", "run_seconds", "counts", "delays"),
    [
        (fixed(60), [1, 60, 61, 150], [1, 1, 2, 3], [59, 0, 59, 30]),
        (GLUE_CADENCE, [30, 600, 601, 3600], [1, 10, 11, 20], [30, 0, 299, 0]),
        (capped_exponential(10, 2, 40), [10, 11, 31, 71], [1, 2, 3, 4], [0, 19, 39, 39]),
    ],
    ids=["fixed", "Glue", "exponential"],
)
def test_a_cadence_polls_until_its_first_moment_at_or_after_the_end(
    cadence: Cadence, run_seconds: list[float], counts: list[int], delays: list[int]
) -> None:
    polls = poll_with(cadence, np.array(run_seconds, dtype=np.float64))
    assert (polls.counts.tolist(), polls.delays.tolist()) == (counts, delays)
    assert polls.mean_cost(10) == (10 * sum(counts) + sum(delays)) / 4


def test_hindsight_finds_the_interval_of_steady_runs_and_an_exponential_that_small_steps_do_not_improve() -> None:
    assert best_fixed(np.full(10, 1000.0), 30).cadence.then_every_seconds == pytest.approx(1000, rel=0.02)
    run_seconds = np.geomspace(20, 20_000, 200)
    best = best_exponential(run_seconds, 5)
    assert best.cost_seconds < best_fixed(run_seconds, 5).cost_seconds
    first, second = best.cadence.first_moments[:2]
    factor, cap = (second - first) / first, best.cadence.then_every_seconds
    shapes = [(first * 1.01, factor, cap), (first / 1.01, factor, cap), (first, factor, cap * 1.01)]
    assert min(poll_with(capped_exponential(*shape), run_seconds).mean_cost(5) for shape in shapes) >= best.cost_seconds


@pytest.mark.parametrize(
    ("ours", "forced", "holds"), [(60, 50, True), (61, 50, False), (111, 51, True), (112, 51, False)]
)
def test_where_the_longest_wait_forces_more_than_half_of_the_best_only_what_is_beyond_counts(
    ours: float, forced: float, holds: bool
) -> None:
    best = Best(fixed(90), 100.0)
    assert Comparison(5, ours, Best(fixed(100), 200.0), best, 300.0, (), forced).holds(0.6) is holds


def test_a_trace_passes_by_what_it_must_reach(capsys: pytest.CaptureFixture[str]) -> None:
    cases = [case for series in draw_jobs(steady, 2, 20, 1) for case in cases_of(series)]
    with ThreadPoolExecutor() as executor:
        assert holds_at_every_price(cases, 0.95, 1, executor)
        assert not holds_at_every_price(cases, 0.01, 1, executor)
    assert capsys.readouterr().out.count("price=") == 10


@pytest.mark.parametrize(("bad", "holds"), [(1, True), (2, False)])
def test_nine_of_ten_jobs_must_be_near_their_best_interval(bad: int, holds: bool) -> None:
    costs = [111.0] * bad + [110.0] * (10 - bad)
    jobs = [Compared(ours, Best(fixed(100), 100.0), "steady") for ours in costs]
    assert holds_for_most(jobs) is holds


@pytest.mark.parametrize(
    ("delays", "is_short"),
    [
        (Delays(45, 30, 60), True),
        (Delays(46, 30, 60), False),
        (Delays(20, 40, 130), True),
        (Delays(20, 41, 61), False),
    ],
)
def test_an_hours_job_is_detected_early_or_cheaply(delays: Delays, is_short: bool) -> None:
    assert delays.is_short is is_short
