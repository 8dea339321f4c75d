"""The provider: what truly runs there, whoever began it."""

from dataclasses import dataclass, field
from math import floor
from typing import Literal, NamedTuple

from tests.model.agenda import Agenda
from tests.model.calls import Call
from tests.model.faults import Conditions

SOMEBODY = "somebody"
ENDLESS = 1e10
Kind = Literal["plain", "echoes", "marks"]
"""What distinguishes executions: nothing but their times, the parameters that are repeated, or the runs' markers."""


class Cancel(NamedTuple):
    """`by` is None for a person."""

    at: float
    by: Call | None


@dataclass
class Attempt:
    """One course of an execution. `status` is the one that it comes to."""

    asked_at: float
    began_at: float
    ends_at: float
    status: str
    cancels: list[Cancel] = field(default_factory=list)

    def has_ended(self, now: float) -> bool:
        return now >= self.ends_at

    def has_begun(self, now: float) -> bool:
        """An execution that is cancelled in the provider's own queue never begins."""
        return self.began_at <= min(now, self.ends_at)


@dataclass
class TrueExecution:
    """`owner` is the run that began it, or somebody."""

    execution_id: str
    job: str
    owner: str
    parameters: dict[str, str]
    marker: str | None
    created_at: float
    shown_from: float
    attempts: list[Attempt]

    @property
    def last(self) -> Attempt:
        return self.attempts[-1]


class Post(NamedTuple):
    """A start that reached the provider. One that it acts on late has its execution later."""

    owner: str
    at: float
    by: Call


class Cloud:
    """One account. `ahead_seconds`: how far its clock is ahead of ours."""

    def __init__(self, agenda: Agenda, conditions: Conditions, kind: Kind, window_seconds: int) -> None:
        chance = agenda.random
        self.agenda, self.conditions, self.kind, self.window_seconds = agenda, conditions, kind, window_seconds
        self.ahead_seconds = chance.choice((0.0, 0.0, 1.7, -2.0, 200.0, -90_000.0))
        self.counts_attempts = chance.random() < 0.5
        self.cancels_within = chance.choice((0.0, 3.0, 40.0))
        self.executions: dict[str, TrueExecution] = {}
        self.posts: list[Post] = []
        self.rejected_cancels: list[str] = []
        self.acts_late_next = False
        self.mixes_up_next = False

    def seconds_of(self, at: float) -> float:
        """As the provider writes this moment of ours."""
        return floor(at + self.ahead_seconds)

    def find(self, execution_id: str) -> TrueExecution | None:
        """None where it is not, or is not shown yet."""
        known = self.executions.get(execution_id)
        return known if known and self.agenda.now >= known.shown_from else None

    def begin(self, job: str, owner: str, parameters: dict[str, str], marker: str | None, hidden: float) -> str:
        now, chance = self.agenda.now, self.agenda.random
        execution_id = f"execution-{len(self.executions) + 1}"
        takes = chance.choice((chance.uniform(1, 60), chance.uniform(60, 1500), ENDLESS, ENDLESS))
        began_at = now + chance.choice((0.0, 0.0, 20.0))
        attempt = Attempt(now, began_at, began_at + takes, chance.choice(("SUCCEEDED", "SUCCEEDED", "FAILED")))
        self.executions[execution_id] = TrueExecution(
            execution_id, job, owner, parameters, marker, now, now + hidden, [attempt]
        )
        line = "%s begins, of %s; shown after %.1f s, takes %.0f s"
        self.agenda.log("(provider)", line, execution_id, owner, hidden, takes)
        return execution_id

    def hidden_seconds(self, of_window: float) -> float:
        """How long the list lags: mostly not at all."""
        chance = self.agenda.random
        return 0.0 if chance.random() < 0.7 else chance.uniform(0, max(0.0, of_window - 1))

    def cancel(self, execution: TrueExecution, by: Call | None) -> None:
        now, attempt = self.agenda.now, execution.last
        attempt.cancels.append(Cancel(now, by))
        takes = self.agenda.random.uniform(0, self.cancels_within)
        who = by.function if by else "a person"
        self.agenda.log("(provider)", "%s is cancelled by %s", execution.execution_id, who)
        if now + takes < attempt.ends_at:
            attempt.ends_at, attempt.status = now + takes, "CANCELED"

    def rerun(self, execution: TrueExecution) -> None:
        """By a person, who sees that it has ended. It keeps its id."""
        now, chance = self.agenda.now, self.agenda.random
        takes = chance.choice((40.0, 2000.0, ENDLESS))
        began_at = now + chance.choice((0.0, 20.0))
        execution.attempts.append(Attempt(now, began_at, began_at + takes, "SUCCEEDED"))
        self.agenda.log("(person)", "reruns %s", execution.execution_id)
