"""Mutants and what became of them."""

import re
from typing import NamedTuple

LINE = re.compile(r"^ *(?P<key>farsync\.(?P<module>\S+?)\.x[_ǁ](?P<function>\S+)__mutmut_\d+): (?P<verdict>.+)$")
NOTICED = frozenset({"killed", "timeout"})
"""A mutant that never ends is noticed; one that no test reaches, or that ends oddly, is not."""
LEAST_SHARE = 0.9


class Mutant(NamedTuple):
    """One changed place of the code."""

    key: str
    """mutmut's name of it."""
    module: str
    """Path under the package, without suffix."""
    function: str
    verdict: str

    @property
    def is_killed(self) -> bool:
        return self.verdict in NOTICED


class Survivor(NamedTuple):
    """A mutant that no test noticed."""

    mutant: Mutant
    change: str
    """The lines that differ, each with a minus or a plus before it."""


class Score(NamedTuple):
    """How well a module's tests did."""

    mutants: int
    killed: int

    @property
    def survived(self) -> int:
        return self.mutants - self.killed

    @property
    def share(self) -> float:
        return self.killed / self.mutants if self.mutants else 0.0

    @property
    def is_enough(self) -> bool:
        """A module without mutants was not judged."""
        return self.share >= LEAST_SHARE


def read_mutants(results: str) -> list[Mutant]:
    """From what `mutmut results --all true` prints."""
    found = filter(None, map(LINE.match, results.splitlines()))
    return [
        Mutant(
            key=match["key"],
            module=match["module"].replace(".", "/"),
            function=match["function"].replace("ǁ", "."),
            verdict=match["verdict"],
        )
        for match in found
    ]


def score(mutants: list[Mutant], module: str) -> Score:
    own = [mutant for mutant in mutants if mutant.module == module]
    return Score(len(own), sum(mutant.is_killed for mutant in own))
