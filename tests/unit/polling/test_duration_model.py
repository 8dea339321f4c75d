"""The estimate of run times, against the recipe of docs/dev/polling.md written down a second time."""

from collections.abc import Iterable
from math import exp, hypot, log
from statistics import median

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from farsync.polling.duration_model import DurationModel, PastRuns, estimate_durations

Block = tuple[float, float, float]
"""From when, until when, and which share of all runs ends evenly between."""
DURATIONS = st.lists(st.one_of(st.integers(0, 100), st.floats(0, 1e7)), max_size=9)


def recipe(past: PastRuns) -> list[Block]:
    """Step by step, without any thought of speed."""
    succeeded = [(max(1.0, seconds), 0.9**age) for age, seconds in enumerate(past.succeeded_seconds)]
    failed = [(max(1.0, seconds), 0.9**age / 2) for age, seconds in enumerate(past.failed_seconds)]
    runs = succeeded + failed
    count, total = len(runs), sum(weight for _, weight in runs)
    known_share = 1 - (0.05 + 0.4 / (count + 1))
    logs = sorted(log(seconds) for seconds, _ in runs)
    middle_half = logs[round(0.75 * (count - 1))] - logs[round(0.25 * (count - 1))]
    wide = 0.5 * middle_half + 0.02 if count > 1 else 0.3
    blocks = []
    for index, (seconds, weight) in enumerate(runs):
        others = sorted(abs(log(seconds / other)) for place, (other, _) in enumerate(runs) if place != index)
        distance = others[:2][-1] if others else 0.15
        near = hypot(distance / 2, 0.002) + 1 / seconds
        for spread, part in ((near, 0.3), (wide, 0.7)):
            begin = seconds / exp(1.5 * spread)
            end = max(seconds * exp(1.5 * spread), begin + 1)
            blocks.append((begin, end, known_share * weight / total * part))
    return blocks


def ended(blocks: Iterable[Block], seconds: float) -> float:
    return sum(share * min(1.0, max(0.0, seconds - begin) / (end - begin)) for begin, end, share in blocks)


def known_ended(durations: DurationModel, seconds: float) -> float:
    return sum(change * max(0.0, seconds - at) for at, change in durations.edges)


@example(PastRuns((600,)))
@example(PastRuns((600, 900)))
@example(PastRuns((), (70, 20)))
@example(PastRuns((3600, 3000, 4000, 60, 3700), (30,)))
@example(PastRuns((900,) * 5, (900,) * 2))
@example(PastRuns((5, 5)))
@example(PastRuns((2, 7, 10, 11, 40, 0, 90, 100, 1000), (3, 500)))
@given(st.builds(PastRuns, DURATIONS, DURATIONS).filter(lambda past: not past.is_empty))
def test_every_run_spreads_as_the_recipe_says(past: PastRuns) -> None:
    durations, blocks = estimate_durations(past), recipe(past)
    assert [at for at, _ in durations.edges] == pytest.approx(
        sorted(at for begin, end, _ in blocks for at in (begin, end))
    )
    for seconds in (exp(step / 4) for step in range(-4, 70)):
        assert known_ended(durations, seconds) == pytest.approx(ended(blocks, seconds), abs=1e-6)
    assert durations.middle_seconds == pytest.approx(
        exp(median(log(max(1.0, run)) for run in (*past.succeeded_seconds, *past.failed_seconds)))
    )
    assert durations.unknown_share + sum(share for _, _, share in blocks) == pytest.approx(1)


@pytest.mark.parametrize("past", [PastRuns((0.2,)), PastRuns((), (0,))])
def test_a_run_that_took_no_time_counts_as_a_run_of_a_second_whether_or_not_it_failed(past: PastRuns) -> None:
    assert estimate_durations(past) == estimate_durations(PastRuns((1,)))


@pytest.mark.parametrize(
    ("past", "share"), [(PastRuns((9,)), 0.25), (PastRuns((9, 9), (9,)), 0.15), (PastRuns((9,) * 19), 0.07)]
)
def test_the_more_runs_are_known_the_less_is_left_to_the_unknown(past: PastRuns, share: float) -> None:
    assert estimate_durations(past).unknown_share == pytest.approx(share)


@pytest.mark.parametrize("times_the_median", [0.01, 0.5, 1, 2, 10, 1000])
def test_the_logarithm_of_an_unknown_run_time_is_logistic_with_a_scale_of_nine_tenths(times_the_median: float) -> None:
    ended = DurationModel((), 1, 600).unknown_ended(600 * times_the_median)
    assert log(ended / (1 - ended)) == pytest.approx(log(times_the_median) / 0.9)


def test_nothing_has_ended_at_the_start() -> None:
    assert DurationModel((), 1, 600).unknown_ended(0) == 0


def test_nothing_is_estimated_of_a_job_that_never_ran() -> None:
    with pytest.raises(ValueError, match=r"^no past runs$"):
        estimate_durations(PastRuns())
