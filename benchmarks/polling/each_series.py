"""Job by job at the default price: does what is good for all leave some job worse off than a fixed interval would?"""

from collections.abc import Sequence
from concurrent.futures import Executor
from statistics import median, quantiles
from typing import NamedTuple

import numpy as np

from benchmarks.polling.cases import cases_of, draw
from benchmarks.polling.hindsight import Best, best_fixed
from benchmarks.polling.policy import mean_cost, outcomes
from benchmarks.polling.traces import Series
from farsync.polling import POLL_COST_SECONDS

LEAST_RUNS = 50
LIMIT = 1.1
SHARE = 0.9
SHOWN = 10


class Judged(NamedTuple):
    """One job's mean costs in seconds, and what its run times are like."""

    name: str
    runs: int
    median_seconds: float
    spread: float
    trend: float
    jump: float
    ours: float
    best: Best

    @property
    def ratio(self) -> float:
        return self.ours / self.best.cost_seconds

    def line(self) -> str:
        return (
            f"  ratio={self.ratio:.2f} ours={self.ours:.1f} {self.best.cadence.name}={self.best.cost_seconds:.1f} "
            f"runs={self.runs} median={self.median_seconds:.0f}s spread={self.spread:.2f} trend={self.trend:+.2f} "
            f"jump={self.jump:.2f} | {self.why()} | {self.name}"
        )

    def why(self) -> str:
        """Bounds found by reading the worst series of several traces."""
        if self.median_seconds < 20 * POLL_COST_SECONDS:
            reason = "short: one poll costs as much as all that can be saved"
        elif abs(self.trend) > 1:
            reason = "trend: it became much slower or faster over time"
        elif self.jump > 0.5 * self.spread:
            reason = "spread: the run before tells little of the next"
        else:
            reason = "phases: long runs of one kind, then suddenly another"
        return reason


def judge_series(
    trace: Sequence[Series], series_count: int, cases_of_each: int, seed: int, executor: Executor
) -> Sequence[Judged]:
    """Jobs with LEAST_RUNS runs or more, so many of them at most, the worst first."""
    long_ones = [series for series in trace if len(series) >= LEAST_RUNS]
    judged = [_judge(series, cases_of_each, seed, executor) for series in draw(long_ones, series_count, seed)]
    return sorted(judged, key=lambda one: one.ratio, reverse=True)


def _judge(series: Series, cases_of_each: int, seed: int, executor: Executor) -> Judged:
    cases = draw(cases_of(series), cases_of_each, seed)
    run_seconds = np.array([case.run_seconds for case in cases])
    logs = np.log([run.seconds for run in series])
    lower, _, upper = quantiles(logs, n=4)
    half = len(logs) // 2
    return Judged(
        series[0].series,
        len(series),
        median(run.seconds for run in series),
        float(upper - lower),
        float(np.median(logs[half:]) - np.median(logs[:half])),
        float(np.median(np.abs(np.diff(logs)))),
        mean_cost(outcomes(cases, POLL_COST_SECONDS, seed, executor), POLL_COST_SECONDS),
        best_fixed(run_seconds, POLL_COST_SECONDS),
    )


def holds_for_most(judged: Sequence[Judged]) -> bool:
    """Prints the share, and the worst."""
    good = sum(one.ratio <= LIMIT for one in judged)
    share = good / len(judged) if judged else 1.0
    print(
        f"series={len(judged)} at most {LIMIT} times their best fixed interval: {good} share={share:.3f} must={SHARE}"
    )
    for one in judged[:SHOWN]:
        print(one.line())
    return share >= SHARE
