"""The jobs and runs that chaos plays with, and by how much its clock is faster."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

Cloud = Literal["naver", "huawei"]
Way = Literal["direct", "start_once", "http", "backfill"]
Pace = Literal["short", "long", "failing"]

SPEED = 20
"""How much shorter the sandbox's waits are; deadlines, windows and the functions' own time-outs are not."""
WINDOW_SECONDS = 60
"""The consistency window is the default one. A run waits for it at the sandbox's speed, `close_run` in real time."""
GRACE_SECONDS = 15
"""How long an end is waited for past a deadline, in real time."""
RUN_TIMEOUT_SECONDS = 3600
ENDLESS_SECONDS = 86_000.0
RUNS_OF_A_GENERATION = 400
"""Then there are new jobs of the same kinds: who searches for an unconfirmed start reads the other runs of its job. One
stack watches no more than 100 jobs.
"""


@dataclass
class Job:
    """A job that many runs share. `long` ones end only when they are stopped."""

    key: str
    cloud: Cloud
    connection: str
    pace: Pace
    run_seconds: float
    """Before SPEED divides it."""
    weight: float
    """Its share of the runs: of busy jobs some are open at a time, of quiet ones seldom two. Those without a weight are
    run by backfills alone.
    """
    provider_id: str = ""
    """The provider's own name of it, once it is made."""

    @property
    def is_marked(self) -> bool:
        """Whether each of its executions shows whose it is."""
        return self.connection == "naver-marked"


@dataclass(frozen=True)
class Abort:
    """StopExecution, `after_seconds` of real time after the run was started, or after it reached `state`. Then, where
    there is a number, RedriveExecution so many seconds later, and another abort after that.
    """

    after_seconds: float
    state: str | None = None
    redriven_after: float | None = None
    aborted_again_after: float | None = None


@dataclass
class Run:
    """`token` is found in the run's labels, and in the value of its only parameter, which no other run has."""

    token: str
    job: Job
    way: Way = "direct"
    has_secret: bool = False
    timeout_seconds: int = RUN_TIMEOUT_SECONDS
    cancels_on_abort: bool = True
    abort: Abort | None = None
    is_polled_twice: bool = False
    """The message by which it is polled is on the queue twice."""
    is_closed_twice: bool = False
    """The message that says that it was aborted comes more than once."""
    is_large: bool = False
    """Its request is nearly as large as one may be."""
    label: str = ""
    """Its label, where that is not its token: the sets of a backfill share one."""
    name: str | None = None
    """Its execution's; from here on it says what was done to it."""
    started_at: str = ""
    aborted_at: str | None = None
    redrives: int = 0

    @property
    def value(self) -> str:
        """The provider gets it as the run's parameter."""
        return f"hush-{self.token[::-1]}" if self.has_secret else self.token

    @property
    def is_healthy(self) -> bool:
        """Nobody stopped it, so that it ends as its job does."""
        return self.aborted_at is None and not self.has_deadline

    @property
    def may_be_cancelled(self) -> bool:
        return self.cancels_on_abort and not self.is_healthy

    @property
    def has_deadline(self) -> bool:
        """Whether it is made to pass its deadline; the others have an hour."""
        return self.timeout_seconds < 600


class Record:
    """Every deed and its time, ISO 8601 by this machine's clock."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        """In the order in which they began."""
        self.deeds: list[dict[str, Any]] = []

    def note(self, deed: str, **details: object) -> None:
        self.deeds.append({"at": now(), "deed": deed, **details})


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def make_jobs(generation: int) -> tuple[Job, ...]:
    kinds: tuple[tuple[str, Cloud, str, Pace, float, float], ...] = (
        ("naver-busy", "naver", "naver", "short", 20, 1.2),
        ("naver-next", "naver", "naver", "short", 20, 0.8),
        ("naver-quiet", "naver", "naver", "short", 10, 0.4),
        ("naver-third", "naver", "naver", "short", 10, 0.4),
        ("naver-long", "naver", "naver", "long", ENDLESS_SECONDS, 1),
        ("naver-failing", "naver", "naver", "failing", 5, 0.7),
        ("marked-busy", "naver", "naver-marked", "short", 10, 3),
        ("marked-long", "naver", "naver-marked", "long", ENDLESS_SECONDS, 1),
        ("huawei-busy", "huawei", "huawei", "short", 10, 1.2),
        ("huawei-next", "huawei", "huawei", "short", 20, 0.8),
        ("huawei-quiet", "huawei", "huawei", "short", 10, 0.6),
        ("huawei-third", "huawei", "huawei", "short", 1, 0.6),
        ("huawei-fourth", "huawei", "huawei", "short", 10, 0.6),
        ("huawei-fifth", "huawei", "huawei", "short", 5, 0.6),
        ("huawei-long", "huawei", "huawei", "long", ENDLESS_SECONDS, 1.5),
        ("huawei-failing", "huawei", "huawei", "failing", 5, 0.7),
        ("naver-sets", "naver", "naver", "short", 5, 0),
        ("huawei-sets", "huawei", "huawei", "short", 5, 0),
    )
    return tuple(Job(f"{key}-{generation}", *kind) for key, *kind in kinds)  # type: ignore[arg-type]
