"""Executions of `run_job`: Step Functions keeps this of them, and answers late."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from farsync.model.names import closing_name

RUN_JOB_ARN = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:farsync-run_job"
EMIT_EVENT_ARN = RUN_JOB_ARN.replace("run_job", "emit_event")
START_ONCE_ARN = RUN_JOB_ARN.replace("run_job", "start_once")
RUN_ARN, EMITTED_ARN, STARTED_ONCE_ARN = (
    arn.replace(":stateMachine:", ":execution:") + ":" for arn in (RUN_JOB_ARN, EMIT_EVENT_ARN, START_ONCE_ARN)
)
BAD_ENDS = ("FAILED", "ABORTED")


class Standing(NamedTuple):
    """Since when a run stood so."""

    since: float
    status: str
    redrive_count: int

    @property
    def has_ended_badly(self) -> bool:
        return self.status in BAD_ENDS


@dataclass
class WalkedRun:
    """`epoch` counts the states that it entered and left: what was begun for an earlier one is void."""

    label: str
    """Its name in the story, and the parameter of its executions."""
    name: str
    request: dict[str, Any]
    started_at: float
    state: str = ""
    given: Any = None
    variables: dict[str, Any] = field(default_factory=dict)
    epoch: int = 0
    retries: dict[int, int] = field(default_factory=dict)
    token: str = ""
    last_heartbeat: float = 0.0
    error: str = ""
    cause: str = ""
    standings: list[Standing] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    @property
    def status(self) -> str:
        return self.standings[-1].status

    @property
    def is_open(self) -> bool:
        return self.status == "RUNNING"

    @property
    def redrive_count(self) -> int:
        return self.standings[-1].redrive_count

    @property
    def deadline_at(self) -> float:
        return self.started_at + float(self.request["timeoutSeconds"])

    @property
    def execution_id(self) -> str | None:
        execution_id: str | None = self.variables.get("run", {}).get("executionId")
        return execution_id

    @property
    def is_attached(self) -> bool:
        return bool(self.variables.get("run", {}).get("isAttached"))

    @property
    def is_final(self) -> bool:
        """Whether the poller has ended it, and emitted how."""
        return self.status == "SUCCEEDED" or (self.status == "FAILED" and '"final":true' in self.cause)

    @property
    def closing_name(self) -> str:
        return closing_name(self.name, self.redrive_count)

    def ends(self, redrive_count: int) -> list[float]:
        """When it ended badly after so many redrives."""
        return [at.since for at in self.standings if at.has_ended_badly and at.redrive_count == redrive_count]

    def redriven_after(self, redrive_count: int) -> float:
        """When it stood in a later redrive first; infinity where it never did."""
        return min((at.since for at in self.standings if at.redrive_count > redrive_count), default=float("inf"))

    def was_closed_within(self, begin: float, end: float) -> bool:
        """Whether it stood as ended badly at some time between."""
        ends = [*(standing.since for standing in self.standings[1:]), float("inf")]
        return any(
            standing.has_ended_badly and standing.since <= end and until >= begin
            for standing, until in zip(self.standings, ends, strict=True)
        )

    def stood(self, at: float) -> Standing | None:
        """None where it had not begun."""
        number = bisect_right(self.standings, at, key=lambda standing: standing.since)
        return self.standings[number - 1] if number else None

    def note(self, at: float, kind: str, **details: object) -> None:
        member = f"{kind[0].lower()}{kind[1:]}EventDetails"
        if kind.endswith("StateEntered"):
            member = "stateEnteredEventDetails"
        self.events.append({"id": len(self.events) + 1, "timestamp": at, "type": kind, member: details})
        self.times.append(at)

    def described(self, at: float) -> dict[str, Any] | None:
        """As it was at that time; without its input."""
        standing = self.stood(at)
        if standing is None:
            return None
        shown = {
            "executionArn": RUN_ARN + self.name,
            "name": self.name,
            "status": standing.status,
            "startDate": self.started_at,
            "redriveCount": standing.redrive_count,
        }
        return shown if standing.status == "RUNNING" else {**shown, "stopDate": standing.since}

    def newest_events(self, at: float, begin: int, most: int) -> tuple[list[dict[str, Any]], bool]:
        """A page of those written until then, the newest first, and whether there are more."""
        end = bisect_right(self.times, at) - begin
        first = max(0, end - most)
        return self.events[first:end][::-1], first > 0
