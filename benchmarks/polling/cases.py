"""Runs to poll, each with what was known of the job before it."""

import random
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from benchmarks.polling.traces import Series
from farsync.polling import PastRuns

LEAST_EARLIER_RUNS = 5
MOST_EARLIER_RUNS = 20

T = TypeVar("T")


class Case(NamedTuple):
    """A run of so many seconds, and the job's earlier runs."""

    past: PastRuns
    run_seconds: float


def cases_of(series: Series) -> Sequence[Case]:
    """Every run that has at least LEAST_EARLIER_RUNS before it, with the last MOST_EARLIER_RUNS of them."""
    cases = []
    for index in range(LEAST_EARLIER_RUNS, len(series)):
        earlier = series[max(0, index - MOST_EARLIER_RUNS) : index][::-1]
        past = PastRuns(
            tuple(run.seconds for run in earlier if not run.has_failed),
            tuple(run.seconds for run in earlier if run.has_failed),
        )
        cases.append(Case(past, series[index].seconds))
    return cases


def draw_cases(trace: Sequence[Series], count: int, seed: int) -> Sequence[Case]:
    """So many of all cases of a trace, or all where there are fewer."""
    return draw([case for series in trace for case in cases_of(series)], count, seed)


def draw(items: Sequence[T], count: int, seed: int) -> Sequence[T]:
    """So many of the items, in their order, or all where there are fewer."""
    if len(items) <= count:
        return items
    return [items[index] for index in sorted(random.Random(seed).sample(range(len(items)), count))]
