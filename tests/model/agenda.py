"""Time, chance, and what is to happen when. A trace is one agenda; the same seed gives the same trace."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import groupby
from random import Random

BEGINS_AT = 1_795_262_400.0
"""2026-11-21T12:00:00Z"""


class Agenda:
    """Deeds by their time, those of one moment in the order in which they were put down. Seconds since the epoch.

    The story is kept only where somebody will read it: a trace that fails is played once more for it.
    """

    def __init__(self, seed: int, *, is_logged: bool = False) -> None:
        self.random = Random(seed)
        self.now = BEGINS_AT + self.random.randrange(86_400) + self.random.random()
        self.began_at = self.now
        self.steps = 0
        """Effects of functions, and deeds of everybody else."""
        self._is_logged = is_logged
        self._lines: list[tuple[float, str, str]] = []
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
        """A deed may put the end off. Whatever took longer than planned delays the next."""
        while self._due and self._due[0][0] <= end():
            when, _, deed = heappop(self._due)
            self.now = max(self.now, when)
            self.steps += 1
            deed()

    def log(self, who: str, line: str, *details: object) -> None:
        if self._is_logged:
            self._lines.append((self.now, who, line % details))

    @property
    def story(self) -> str:
        """When, who, what; hours go on where a trace lasts for more than a day."""
        lines = []
        for (who, line), repeats in groupby(self._lines, key=lambda logged: logged[1:]):
            (at, *_), *more = repeats
            seconds = at - self.began_at
            clock = f"{int(seconds // 3600)}:{int(seconds % 3600 // 60):02}:{seconds % 60:06.3f}"
            lines.append(f"{clock:>13}  {who:24} {line}")
            if more:
                lines.append(f"{'':>13}  {'':24} ... and so {len(more)} times more")
        return "\n".join(lines)
