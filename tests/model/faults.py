"""What goes wrong in a trace: some of it at a place, which is the n-th time that a function touches something; some of
it for a while.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.model.agenda import Agenda

Place = tuple[str, str]
"""A function and an action of it; `run_job` and a state that is entered; `clock` and nothing."""
HELD_UP = frozenset({"held up before", "held up after"})
NOT_AT_EFFECTS = frozenset({"deed"})


class Fault(NamedTuple):
    """At the `nth` time there. `seconds` is how long it takes. A deed is done `seconds` later, or at once."""

    place: Place
    nth: int
    kind: str
    seconds: float = 0.0
    deed: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = " ".join(self.deed) if self.deed else self.kind
        return f"{what} ({self.seconds:.0f} s) at {' '.join(self.place)}, time {self.nth}"


@dataclass
class Conditions:
    """Until when something is so, in seconds since the epoch."""

    provider_away: float = 0.0
    provider_throttles: float = 0.0
    cancel_rejected: float = 0.0
    lambda_away: float = 0.0
    aws_throttles: float = 0.0
    queues_reject: float = 0.0
    mappings_paused: float = 0.0
    reads_stale: float = 0.0
    status_events_lost: float = 0.0
    status_events_late: float = 0.0
    status_events_doubled: float = 0.0

    def latest(self) -> float:
        return max(float(until) for until in vars(self).values())


@dataclass
class Faults:
    """Those of one trace. `do` does deeds, by their words."""

    agenda: Agenda
    planned: Iterable[Fault]
    do: Callable[[tuple[str, ...], float], None]
    conditions: Conditions = field(default_factory=Conditions)
    injected: Counter[str] = field(default_factory=Counter)
    _waiting: dict[Place, list[Fault]] = field(default_factory=dict)
    _visits: Counter[Place] = field(default_factory=Counter)
    _held_up: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for fault in self.planned:
            if fault.place[0] == "clock":
                self.agenda.after(fault.seconds, lambda fault=fault: self._begin(fault))  # type: ignore[misc]
            else:
                self._waiting.setdefault(fault.place, []).append(fault)
            if fault.kind in HELD_UP:
                self._held_up.add(fault.place[0])

    def may_hold_up(self, *functions: str) -> bool:
        return not self._held_up.isdisjoint(functions)

    def at(self, who: str, action: str) -> Fault | None:
        """What befalls this effect; deeds that are to be done here are done, or put down for later."""
        waiting = self._waiting.get((who, action))
        if waiting is None:
            return None
        self._visits[who, action] += 1
        befalls: Fault | None = None
        for fault in waiting:
            if fault.nth != self._visits[who, action]:
                continue
            if fault.kind not in NOT_AT_EFFECTS:
                self.injected[fault.kind] += 1
                self.agenda.tell("(fault)", "%s: %s of %s", fault.kind, action, who)
                befalls = fault
            elif fault.seconds:
                self.agenda.after(fault.seconds, lambda fault=fault: self._begin(fault))  # type: ignore[misc]
            else:
                self._begin(fault)
        return befalls

    def _begin(self, fault: Fault) -> None:
        self.injected[fault.deed[0]] += 1
        self.do(fault.deed, self.agenda.now)
