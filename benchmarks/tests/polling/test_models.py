"""Run times that are drawn: the same for the same seed, and of the kind that their model says."""

import math
from statistics import median, stdev

from benchmarks.polling.models import (
    DATA,
    MODELS,
    SEED,
    as_csv,
    draw_hour,
    draw_jobs,
    draw_trace,
    early_failures,
    steady,
)
from benchmarks.polling.traces import read_trace


def test_the_committed_trace_is_the_one_that_the_seed_draws() -> None:
    assert DATA.read_text(encoding="utf-8") == as_csv(draw_trace(SEED))


def test_a_trace_that_is_written_can_be_read_again() -> None:
    assert read_trace(DATA) == draw_trace(SEED)


def test_every_kind_of_job_is_in_the_trace() -> None:
    names = {series[0].series.rsplit("-", 1)[0] for series in draw_trace(SEED)}
    assert names == {model.__name__ for model in MODELS}


def test_steady_jobs_have_five_percent_spread() -> None:
    for series in draw_jobs(steady, 5, 500, 1):
        assert 0.04 < stdev(math.log(run.seconds) for run in series) < 0.06


def test_early_failures_are_marked_and_short() -> None:
    series = draw_jobs(early_failures, 1, 500, 1)[0]
    failed = [run.seconds for run in series if run.has_failed]
    assert 0.08 < len(failed) / len(series) < 0.21
    assert max(failed) <= 50 < median(run.seconds for run in series)


def test_an_hours_job_takes_an_hour_and_spreads_as_asked() -> None:
    seconds = [run.seconds for run in draw_hour(0.2, 2000, 1)]
    assert 3500 < median(seconds) < 3700
    assert 0.19 < stdev(math.log(one) for one in seconds) < 0.21
