"""An hour's job: how many polls buy how short a delay."""

from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np

from benchmarks.polling.cases import cases_of
from benchmarks.polling.hindsight import GLUE_CADENCE, Seconds, fixed, poll_with
from benchmarks.polling.models import draw_hour
from benchmarks.polling.policy import outcomes

SPREAD = 0.2
RUNS = 1020
PRICES = (0.05, 0.1, 0.25, 0.5, 1.0, 4.0, 12.0)
P95_LIMIT, P95_POLLS = 60.0, 45.0
MEAN_LIMIT, MEAN_POLLS = 40.0, 20.0


class Delays(NamedTuple):
    """Over many runs: mean polls, and seconds by which the end was detected late."""

    polls: float
    mean: float
    p95: float

    @property
    def is_short(self) -> bool:
        """For the polls that it takes."""
        is_early = self.p95 <= P95_LIMIT and self.polls <= P95_POLLS
        return is_early or (self.mean <= MEAN_LIMIT and self.polls <= MEAN_POLLS)


def _delays(polls: Seconds, delays: Seconds) -> Delays:
    return Delays(float(np.mean(polls)), float(np.mean(delays)), float(np.percentile(delays, 95)))


def holds_for_an_hour(seed: int, executor: Executor) -> bool:
    """Prints what each price buys, and the usual cadences beside it."""
    cases = cases_of(draw_hour(SPREAD, RUNS, seed))
    run_seconds = np.array([case.run_seconds for case in cases])
    paid = {price: np.array(outcomes(cases, price, seed, executor), dtype=np.float64).T for price in PRICES}
    ours = {f"price={price:g}": _delays(*of_price) for price, of_price in paid.items()}
    others = {
        cadence.name: _delays(*poll_with(cadence, run_seconds)) for cadence in (GLUE_CADENCE, fixed(60), fixed(5))
    }
    for name, delays in {**ours, **others}.items():
        print(f"{name:<10} polls={delays.polls:.1f} mean={delays.mean:.1f}s p95={delays.p95:.1f}s")
    print(
        f"must for some price: p95<={P95_LIMIT:g}s with <={P95_POLLS:g} polls, or mean<={MEAN_LIMIT:g}s with "
        f"<={MEAN_POLLS:g} polls"
    )
    return any(delays.is_short for delays in ours.values())
