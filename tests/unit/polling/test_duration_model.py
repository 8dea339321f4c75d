"""The estimate of run times, taken apart into its blocks and held against docs/polling.md."""

from math import e, exp, hypot, log, sqrt
from typing import NamedTuple

import pytest

from farsync.polling.duration_model import DurationModel, PastRuns, estimate_durations

LONG = 1e9
"""Seconds beside which a second for the clocks is nothing."""
HISTORIES = [
    PastRuns((600,)),
    PastRuns((600, 900)),
    PastRuns((), (70, 20)),
    PastRuns((100, 5000, 300)),
    PastRuns((3600, 3000, 4000, 60, 3700), (30,)),
    PastRuns((900,) * 5, (900,) * 2),
    PastRuns((2, 7, 10, 11, 40, 0, 90, 100, 1000), (3, 500)),
]


class Block(NamedTuple):
    """The part of an estimate that one run has brought, as the edges show it."""

    begin: float
    end: float
    density: float

    @property
    def middle(self) -> float:
        return sqrt(self.begin * self.end)

    @property
    def spread(self) -> float:
        """From t / e^(1.5 s) to t · e^(1.5 s)."""
        return log(self.end / self.begin) / 3

    @property
    def share(self) -> float:
        return self.density * (self.end - self.begin)


def blocks_of(durations: DurationModel) -> list[Block]:
    """Every run has a weight of its own, so that its blocks' densities tell which edges belong together."""
    ends = {-change: at for at, change in durations.edges if change < 0}
    begins = [(at, change) for at, change in durations.edges if change > 0]
    assert len(ends) == len(begins)
    return [Block(begin, ends[density], density) for begin, density in begins]


def blocks_around(past: PastRuns, seconds: float) -> tuple[Block, Block]:
    """The near block and the wide block of the one run that took so long; the near one is the one named first."""
    found = [block for block in blocks_of(estimate_durations(past)) if block.middle == pytest.approx(seconds)]
    near, wide = sorted(found, key=lambda block: block.spread)
    return near, wide


def weights_of(blocks: list[Block]) -> list[float]:
    """Those of the runs that the blocks stand around, the greatest first: of each, three tenths near, the rest wide."""
    left, weights = sorted(block.share for block in blocks), list[float]()
    while left:
        near = left.pop(0)
        wide = min(left, key=lambda share: abs(share - near * 7 / 3))
        assert wide == pytest.approx(near * 7 / 3)
        left.remove(wide)
        weights.append(near + wide)
    return weights[::-1]


def shares(past: PastRuns, seconds: float) -> list[float]:
    """Those of the runs that took so long, beside the greatest of all runs."""
    blocks = blocks_of(estimate_durations(past))
    greatest = max(weights_of(blocks))
    return [w / greatest for w in weights_of([block for block in blocks if block.middle == pytest.approx(seconds)])]


def second_nearest(runs: list[float], index: int) -> float:
    others = sorted(abs(log(run / runs[index])) for place, run in enumerate(runs) if place != index)
    return others[:2][-1]


@pytest.mark.parametrize("past", HISTORIES)
def test_the_known_and_the_unknown_make_a_whole(past: PastRuns) -> None:
    durations = estimate_durations(past)
    assert sum(block.share for block in blocks_of(durations)) + durations.unknown_share == pytest.approx(1)


@pytest.mark.parametrize("past", HISTORIES)
def test_the_density_is_never_negative_and_ends_where_the_last_block_ends(past: PastRuns) -> None:
    edges = estimate_durations(past).edges
    assert [at for at, _ in edges] == sorted(at for at, _ in edges)
    height = 0.0
    for _, change in edges:
        height += change
        assert height > -1e-12
    assert height == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("past", HISTORIES)
def test_each_run_stands_in_the_middle_of_a_near_block_and_of_a_wide_one(past: PastRuns) -> None:
    blocks = blocks_of(estimate_durations(past))
    runs = [max(1.0, seconds) for seconds in (*past.succeeded_seconds, *past.failed_seconds)]
    wide_enough = [run for run in runs if run > 40]
    assert len(blocks) == 2 * len(runs)
    for run in set(wide_enough):
        own = [block for block in blocks if block.middle == pytest.approx(run)]
        assert len(weights_of(own)) == wide_enough.count(run)


def test_each_run_counts_nine_tenths_of_the_one_after_it() -> None:
    assert shares(PastRuns((500, 500, 500, 500)), 500) == pytest.approx([1, 0.9, 0.81, 0.729])


def test_failed_runs_are_counted_apart_and_by_half() -> None:
    past = PastRuns((500, 500), (90, 90, 90))
    assert shares(past, 500) == pytest.approx([1, 0.9])
    assert shares(past, 90) == pytest.approx([0.5, 0.45, 0.405])


def test_one_run_alone_spreads_as_if_another_stood_near() -> None:
    near, wide = blocks_around(PastRuns((LONG,)), LONG)
    assert near.spread == pytest.approx(hypot(0.15 / 2, 0.002))
    assert wide.spread == pytest.approx(0.3)


def test_a_failed_run_alone_spreads_as_a_run_that_succeeded() -> None:
    assert estimate_durations(PastRuns((), (600,))) == estimate_durations(PastRuns((600,)))


def test_of_two_runs_the_near_blocks_reach_by_half_their_distance() -> None:
    for run in (LONG, LONG * e):
        near, _ = blocks_around(PastRuns((LONG * e, LONG)), run)
        assert near.spread == pytest.approx(hypot(1 / 2, 0.002))


@pytest.mark.parametrize(
    "runs",
    [
        [1e6, 2e6, 9e6],
        [1e6, 1.01e6, 1.02e6, 8e6, 8.1e6],
        [1e6, 3e6, 4e6, 4.5e6, 4.6e6, 9e6, 20e6],
        [20e6, 12e6, 11e6, 10.9e6, 5e6, 3e6, 2.9e6, 1e6],
    ],
)
def test_a_near_block_reaches_by_half_the_distance_to_the_second_nearest_run(runs: list[float]) -> None:
    blocks = blocks_of(estimate_durations(PastRuns(runs)))
    for index, run in enumerate(runs):
        spreads = [block.spread for block in blocks if block.middle == pytest.approx(run)]
        expected = hypot(second_nearest(runs, index) / 2, 0.002) + 1 / run
        assert any(spread == pytest.approx(expected) for spread in spreads)


def test_runs_of_the_same_length_leave_a_near_block_its_least_spread() -> None:
    blocks = blocks_of(estimate_durations(PastRuns((LONG,) * 5)))
    assert sorted(block.spread for block in blocks)[:5] == pytest.approx([0.002] * 5)


def test_every_near_block_is_wider_by_a_second_for_the_clocks() -> None:
    near, _ = blocks_around(PastRuns((200,)), 200)
    assert near.spread == pytest.approx(hypot(0.15 / 2, 0.002) + 1 / 200)


@pytest.mark.parametrize(
    ("powers", "quarter", "three_quarters"),
    [
        ([0, 6], 0, 6),
        ([0, 2, 3, 30], 2, 3),
        ([0, 2, 3, 4, 30], 2, 4),
        ([0, 1, 2, 4, 8, 16, 32, 33, 34], 2, 32),
    ],
)
def test_a_wide_block_reaches_by_half_the_middle_half_of_all_runs(
    powers: list[int], quarter: int, three_quarters: int
) -> None:
    blocks = blocks_of(estimate_durations(PastRuns([LONG * exp(power) for power in powers])))
    expected = (three_quarters - quarter) / 2 + 0.02
    assert sum(block.spread == pytest.approx(expected) for block in blocks) >= len(powers)


def test_an_outlier_does_not_widen_the_wide_blocks() -> None:
    usual = (LONG, LONG * 1.1, LONG * 1.2, LONG * 1.3)
    _, without = blocks_around(PastRuns((*usual, LONG * 1.4)), LONG)
    _, beside_an_outlier = blocks_around(PastRuns((*usual, LONG * 1000)), LONG)
    assert beside_an_outlier.spread == pytest.approx(without.spread)


def test_no_block_is_narrower_than_a_second() -> None:
    blocks = blocks_of(estimate_durations(PastRuns((5, 5))))
    narrow = [block for block in blocks if block.middle != pytest.approx(5)]
    assert len(narrow) == 2
    for block in narrow:
        assert block.begin == pytest.approx(5 / exp(1.5 * 0.02))
        assert block.end - block.begin == pytest.approx(1)


@pytest.mark.parametrize("past", [PastRuns((0.2,)), PastRuns((), (0,))])
def test_a_run_that_took_no_time_counts_as_one_of_a_second(past: PastRuns) -> None:
    durations = estimate_durations(past)
    assert durations.middle_seconds == pytest.approx(1)
    assert durations == estimate_durations(PastRuns((1,)))


@pytest.mark.parametrize(
    ("past", "share"), [(PastRuns((9,)), 0.25), (PastRuns((9, 9), (9,)), 0.15), (PastRuns((9,) * 19), 0.07)]
)
def test_the_more_runs_are_known_the_less_is_left_to_the_unknown(past: PastRuns, share: float) -> None:
    assert estimate_durations(past).unknown_share == pytest.approx(share)


@pytest.mark.parametrize(
    ("past", "middle"), [(PastRuns((10, 4000, 90)), 90), (PastRuns((10, 4000), (90, 40)), 60), (PastRuns((7,)), 7)]
)
def test_the_unknown_stands_around_the_median_run(past: PastRuns, middle: float) -> None:
    durations = estimate_durations(past)
    assert durations.middle_seconds == pytest.approx(middle)
    assert durations.unknown_ended(durations.middle_seconds) == pytest.approx(0.5)


@pytest.mark.parametrize("times_the_median", [0.01, 0.5, 2, 10, 1000])
def test_the_logarithm_of_an_unknown_run_time_is_logistic_with_a_scale_of_nine_tenths(times_the_median: float) -> None:
    ended = DurationModel((), 1, 600).unknown_ended(600 * times_the_median)
    assert log(ended / (1 - ended)) == pytest.approx(log(times_the_median) / 0.9)


def test_nothing_has_ended_at_the_start() -> None:
    assert DurationModel((), 1, 600).unknown_ended(0) == 0


def test_nothing_is_estimated_of_a_job_that_never_ran() -> None:
    with pytest.raises(ValueError, match=r"^no past runs$"):
        estimate_durations(PastRuns())
