"""The faults of a trace: some at a place, which is the n-th time of a function's action; some for a while."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from tests.model.agenda import Agenda

Place = tuple[str, str]
"""A function and an action of it; `run_job` and a state that is entered; `clock` and nothing."""


class Fault(NamedTuple):
    """At the `nth` time there. `seconds` is how long it takes. A deed is done `seconds` later, or at once."""

    place: Place
    nth: int
    kind: str
    seconds: float = 0.0
    deed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{' '.join(self.deed) or self.kind} ({self.seconds:.0f} s) at {' '.join(self.place)}, time {self.nth}"


class Conditions(dict[str, float]):
    """Until when something is so, in seconds since the epoch: `provider away`, `reads stale`."""

    def __missing__(self, _: str) -> float:
        return 0.0

    def latest(self) -> float:
        return max(self.values(), default=0)


class Faults:
    """Those of one trace. `do` does deeds, by their words."""

    def __init__(self, agenda: Agenda, planned: Iterable[Fault], do: Callable[[tuple[str, ...]], None]) -> None:
        self.conditions = Conditions()
        self.injected = Counter[str]()
        self._agenda, self._do = agenda, do
        self._waiting = defaultdict[Place, list[Fault]](list)
        self._visits = Counter[Place]()
        self._held_up = {fault.place[0] for fault in planned if fault.kind.startswith("held up")}
        for fault in planned:
            if fault.place[0] == "clock":
                agenda.after(fault.seconds, partial(self._begin, fault))
            else:
                self._waiting[fault.place].append(fault)

    def may_hold_up(self, *functions: str) -> bool:
        return not self._held_up.isdisjoint(functions)

    def at(self, function: str, action: str) -> Fault | None:
        """The fault of this effect. Deeds that are planned for it are done, or put down for later."""
        place = function, action
        if place not in self._waiting:
            return None
        self._visits[place] += 1
        found: Fault | None = None
        for fault in self._waiting[place]:
            if fault.nth != self._visits[place]:
                continue
            if not fault.deed:
                self.injected[fault.kind] += 1
                self._agenda.log("(fault)", "%s: %s of %s", fault.kind, action, function)
                found = fault
            elif fault.seconds:
                self._agenda.after(fault.seconds, partial(self._begin, fault))
            else:
                self._begin(fault)
        return found

    def _begin(self, fault: Fault) -> None:
        self.injected[fault.deed[0]] += 1
        self._do(fault.deed)
