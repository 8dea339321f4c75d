"""An hour's job: how many looks buy how early news."""

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np

from benchmarks.polling.cases import Case, cases_of
from benchmarks.polling.hindsight import GLUE_CADENCE, Seconds, fixed, look_with
from benchmarks.polling.models import draw_hour
from benchmarks.polling.policy import bills

SPREAD = 0.2
RUNS = 1020
PRICES = (0.5, 0.7, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
P95_LIMIT, P95_LOOKS = 60.0, 45.0
MEAN_LIMIT, MEAN_LOOKS = 40.0, 20.0


class Delays(NamedTuple):
    """Over many runs: mean looks, and seconds by which the news was late."""

    name: str
    looks: float
    mean: float
    p95: float

    @property
    def is_early(self) -> bool:
        return self.p95 <= P95_LIMIT and self.looks <= P95_LOOKS

    @property
    def is_cheap(self) -> bool:
        return self.mean <= MEAN_LIMIT and self.looks <= MEAN_LOOKS

    def line(self) -> str:
        marks = [f"p95<={P95_LIMIT:g} with <={P95_LOOKS:g} looks"] if self.is_early else []
        marks += [f"mean<={MEAN_LIMIT:g} with <={MEAN_LOOKS:g} looks"] if self.is_cheap else []
        figures = f"{self.name:<10} looks={self.looks:.1f} mean={self.mean:.1f}s p95={self.p95:.1f}s"
        return " ".join((figures, "; ".join(marks))).rstrip()


def _delays(name: str, looks: Seconds, delays: Seconds) -> Delays:
    return Delays(name, float(np.mean(looks)), float(np.mean(delays)), float(np.percentile(delays, 95)))


def curve(cases: Sequence[Case], seed: int, executor: Executor) -> Sequence[Delays]:
    """Ours at each of PRICES."""
    ours = []
    for price in PRICES:
        looks, delays = np.array(bills(cases, price, seed, executor), dtype=np.float64).T
        ours.append(_delays(f"price={price:g}", looks, delays))
    return ours


def holds_for_an_hour(seed: int, executor: Executor) -> bool:
    """Prints the curve, and the usual cadences beside it."""
    cases = cases_of(draw_hour(SPREAD, RUNS, seed))
    run_seconds = np.array([case.run_seconds for case in cases])
    ours = curve(cases, seed, executor)
    for one in ours:
        print(one.line())
    for cadence in (GLUE_CADENCE, fixed(60), fixed(5)):
        print(_delays(cadence.name, *look_with(cadence, run_seconds)).line())
    return any(one.is_early or one.is_cheap for one in ours)
