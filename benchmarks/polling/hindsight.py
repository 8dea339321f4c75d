"""Polls that know nothing of the job: fixed intervals, capped exponentials, Glue's own; the best of them."""

from collections.abc import Iterator
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
    first = np.asarray(cadence.first_moments, dtype=np.float64)
    last = float(first[-1]) if len(first) else 0.0
    later = np.ceil(np.maximum(run_seconds - last, 0) / cadence.then_every_seconds)
    places = np.searchsorted(first, run_seconds)
    is_early = places < len(first)
    seen = last + later * cadence.then_every_seconds
    if len(first):
        seen = np.where(is_early, first[np.minimum(places, len(first) - 1)], seen)
    counts = np.where(is_early, places + 1, len(first) + later).astype(np.float64)
    return Polls(counts, seen - run_seconds)


class Best(NamedTuple):
    """A cadence, and what it costs a run in the mean."""

    cadence: Cadence
    cost_seconds: float


def best_fixed(run_seconds: Seconds, poll_cost_seconds: float) -> Best:
    intervals = np.geomspace(SHORTEST_INTERVAL, LONGEST_INTERVAL, INTERVALS)
    costs = (_priced(fixed(float(interval)), run_seconds, poll_cost_seconds) for interval in intervals)
    return min(costs, key=_cost)


def best_exponential(run_seconds: Seconds, poll_cost_seconds: float) -> Best:
    """The best of a grid, refined by small steps for as long as one makes it cheaper."""

    def priced(shape: Shape) -> Best:
        first, growth, cap = shape
        return _priced(capped_exponential(first, 1 + growth, cap), run_seconds, poll_cost_seconds)

    grid = [(first, factor - 1, cap) for cap in CAPS for first in FIRST_WAITS if first < cap for factor in FACTORS]
    best, shape = min(((priced(shape), shape) for shape in grid), key=lambda found: _cost(found[0]))
    for step in REFINEMENTS:
        improved = True
        while improved:
            nearby = [(priced(near), near) for near in _neighbours(shape, step)]
            cheapest, near = min(nearby, key=lambda found: _cost(found[0]))
            improved = _cost(cheapest) < _cost(best)
            if improved:
                best, shape = cheapest, near
    return best


Shape = tuple[float, float, float]
"""The first wait in seconds, by what part of itself a wait grows, the cap in seconds."""


def _neighbours(shape: Shape, step: float) -> Iterator[Shape]:
    first, growth, cap = shape
    for change in (step, 1 / step):
        yield first * change, growth, cap
        yield first, growth * change, cap
        yield first, growth, cap * change


def _priced(cadence: Cadence, run_seconds: Seconds, poll_cost_seconds: float) -> Best:
    return Best(cadence, poll_with(cadence, run_seconds).mean_cost(poll_cost_seconds))


def _cost(best: Best) -> float:
    return best.cost_seconds
