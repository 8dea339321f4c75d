"""The average cost of a way, over runs whose times spread as those of a typical job do. Nothing is timed."""

from collections.abc import Iterator, Sequence
from math import exp
from random import Random
from statistics import NormalDist, fmean, quantiles
from typing import NamedTuple

from benchmarks.cost.ways import Job, Way
from farsync.polling import PastRuns

SPREAD = 0.2
"""The standard deviation of the logarithm of a run's time."""
PAST_RUNS = 20
HISTORIES = 20
RUNS_OF_A_HISTORY = 200
SEED = 5


class Averages(NamedTuple):
    """Of a run: mean polls, mean USD, mean detection delay in seconds and its 95th percentile."""

    minutes: int
    way: str
    polls: float
    usd: float
    delay_seconds: float
    p95_seconds: float


def average(way: Way, minutes: int) -> Averages:
    """Of runs with a median of so many minutes: the job's earlier runs differ, and so does the run itself."""
    random = Random(SEED)
    middle = 60.0 * minutes
    # As many runs as there are equal shares of the distribution, so that chance is left to histories and jitter alone.
    shares = [(index + 0.5) / RUNS_OF_A_HISTORY for index in range(RUNS_OF_A_HISTORY)]
    run_seconds = [middle * exp(SPREAD * NormalDist().inv_cdf(share)) for share in shares]
    detected: list[tuple[int, float, float]] = []
    for _ in range(HISTORIES):
        past = PastRuns([middle * exp(SPREAD * random.gauss(0, 1)) for _ in range(PAST_RUNS)])
        detected += _detect(way, Job(past, 2 * run_seconds[-1]), run_seconds, random)
    polls, usd, delays = zip(*detected, strict=True)
    p95_seconds = quantiles(delays, n=20)[-1]
    return Averages(minutes, way.name, fmean(polls), fmean(usd), fmean(delays), p95_seconds)


def _detect(way: Way, job: Job, run_seconds: Sequence[float], random: Random) -> Iterator[tuple[int, float, float]]:
    """Polls, USD and delay of runs in the order of their lengths. A run that goes on does not say how long it will."""
    polls = enumerate(way.polls(job, random), 1)
    number, poll = next(polls)
    for seconds in run_seconds:
        while poll.at_seconds < seconds:
            number, poll = next(polls)
        yield number, poll.usd, poll.at_seconds - seconds
