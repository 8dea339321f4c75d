"""The runs that live through the outage, at each provider, and how each must end."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.chaos.evidence import OUTCOMES
from tests.support.emulators import Emulator
from tests.support.sandbox import Sandbox

SPEED = 200
"""The sandbox's waits pass so much faster, and so does the outage. Deadlines and function time-outs do not."""
ENDLESS_SECONDS = 86_000.0
"""Longer than any outage; shorter than a provider lets a job run."""
LONG_TIMEOUT_SECONDS = 3600.0
"""Of real time, as deadlines are: nothing here lasts so long."""
START_SECONDS = 5.0
"""Real ones, which a start takes on a busy machine."""
POLL_COST_SECONDS = 60
"""Waits are SPEED times shorter, but the time since a start is not: cheap polls would be all that goes on."""


@dataclass(frozen=True)
class Plan:
    """Moments are shares of the outage, from its begin."""

    title: str
    events: tuple[str, ...]
    """Their types, in any order, without `io.farsync.`"""
    outcome: str | None = "canceled"
    """Of its execution; None where none may have begun."""
    started_at: float | None = None
    """None: before the outage."""
    ends_at: float | None = None
    """When the execution of a run that began before ends by itself; None: never. Of one that starts inside: at once."""
    aborted_at: float | None = None
    deadline_at: float | None = None


PLANS = (
    Plan("aborted", ("execution.canceled",), aborted_at=1 / 6),
    Plan("past its deadline", ("run.unobservable", "execution.timed_out"), deadline_at=2 / 6),
    Plan("ends unseen", ("execution.succeeded",), "succeeded", ends_at=3 / 6),
    Plan("started inside", ("execution.succeeded",), "succeeded", started_at=2.5 / 6),
    Plan("started and aborted inside", ("run.failed",), None, started_at=3.5 / 6, aborted_at=4 / 6),
)


class Run:
    """One plan at one provider."""

    def __init__(self, sandbox: Sandbox, emulator: Emulator, plan: Plan, outage_seconds: float) -> None:
        self.emulator, self.plan = emulator, plan
        self.title = f"run '{plan.title}'"
        self.seconds = outage_seconds
        run_seconds = ENDLESS_SECONDS if plan.ends_at is None else plan.ends_at * outage_seconds
        self.job = emulator.make_job(run_seconds=run_seconds if plan.started_at is None else 1)
        self.arn = ""
        self.events: list[str] = []
        self.seen: dict[str, str] = {}
        self._sandbox = sandbox

    def start(self) -> None:
        deadline_at = self.plan.deadline_at
        is_long = deadline_at is None
        timeout = LONG_TIMEOUT_SECONDS if is_long else START_SECONDS + (deadline_at or 0) * self.seconds / SPEED
        request = {
            "connection": self.emulator.connection,
            "job": self.job,
            "timeoutSeconds": round(timeout),
            "pollCostSeconds": POLL_COST_SECONDS,
        }
        self.arn = self._sandbox.start("run_job", request)

    def abort(self) -> None:
        self._sandbox.step_functions.stop_execution(executionArn=self.arn, error="Operator", cause="no longer wanted")

    def is_followed(self) -> bool:
        newest = self._sandbox.step_functions.get_execution_history(executionArn=self.arn, reverseOrder=True)
        return any(event["type"] == "TaskSubmitted" for event in newest["events"])

    @property
    def words(self) -> list[str]:
        """The provider's own of its executions."""
        return [execution.status for execution in self.emulator.truly_started(self.job)]

    def wrongs(self) -> Iterator[str]:
        outcomes = [OUTCOMES.get(word, word) for word in self.words]
        wanted = [self.plan.outcome] if self.plan.outcome else []
        if outcomes != wanted:
            yield f"{self.emulator.connection}: {self.title}: executions {outcomes}, should be {wanted}"
        if Counter(self.events) != Counter(self.plan.events):
            yield f"{self.emulator.connection}: {self.title}: events {self.events}, should be {list(self.plan.events)}"
