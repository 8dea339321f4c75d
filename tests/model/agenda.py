"""Time, chance, and what is to happen when. A trace is one agenda; the same seed gives the same trace."""

from collections.abc import Callable
from heapq import heappop, heappush
from random import Random

from tests.model.story import Story

BEGINS_AT = 1_795_262_400.0
"""2026-11-21T12:00:00Z"""


class Agenda:
    """Deeds by their time, those of one moment in the order in which they were put down. Seconds since the epoch."""

    def __init__(self, seed: int, *, is_told: bool = False) -> None:
        self.random = Random(seed)
        self.now = BEGINS_AT + self.random.randrange(86_400) + self.random.random()
        self.began_at = self.now
        self.story = Story(self.now, is_kept=is_told)
        self.steps = 0
        """Effects of functions, and deeds of everybody else."""
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._number = 0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def at(self, when: float, deed: Callable[[], object]) -> None:
        self._number += 1
        heappush(self._due, (when, self._number, deed))

    def after(self, seconds: float, deed: Callable[[], object]) -> None:
        self.at(self.now + seconds, deed)

    def run_until(self, end: Callable[[], float]) -> None:
        """What is done may put the end off. What took longer than planned delays what comes next."""
        while self._due and self._due[0][0] <= end():
            when, _, deed = heappop(self._due)
            if when > self.now:
                self.now = when
            self.steps += 1
            deed()

    def tell(self, who: str, what: str, *details: object) -> None:
        if self.story.is_kept:
            self.story.add(self.now, who, what % details)
