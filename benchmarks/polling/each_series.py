"""Job by job at the default price: does what is good for all leave some job worse off than a fixed interval would?"""

from collections.abc import Sequence
from concurrent.futures import Executor
from statistics import quantiles
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


class Compared(NamedTuple):
    """One job: its mean costs in seconds, and what its run times are like."""

    ours: float
    best: Best
    likeness: str

    @property
    def ratio(self) -> float:
        return self.ours / self.best.cost_seconds


def compare_series(
    trace: Sequence[Series], series_count: int, cases_of_each: int, seed: int, executor: Executor
) -> Sequence[Compared]:
    """Jobs with LEAST_RUNS runs or more, so many of them at most, the worst first."""
    long = [series for series in trace if len(series) >= LEAST_RUNS]
    compared = [_compare(series, cases_of_each, seed, executor) for series in draw(long, series_count, seed)]
    return sorted(compared, key=lambda job: job.ratio, reverse=True)


def _compare(series: Series, cases_of_each: int, seed: int, executor: Executor) -> Compared:
    cases = draw(cases_of(series), cases_of_each, seed)
    run_seconds = np.array([case.run_seconds for case in cases])
    ours = mean_cost(outcomes(cases, POLL_COST_SECONDS, seed, executor), POLL_COST_SECONDS)
    return Compared(ours, best_fixed(run_seconds, POLL_COST_SECONDS), _likeness(series))


def _likeness(series: Series) -> str:
    """Of the logarithms: the width of the middle half, the later half's median less the earlier's, the median step."""
    logs = np.log([run.seconds for run in series])
    lower, _, upper = quantiles(logs, n=4)
    half = len(logs) // 2
    trend = np.median(logs[half:]) - np.median(logs[:half])
    return (
        f"runs={len(series)} median={np.exp(np.median(logs)):.0f}s spread={upper - lower:.2f} trend={trend:+.2f} "
        f"jump={np.median(np.abs(np.diff(logs))):.2f} | {series[0].series}"
    )


def holds_for_most(compared: Sequence[Compared]) -> bool:
    """Prints the share, and the worst."""
    good = sum(job.ratio <= LIMIT for job in compared)
    share = good / len(compared) if compared else 1.0
    print(
        f"series={len(compared)} at most {LIMIT} times their best fixed interval: {good} share={share:.3f} must={SHARE}"
    )
    for job in compared[:SHOWN]:
        best = f"{job.best.cadence.name}={job.best.cost_seconds:.1f}"
        print(f"  ratio={job.ratio:.2f} ours={job.ours:.1f} {best} {job.likeness}")
    return share >= SHARE
