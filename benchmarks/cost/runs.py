"""What a way costs on average, over runs whose times spread as those of a typical job do. Nothing is timed."""

from collections.abc import Sequence
from math import exp
from random import Random
from statistics import NormalDist, fmean
from typing import NamedTuple

from benchmarks.cost.ways import Job, Look, Way
from farsync.run_times import PastRuns

SPREAD = 0.2
"""The standard deviation of the logarithm of a run's time."""
PAST_RUNS = 20
HISTORIES = 40
RUNS_OF_A_HISTORY = 200
SEED = 5


class Averages(NamedTuple):
    minutes: int
    way: str
    looks: float
    transitions: float
    usd: float
    delay_seconds: float


def average(way: Way, minutes: int) -> Averages:
    """Of runs with a median of so many minutes: the job's earlier runs differ, and so does the run itself."""
    random = Random(SEED)
    middle = 60.0 * minutes
    # As many runs as there are equal shares of the distribution, so that chance is left to histories and jitter alone.
    shares = [(index + 0.5) / RUNS_OF_A_HISTORY for index in range(RUNS_OF_A_HISTORY)]
    run_seconds = [middle * exp(SPREAD * NormalDist().inv_cdf(share)) for share in shares]
    seen: list[tuple[int, Look, float]] = []
    for _ in range(HISTORIES):
        past = PastRuns([middle * exp(SPREAD * random.gauss(0, 1)) for _ in range(PAST_RUNS)])
        seen += _ends_seen(way, Job(past, run_seconds[-1]), run_seconds, random)
    return Averages(
        minutes,
        way.name,
        looks=fmean(number for number, _, _ in seen),
        transitions=fmean(look.transitions for _, look, _ in seen),
        usd=fmean(look.usd for _, look, _ in seen),
        delay_seconds=fmean(delay for _, _, delay in seen),
    )


def _ends_seen(way: Way, job: Job, run_seconds: Sequence[float], random: Random) -> list[tuple[int, Look, float]]:
    """The look that saw each end, its number, and its delay. A run that goes on does not tell how long it will."""
    looks = enumerate(way.looks(job, random), 1)
    number, look = next(looks)
    seen: list[tuple[int, Look, float]] = []
    for seconds in run_seconds:
        while look.at_seconds < seconds:
            number, look = next(looks)
        seen.append((number, look, look.at_seconds - seconds))
    return seen
