"""Polls that know nothing of the job: fixed intervals, capped exponentials, Glue's own; the best of them."""

import math
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.float64]

SHORTEST_INTERVAL, LONGEST_INTERVAL = 1.0, 1e6
INTERVALS = 800
FIRST_WAITS = tuple(float(wait) for wait in np.geomspace(1, 600, 12))
FACTORS = (1.02, 1.05, 1.1, 1.2, 1.5, 2.0, 3.0)
CAPS = tuple(float(cap) for cap in np.geomspace(5, 43_200, 20))
REFINEMENTS = (1.1, 1.03, 1.01)
MOST_GROWING_WAITS = 500
GLUE = tuple(float(moment) for moment in range(60, 601, 60))
GLUE_LATER_SECONDS = 300.0


class Cadence(NamedTuple):
    """First the moments named, in seconds since the start, then one every so many seconds."""

    name: str
    first_moments: tuple[float, ...]
    then_every_seconds: float

    def moments(self, until: float) -> Seconds:
        """Up to the first at or after `until`."""
        last = self.first_moments[-1] if self.first_moments else 0.0
        later = np.arange(1, 1 + max(0, math.ceil((until - last) / self.then_every_seconds)))
        return np.concatenate((self.first_moments, last + self.then_every_seconds * later))


class Polls(NamedTuple):
    """For each run: how many polls until its end was known, and how late that was."""

    counts: Seconds
    delays: Seconds

    def mean_cost(self, poll_cost_seconds: float) -> float:
        return float(np.mean(poll_cost_seconds * self.counts + self.delays))


def fixed(interval_seconds: float) -> Cadence:
    return Cadence(f"fixed {interval_seconds:.3g} s", (), interval_seconds)


def capped_exponential(first_seconds: float, factor: float, cap_seconds: float) -> Cadence:
    """Waits that grow by the factor up to the cap."""
    moments, wait, at = list[float](), first_seconds, 0.0
    while wait < cap_seconds and len(moments) < MOST_GROWING_WAITS:
        at += wait
        moments.append(at)
        wait *= factor
    name = f"exponential {first_seconds:.3g} s x{factor:.3g} to {cap_seconds:.3g} s"
    return Cadence(name, tuple(moments), cap_seconds)


GLUE_CADENCE = Cadence("Glue", GLUE, GLUE_LATER_SECONDS)
"""Seen of `glue:startJobRun.sync`: every minute for ten minutes, every five minutes from then on."""


def poll_with(cadence: Cadence, run_seconds: Seconds) -> Polls:
    """Polls at the very moment of the end see it."""
    moments = cadence.moments(float(run_seconds.max()))
    places = np.searchsorted(moments, run_seconds)
    return Polls((places + 1).astype(np.float64), moments[places] - run_seconds)


class Best(NamedTuple):
    """A cadence, and what it costs a run in the mean."""

    cadence: Cadence
    cost_seconds: float


def best_fixed(run_seconds: Seconds, poll_cost_seconds: float) -> Best:
    intervals = np.geomspace(SHORTEST_INTERVAL, LONGEST_INTERVAL, INTERVALS)
    cadences = [fixed(float(interval)) for interval in intervals]
    costs = [poll_with(cadence, run_seconds).mean_cost(poll_cost_seconds) for cadence in cadences]
    return Best(cadences[int(np.argmin(costs))], min(costs))


Shape = tuple[float, float, float]
"""The first wait in seconds, by what part of itself a wait grows, the cap in seconds."""


def best_exponential(run_seconds: Seconds, poll_cost_seconds: float) -> Best:
    """The best of a grid, refined by small steps for as long as one makes it cheaper."""

    def cadence_of(shape: Shape) -> Cadence:
        first, growth, cap = shape
        return capped_exponential(first, 1 + growth, cap)

    @cache
    def cost(shape: Shape) -> float:
        return poll_with(cadence_of(shape), run_seconds).mean_cost(poll_cost_seconds)

    grid = [(first, factor - 1, cap) for cap in CAPS for first in FIRST_WAITS if first < cap for factor in FACTORS]
    best = min(grid, key=cost)
    for step in REFINEMENTS:
        while cost(near := min(_neighbours(best, step), key=cost)) < cost(best):
            best = near
    return Best(cadence_of(best), cost(best))


def _neighbours(shape: Shape, step: float) -> Iterator[Shape]:
    first, growth, cap = shape
    for change in (step, 1 / step):
        yield first * change, growth, cap
        yield first, growth * change, cap
        yield first, growth, cap * change
