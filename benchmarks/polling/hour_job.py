"""An hour's job: how many polls buy how short a delay."""

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np

from benchmarks.polling.cases import Case, cases_of
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

    name: str
    polls: float
    mean: float
    p95: float

    @property
    def is_early(self) -> bool:
        return self.p95 <= P95_LIMIT and self.polls <= P95_POLLS

    @property
    def is_cheap(self) -> bool:
        return self.mean <= MEAN_LIMIT and self.polls <= MEAN_POLLS

    def line(self) -> str:
        marks = [f"p95<={P95_LIMIT:g} with <={P95_POLLS:g} polls"] if self.is_early else []
        marks += [f"mean<={MEAN_LIMIT:g} with <={MEAN_POLLS:g} polls"] if self.is_cheap else []
        figures = f"{self.name:<10} polls={self.polls:.1f} mean={self.mean:.1f}s p95={self.p95:.1f}s"
        return " ".join((figures, "; ".join(marks))).rstrip()


def _delays(name: str, polls: Seconds, delays: Seconds) -> Delays:
    return Delays(name, float(np.mean(polls)), float(np.mean(delays)), float(np.percentile(delays, 95)))


def curve(cases: Sequence[Case], seed: int, executor: Executor) -> Sequence[Delays]:
    """Ours at each of PRICES."""
    ours = []
    for price in PRICES:
        polls, delays = np.array(outcomes(cases, price, seed, executor), dtype=np.float64).T
        ours.append(_delays(f"price={price:g}", polls, delays))
    return ours


def holds_for_an_hour(seed: int, executor: Executor) -> bool:
    """Prints the curve, and the usual cadences beside it."""
    cases = cases_of(draw_hour(SPREAD, RUNS, seed))
    run_seconds = np.array([case.run_seconds for case in cases])
    ours = curve(cases, seed, executor)
    for one in ours:
        print(one.line())
    for cadence in (GLUE_CADENCE, fixed(60), fixed(5)):
        print(_delays(cadence.name, *poll_with(cadence, run_seconds)).line())
    return any(one.is_early or one.is_cheap for one in ours)
