"""Two actions timed in turns, so that a slow moment of the machine hits both."""

import timeit
from collections.abc import Callable
from typing import NamedTuple

ROUNDS = 41


class Comparison(NamedTuple):
    """Seconds of a call of each."""

    ours: float
    theirs: float

    def holds(self, title: str, limit: float) -> bool:
        """Prints times, ratio and limit."""
        ratio = self.ours / self.theirs
        ours_us, theirs_us = 1e6 * self.ours, 1e6 * self.theirs
        print(f"{title}  ours={ours_us:.1f}us theirs={theirs_us:.1f}us ratio={ratio:.2f} limit={limit:.2f}")
        return ratio <= limit


def compare(ours: Callable[[], object], theirs: Callable[[], object], calls: int) -> Comparison:
    """The fastest of ROUNDS rounds of so many calls: it is the least disturbed by all else."""
    pairs = [(timeit.timeit(ours, number=calls), timeit.timeit(theirs, number=calls)) for _ in range(ROUNDS)]
    return Comparison(*(min(side) / calls for side in zip(*pairs, strict=True)))
