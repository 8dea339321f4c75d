"""Run times drawn by a seed: jobs of the kinds that one meets.

Medians are drawn log-uniformly between SHORTEST_MEDIAN and LONGEST_MEDIAN; "spread" is the standard deviation of the
logarithm. What each kind does, its function says.
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice

from benchmarks.polling.traces import Run, Series, group_by_series

SEED = 20260115
SHORTEST_MEDIAN, LONGEST_MEDIAN = 60.0, 4 * 3600.0
DAY_SECONDS = 24 * 3600
JOBS_OF_A_KIND = 6
RUNS_OF_A_JOB = 80
HOUR_SECONDS = 3600.0

Model = Callable[[random.Random, float], Iterator[tuple[float, bool]]]
"""From a median in seconds: how long each run takes, and whether it fails."""


def steady(chance: random.Random, median: float) -> Iterator[tuple[float, bool]]:
    """5 % spread."""
    while True:
        yield chance.lognormvariate(math.log(median), 0.05), False


def spread(chance: random.Random, median: float) -> Iterator[tuple[float, bool]]:
    """40 % spread."""
    while True:
        yield chance.lognormvariate(math.log(median), 0.4), False


def bimodal(chance: random.Random, median: float) -> Iterator[tuple[float, bool]]:
    """Every third run, by chance, has 3 to 10 times as much to do; 8 % spread around each."""
    times_longer = chance.uniform(3, 10)
    while True:
        middle = median * times_longer if chance.random() < 1 / 3 else median
        yield chance.lognormvariate(math.log(middle), 0.08), False


def drifting(chance: random.Random, median: float) -> Iterator[tuple[float, bool]]:
    """Half a percent longer each time, half as long or twice as long from every 30th run on; 10 % spread."""
    for number in count(1):
        yield chance.lognormvariate(math.log(median), 0.1), False
        median *= 1.005 * (chance.choice((0.5, 2.0)) if number % 30 == 0 else 1)


def early_failures(chance: random.Random, median: float) -> Iterator[tuple[float, bool]]:
    """Every seventh run, by chance, fails after 20 to 50 seconds; 15 % spread of the others."""
    while True:
        has_failed = chance.random() < 1 / 7
        yield (chance.uniform(20, 50) if has_failed else chance.lognormvariate(math.log(median), 0.15)), has_failed


MODELS: tuple[Model, ...] = (steady, spread, bimodal, drifting, early_failures)


def draw_jobs(model: Model, jobs: int, runs: int, seed: int) -> Sequence[Series]:
    """Jobs of one kind, each with a median of its own and a run a day, in whole seconds."""
    chance = random.Random(f"{seed} {model.__name__}")
    medians = [math.exp(chance.uniform(math.log(SHORTEST_MEDIAN), math.log(LONGEST_MEDIAN))) for _ in range(jobs)]
    return group_by_series(
        Run(f"{model.__name__}-{number}", day * DAY_SECONDS, round(seconds), has_failed)
        for number, median in enumerate(medians, start=1)
        for day, (seconds, has_failed) in enumerate(islice(model(chance, median), runs))
    )


def draw_hour(spread_of_log: float, runs: int, seed: int) -> Series:
    """A job whose runs take an hour, log-normally spread."""
    chance = random.Random(f"{seed} hour")
    seconds = (chance.lognormvariate(math.log(HOUR_SECONDS), spread_of_log) for _ in range(runs))
    return [Run("hour", day * DAY_SECONDS, taken) for day, taken in enumerate(seconds)]


def draw_trace(seed: int) -> Sequence[Series]:
    """JOBS_OF_A_KIND jobs of every kind; runs shorter than SHORTEST_RUN_SECONDS are left out."""
    return [series for model in MODELS for series in draw_jobs(model, JOBS_OF_A_KIND, RUNS_OF_A_JOB, seed)]
