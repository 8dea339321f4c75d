"""What is done to the sandbox, step by step: the same seed gives the same steps."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Cloud = Literal["naver", "huawei"]
Way = Literal["direct", "start_once", "http"]
Pace = Literal["short", "long", "failing"]

SPEED = 20
"""How much shorter the sandbox's waits are; deadlines and the functions' own time-outs are not."""
SETTLE_SECONDS = 200
"""Longer than any start takes here, once it is divided by SPEED: on AWS, 35 seconds are."""
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
class Abort:
    """StopExecution, `after_seconds` of real time after the run was started, or after it reached `state`."""

    after_seconds: float
    state: str | None = None


@dataclass(frozen=True)
class PlannedRun:
    """`token` is found in the run's labels, and in the value of its only parameter, which no other run has."""

    number: int
    job: str
    token: str
    way: Way
    has_secret: bool = False
    timeout_seconds: int = RUN_TIMEOUT_SECONDS
    settle_seconds: int = SETTLE_SECONDS
    cancels_on_abort: bool = True
    abort: Abort | None = None

    @property
    def value(self) -> str:
        """What the vendor gets as the run's parameter."""
        return f"hush-{self.token[::-1]}" if self.has_secret else self.token


@dataclass(frozen=True)
class StartRun:
    run: PlannedRun


@dataclass(frozen=True)
class VendorFault:
    """`rule` is one of the vendor's stand-in, but for `operation`, which stands here in farsync's words."""

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
    """SIGKILL for every process of some functions, as soon as a fault at their vendor was taken."""

    fault: VendorFault
    functions: tuple[str, ...]


@dataclass(frozen=True)
class StartForeign:
    """Somebody else starts the same job, directly at the vendor."""

    job: str
    token: str


@dataclass(frozen=True)
class Sweep:
    pass


Step = StartRun | VendorFault | Kill | KillAtFault | StartForeign | Sweep


@dataclass(frozen=True)
class Plan:
    seed: int
    window: int
    """How many runs are open at a time, at most."""
    jobs: tuple[PlannedJob, ...]
    steps: tuple[Step, ...]
    aws_faults: tuple[Mapping[str, Any], ...]
    """Ordered before the first step: each waits for a run by its token, or, for StartExecution, by its name."""

    @property
    def runs(self) -> tuple[PlannedRun, ...]:
        return tuple(step.run for step in self.steps if isinstance(step, StartRun))

    def job(self, key: str) -> PlannedJob:
        return next(job for job in self.jobs if job.key == key)


def as_json(step: Step) -> dict[str, Any]:
    return {"step": type(step).__name__, **asdict(step)}
