"""At each price of a poll: what the policy pays, and what the best cadence in hindsight would have paid."""

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np

from benchmarks.polling.cases import Case
from benchmarks.polling.hindsight import GLUE_CADENCE, Best, best_exponential, best_fixed, fixed, poll_with
from benchmarks.polling.policy import mean_cost, outcomes
from farsync.polling import LONGEST_WAIT_SECONDS

PRICES = (0.05, 0.1, 0.25, 1.0, 12.0)
CUSTOMARY_INTERVALS = (60.0, 30.0, 5.0)


class Comparison(NamedTuple):
    """Mean costs of a run in seconds."""

    poll_cost_seconds: float
    ours: float
    best_fixed: Best
    best_exponential: Best
    glue: float
    customary: Sequence[float]
    forced: float
    """The cost of polls at the longest wait alone: no policy pays less."""

    @property
    def best(self) -> Best:
        """Of all that was compared; the customary intervals are among the fixed ones, Glue's cadence is not."""
        candidates = (self.best_fixed, self.best_exponential, Best(GLUE_CADENCE, self.glue))
        return min(candidates, key=lambda best: best.cost_seconds)

    @property
    def ratio(self) -> float:
        return self.ours / self.best.cost_seconds

    def holds(self, must: float) -> bool:
        """Where the longest wait alone forces more than half of what the best pays, what is paid beyond it must."""
        limit = must * self.best.cost_seconds
        is_bound = self.forced > self.best.cost_seconds / 2
        return self.ours - (self.forced if is_bound else 0.0) <= limit

    def line(self, must: float) -> str:
        others = (
            f"{interval:.0f}s={cost:.1f}" for interval, cost in zip(CUSTOMARY_INTERVALS, self.customary, strict=True)
        )
        return (
            f"price={self.poll_cost_seconds:g} ours={self.ours:.1f} best={self.best.cost_seconds:.1f} "
            f"({self.best.cadence.name}) ratio={self.ratio:.3f} must={must:.2f} | "
            f"fixed={self.best_fixed.cost_seconds:.1f} exponential={self.best_exponential.cost_seconds:.1f} "
            f"Glue={self.glue:.1f} {' '.join(others)} forced={self.forced:.1f}"
        )


def compare(cases: Sequence[Case], poll_cost_seconds: float, seed: int, executor: Executor) -> Comparison:
    """Over the same cases for all."""
    run_seconds = np.array([case.run_seconds for case in cases])
    paid = outcomes(cases, poll_cost_seconds, seed, executor)
    return Comparison(
        poll_cost_seconds,
        mean_cost(paid, poll_cost_seconds),
        best_fixed(run_seconds, poll_cost_seconds),
        best_exponential(run_seconds, poll_cost_seconds),
        poll_with(GLUE_CADENCE, run_seconds).mean_cost(poll_cost_seconds),
        [poll_with(fixed(interval), run_seconds).mean_cost(poll_cost_seconds) for interval in CUSTOMARY_INTERVALS],
        float(np.mean(poll_cost_seconds * np.ceil(run_seconds / LONGEST_WAIT_SECONDS))),
    )


def holds_at_every_price(cases: Sequence[Case], must: float, seed: int, executor: Executor) -> bool:
    """Prints a line for each price."""
    compared = []
    for price in PRICES:
        compared.append(compare(cases, price, seed, executor))
        print(compared[-1].line(must), flush=True)
    return all(comparison.holds(must) for comparison in compared)
