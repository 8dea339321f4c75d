"""What is done to the sandbox, step by step: the same seed gives the same steps."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Cloud = Literal["naver", "huawei"]
Way = Literal["direct", "start_once", "http", "backfill"]
Pace = Literal["short", "long", "failing"]
WorkQueue = Literal["poll", "close"]
OutageKind = Literal["provider", "aws", "function", "mapping", "keys", "quotas"]

SPEED = 20
"""How much shorter the sandbox's waits are; deadlines, windows and the functions' own time-outs are not."""
WINDOW_SECONDS = 60
"""The consistency window is the default one. A run waits for it at the sandbox's speed, `close_run` in real time."""
HIDDEN_SHARE = 0.7
"""Of the window at the sandbox's speed, for which an execution may be missing in lists."""
GRACE_SECONDS = 15
"""How long an end is waited for past a deadline, in real time."""
RUN_TIMEOUT_SECONDS = 3600


@dataclass(frozen=True)
class PlannedJob:
    """A job that many runs share. `long` ones end only when they are stopped."""

    key: str
    cloud: Cloud
    connection: str
    pace: Pace
    run_seconds: float
    """Before SPEED divides it."""
    weight: float

    @property
    def is_marked(self) -> bool:
        """Whether each of its executions shows whose it is."""
        return self.connection == "naver-marked"


@dataclass(frozen=True)
class Redrive:
    """RedriveExecution, `after_seconds` after the abort; of an endless job another abort follows."""

    after_seconds: float
    aborted_after_seconds: float | None = None


@dataclass(frozen=True)
class Abort:
    """StopExecution, `after_seconds` of real time after the run was started, or after it reached `state`."""

    after_seconds: float
    state: str | None = None
    redrive: Redrive | None = None


@dataclass(frozen=True)
class PlannedRun:
    """`token` is found in the run's labels, and in the value of its only parameter, which no other run has."""

    number: int
    job: str
    token: str
    way: Way
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
    label: str | None = None
    """What its label says, where that is not its token: the sets of a backfill share one."""

    @property
    def value(self) -> str:
        """What the provider gets as the run's parameter."""
        return f"hush-{self.token[::-1]}" if self.has_secret else self.token


@dataclass(frozen=True)
class StartRun:
    run: PlannedRun


@dataclass(frozen=True)
class StartBackfill:
    """One backfill whose sets are these runs, which farsync names."""

    job: str
    token: str
    runs: tuple[PlannedRun, ...]


@dataclass(frozen=True)
class ProviderFault:
    """`rule` is one of the provider's stand-in, but for `operation`, which stands here in farsync's words."""

    cloud: Cloud
    operation: str
    job: str | None
    rule: Mapping[str, Any]


@dataclass(frozen=True)
class Kill:
    """SIGKILL for every process of a function, `after_seconds`."""

    function: str
    after_seconds: float = 0.0


@dataclass(frozen=True)
class KillAtFault:
    """SIGKILL for every process of some functions, as soon as a fault at their provider was taken."""

    fault: ProviderFault
    functions: tuple[str, ...]


@dataclass(frozen=True)
class StartForeign:
    """Somebody else starts the same job, directly at the provider."""

    job: str
    token: str


@dataclass(frozen=True)
class AwsFault:
    """A rule of the sandbox's AWS for whoever calls next; `runs` order theirs before the first step."""

    rule: Mapping[str, Any]


@dataclass(frozen=True)
class Outage:
    """`subject` is a cloud, a function, a connection, or says what the rules are about; `seconds` are real time. Of the
    kind `quotas` the one rule holds Step Functions' quotas by action.
    """

    kind: OutageKind
    subject: str
    seconds: float
    rules: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class PurgeQueue:
    """Every message is gone."""

    queue: WorkQueue


@dataclass(frozen=True)
class Sweep:
    pass


@dataclass(frozen=True)
class Watch:
    """The schedule that looks for ends which no run waits for."""


Step = (
    StartRun
    | StartBackfill
    | ProviderFault
    | Kill
    | KillAtFault
    | StartForeign
    | AwsFault
    | Outage
    | PurgeQueue
    | Sweep
    | Watch
)


@dataclass(frozen=True)
class Plan:
    seed: int
    window: int
    """How many runs are open at a time, at most."""
    jobs: tuple[PlannedJob, ...]
    steps: tuple[Step, ...]
    aws_faults: tuple[Mapping[str, Any], ...]
    """Ordered before the first step: each waits for a run by its token, or by its name where `by` says so."""
    stale_reads: Mapping[str, float] = field(default_factory=dict)
    """By how many `seconds` a `share` of the functions' reads of executions lags."""

    @property
    def runs(self) -> tuple[PlannedRun, ...]:
        """Those of backfills too."""
        return tuple(run for step in self.steps for run in _runs_of(step))

    @property
    def is_watched(self) -> bool:
        """Whether the ends of foreign executions are events too."""
        return any(isinstance(step, Watch) for step in self.steps)

    def job(self, key: str) -> PlannedJob:
        return next(job for job in self.jobs if job.key == key)


def _runs_of(step: Step) -> tuple[PlannedRun, ...]:
    match step:
        case StartRun(run):
            return (run,)
        case StartBackfill():
            return step.runs
    return ()


def as_json(step: Step) -> dict[str, Any]:
    return {"step": type(step).__name__, **asdict(step)}
