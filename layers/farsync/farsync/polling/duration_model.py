"""How long a job may take, from how long it took before. Pure; the mathematics stand in docs/dev/polling.md."""

from collections.abc import Sequence
from math import exp, hypot, log
from statistics import median
from typing import NamedTuple

RECENCY = 0.9
"""What a run counts beside the one after it."""
FAILURE_WEIGHT = 0.5
"""What a failed run counts beside one that succeeded: what made it fail is often fixed."""
NEIGHBOUR_SHARE = 0.5
WIDE_SHARE = 0.7
"""Which part of a run's weight is spread widely; the rest stays as near as the runs stand to one another."""
WIDE_SPREAD = 0.5
"""Of the width of the middle half."""
LEAST_SPREAD = 0.002
CLOCK_SPREAD_SECONDS = 1.0
LONELY_SPREAD = 0.15
REACH = 1.5
UNKNOWN_SHARE = 0.05
UNKNOWN_SHARE_OF_FEW = 0.4
UNKNOWN_SPREAD = 0.9
"""The logistic scale of the logarithm of a run time that resembles none before."""


class PastRuns(NamedTuple):
    """Seconds that a job's earlier runs took, the newest first."""

    succeeded_seconds: Sequence[float] = ()
    failed_seconds: Sequence[float] = ()

    @property
    def is_empty(self) -> bool:
        return not self.succeeded_seconds and not self.failed_seconds


Edge = tuple[float, float]
"""From so many seconds on, the density of the known run times is higher by so much, or lower where that is negative."""


class DurationModel(NamedTuple):
    """A mixture: uniform blocks around the run times that are known, and a log-logistic part for the unknown."""

    edges: Sequence[Edge]
    unknown_share: float
    middle_seconds: float

    def unknown_ended(self, seconds: float) -> float:
        """Which part of the unknown ends within so many seconds."""
        odds: float = (seconds / self.middle_seconds) ** (1 / UNKNOWN_SPREAD)
        return odds / (1 + odds)


def estimate_durations(past: PastRuns) -> DurationModel:
    """Raises ValueError where nothing is known."""
    weights = [
        *((max(1.0, seconds), RECENCY**age) for age, seconds in enumerate(past.succeeded_seconds)),
        *((max(1.0, seconds), FAILURE_WEIGHT * RECENCY**age) for age, seconds in enumerate(past.failed_seconds)),
    ]
    if not weights:
        raise ValueError("no past runs")
    weights.sort()
    logs = [log(seconds) for seconds, _ in weights]
    count = len(logs)
    middle_half = logs[round(0.75 * (count - 1))] - logs[round(0.25 * (count - 1))]
    wide = WIDE_SPREAD * middle_half + 0.02 if count > 1 else 2 * LONELY_SPREAD
    unknown_share = UNKNOWN_SHARE + UNKNOWN_SHARE_OF_FEW / (count + 1)
    known_share = (1 - unknown_share) / sum(weight for _, weight in weights)
    edges: list[Edge] = []
    for index, (seconds, weight) in enumerate(weights):
        near = hypot(NEIGHBOUR_SHARE * _neighbour_distance(logs, index), LEAST_SPREAD)
        near += CLOCK_SPREAD_SECONDS / seconds
        for spread, share in ((near, 1 - WIDE_SHARE), (wide, WIDE_SHARE)):
            reach = exp(REACH * spread)
            begin, end = seconds / reach, max(seconds * reach, seconds / reach + 1)
            density = known_share * weight * share / (end - begin)
            edges += ((begin, density), (end, -density))
    edges.sort()
    return DurationModel(edges, unknown_share, exp(median(logs)))


def _neighbour_distance(sorted_logs: Sequence[float], index: int) -> float:
    """To the second nearest; an outlier stands far from all, and spreads accordingly."""
    here, last = sorted_logs[index], len(sorted_logs) - 1
    if last < 2:
        return abs(sorted_logs[-1] - sorted_logs[0]) if last else LONELY_SPREAD
    distances = []
    if index >= 2:
        distances.append(here - sorted_logs[index - 2])
    if index <= last - 2:
        distances.append(sorted_logs[index + 2] - here)
    if 0 < index < last:
        distances.append(max(here - sorted_logs[index - 1], sorted_logs[index + 1] - here))
    return min(distances)
