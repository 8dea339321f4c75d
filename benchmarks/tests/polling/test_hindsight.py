"""What polls at fixed moments cost, worked out by hand."""

import numpy as np
import pytest

from benchmarks.polling.hindsight import (
    GLUE_CADENCE,
    best_exponential,
    best_fixed,
    capped_exponential,
    fixed,
    poll_with,
)


def test_a_fixed_interval_polls_until_the_first_moment_at_or_after_the_end() -> None:
    polls = poll_with(fixed(60), np.array([1.0, 60.0, 61.0, 150.0]))
    assert polls.counts.tolist() == [1, 1, 2, 3]
    assert polls.delays.tolist() == [59, 0, 59, 30]


def test_the_cost_of_a_run_is_its_polls_at_their_price_and_its_delay() -> None:
    assert poll_with(fixed(60), np.array([61.0, 150.0])).mean_cost(10) == ((20 + 59) + (30 + 30)) / 2


def test_glue_polls_every_minute_for_ten_minutes_and_every_five_from_then_on() -> None:
    polls = poll_with(GLUE_CADENCE, np.array([30.0, 600.0, 601.0, 3600.0]))
    assert polls.counts.tolist() == [1, 10, 11, 20]
    assert polls.delays.tolist() == [30, 0, 299, 0]


def test_waits_of_a_capped_exponential_grow_up_to_the_cap() -> None:
    cadence = capped_exponential(10, 2, 40)
    assert cadence.first_moments == (10, 30)
    polls = poll_with(cadence, np.array([10.0, 11.0, 31.0, 71.0]))
    assert polls.counts.tolist() == [1, 2, 3, 4]
    assert polls.delays.tolist() == [0, 19, 39, 39]


def test_the_best_fixed_interval_for_runs_of_one_length_is_that_length() -> None:
    best = best_fixed(np.full(10, 1000.0), 30)
    assert best.cadence.then_every_seconds == pytest.approx(1000, rel=0.02)
    assert 30 <= best.cost_seconds <= 30 + 20


def test_the_best_exponential_is_no_dearer_than_the_best_fixed_interval_where_runs_differ() -> None:
    run_seconds = np.geomspace(20, 20_000, 200)
    assert best_exponential(run_seconds, 5).cost_seconds < best_fixed(run_seconds, 5).cost_seconds


def test_small_steps_around_the_best_exponential_find_nothing_cheaper() -> None:
    run_seconds = np.geomspace(20, 20_000, 200)
    best = best_exponential(run_seconds, 5)
    first, second = best.cadence.first_moments[:2]
    factor, cap = (second - first) / first, best.cadence.then_every_seconds
    shapes = [(first * 1.01, factor, cap), (first / 1.01, factor, cap), (first, factor, cap * 1.01)]
    costs = [poll_with(capped_exponential(*shape), run_seconds).mean_cost(5) for shape in shapes]
    assert min(costs) >= best.cost_seconds
