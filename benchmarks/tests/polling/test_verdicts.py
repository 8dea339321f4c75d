"""The benchmark's verdicts: what misses a goal is seen to miss it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.polling.cases import cases_of
from benchmarks.polling.each_series import Judged, holds_for_most, judge_series
from benchmarks.polling.hindsight import Best, fixed
from benchmarks.polling.hour_job import Delays
from benchmarks.polling.models import draw_jobs, steady
from benchmarks.polling.prices import Comparison, holds_at_every_price


def comparison(ours: float, *, glue: float = 300.0, forced: float = 1.0) -> Comparison:
    customary = (1000.0, 2000.0, 3000.0)
    return Comparison(5, ours, Best(fixed(100), 200.0), Best(fixed(90), 100.0), glue, customary, forced)


def judged(ours: float) -> Judged:
    return Judged("a", 60, 600, 0.1, 0, 0.1, ours, Best(fixed(100), 100.0))


def test_a_ratio_is_taken_of_the_best_of_all_cadences() -> None:
    assert comparison(50).ratio == 0.5
    assert comparison(50, glue=80).best.cadence.name == "Glue"


def test_a_line_shows_price_ours_best_and_ratio() -> None:
    assert comparison(55).line(0.6).startswith("price=5 ours=55.0 best=100.0 (fixed 90 s) ratio=0.550 must=0.60 ")


@pytest.mark.parametrize(
    ("ours", "forced", "holds"), [(60, 50, True), (61, 50, False), (111, 51, True), (112, 51, False)]
)
def test_where_the_longest_wait_forces_more_than_half_of_the_best_only_what_is_beyond_counts(
    ours: float, forced: float, holds: bool
) -> None:
    assert comparison(ours, forced=forced).holds(0.6) is holds


def test_a_trace_passes_by_what_it_must_reach(capsys: pytest.CaptureFixture[str]) -> None:
    cases = [case for series in draw_jobs(steady, 2, 20, 1) for case in cases_of(series)]
    with ThreadPoolExecutor() as executor:
        assert holds_at_every_price(cases, 0.95, 1, executor)
        assert not holds_at_every_price(cases, 0.01, 1, executor)
    assert capsys.readouterr().out.count("price=") == 10


@pytest.mark.parametrize(("bad", "holds"), [(1, True), (2, False)])
def test_nine_of_ten_jobs_must_be_near_their_best_interval(bad: int, holds: bool) -> None:
    assert holds_for_most([judged(111.0)] * bad + [judged(110.0)] * (10 - bad)) is holds


def test_only_jobs_of_fifty_runs_are_judged_and_the_worst_stands_first() -> None:
    trace = [*draw_jobs(steady, 2, 50, 1), *draw_jobs(steady, 2, 49, 2)]
    with ThreadPoolExecutor() as executor:
        found = judge_series(trace, 10, 20, 1, executor)
    assert len(found) == 2
    assert found[0].ratio >= found[1].ratio


@pytest.mark.parametrize(
    ("delays", "is_early", "is_cheap"),
    [
        (Delays("a", 45, 30, 60), True, False),
        (Delays("a", 46, 30, 60), False, False),
        (Delays("a", 20, 40, 130), False, True),
        (Delays("a", 20, 41, 61), False, False),
    ],
)
def test_an_hours_job_is_detected_early_or_cheaply(delays: Delays, is_early: bool, is_cheap: bool) -> None:
    assert (delays.is_early, delays.is_cheap) == (is_early, is_cheap)
