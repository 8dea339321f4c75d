"""Both providers are away for hours, while runs are aborted, pass their deadline, end unseen and start: it ends with
nothing running and with every event emitted.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.chaos.checks import Checks
from tests.chaos.driving import Driver
from tests.chaos.evidence import Evidence
from tests.chaos.outages import PROVIDERS, Outage
from tests.chaos.playing import play
from tests.chaos.runs import ENDLESS_SECONDS, RUN_TIMEOUT_SECONDS, Abort, Cloud, Job, Run
from tests.chaos.sandbox import ChaosSandbox

SPEED = 200
"""The sandbox's waits pass so much faster, and so does the outage. Deadlines and function time-outs do not."""
GRACE_SECONDS = 3
"""Real ones: ten minutes here."""
START_SECONDS = 5.0
"""Real ones, which a start takes on a busy machine."""
FAULTS = {"naver": "http_503", "huawei": "reset_before"}


@dataclass(frozen=True)
class Plan:
    """Moments are shares of the outage, from its begin."""

    title: str
    events: tuple[str, ...]
    """Their types in any order, without `io.farsync.`"""
    started_at: float | None = None
    """None: before the outage."""
    ends_at: float | None = None
    """When the execution of a run that began before ends by itself; None: never."""
    aborted_at: float | None = None
    deadline_at: float | None = None

    def make_run(self, cloud: Cloud, seconds: float) -> Run:
        lasts = 1.0 if self.started_at else ENDLESS_SECONDS if self.ends_at is None else self.ends_at * seconds * SPEED
        token = f"{cloud}-{self.title.replace(' ', '-')}"
        job = Job(token, cloud, cloud, "long" if lasts == ENDLESS_SECONDS else "short", lasts, 1)
        timeout = RUN_TIMEOUT_SECONDS if self.deadline_at is None else START_SECONDS + self.deadline_at * seconds
        return Run(token, job, timeout_seconds=round(timeout))


PLANS = (
    Plan("aborted", ("execution.canceled",), aborted_at=1 / 6),
    Plan("ends unseen", ("execution.succeeded",), ends_at=3 / 6),
    Plan("past its deadline", ("run.unobservable", "execution.timed_out"), deadline_at=2 / 6),
    Plan("started inside", ("execution.succeeded",), started_at=2.5 / 6),
    Plan("started and aborted inside", ("run.failed",), started_at=3.5 / 6, aborted_at=4 / 6),
)
Pairs = list[tuple[Plan, Run]]


def play_outage(hours: float, log: Callable[[str], None]) -> list[str]:
    """In a sandbox of its own. What is wrong in the end, a sentence each."""
    seconds = hours * 3600 / SPEED
    pairs = [(plan, plan.make_run(cloud, seconds)) for plan in PLANS for cloud in PROVIDERS]
    sandbox = ChaosSandbox([run.job for _, run in pairs], speed=SPEED, grace_seconds=GRACE_SECONDS)
    with tempfile.TemporaryDirectory(prefix="farsync-outage-") as folder:
        play(sandbox, len(pairs), lambda driver: _carry_out(driver, pairs, seconds, log), Path(folder), log)
        return list(_find_wrongs(Path(folder), pairs, log))


def _carry_out(driver: Driver, pairs: Pairs, seconds: float, log: Callable[[str], None]) -> None:
    for has_deadline in (False, True):  # the nearest deadlines come last
        before = [run for plan, run in pairs if not plan.started_at and run.has_deadline is has_deadline]
        for run in before:
            driver.start(run)
        for run in before:
            driver.await_following(run)
    begun_at = time.monotonic()
    for cloud in PROVIDERS:
        driver.begin_outage(Outage("provider", cloud, seconds, ({"operation": "*", "fault": FAULTS[cloud]},)))
    for share, line, deed in sorted(_deeds(driver, pairs), key=lambda deed: deed[0]):
        time.sleep(max(0.0, begun_at + share * seconds - time.monotonic()))
        minutes = int((time.monotonic() - begun_at) * SPEED / 60)
        log(f" {minutes // 60:02}:{minutes % 60:02}  {line}")
        deed()


def _deeds(driver: Driver, pairs: Pairs) -> Iterator[tuple[float, str, Callable[[], None]]]:
    for cloud in PROVIDERS:
        yield 0.0, f"{cloud} is away from now on: {FAULTS[cloud]}", lambda: None
        yield 1.0, f"{cloud} is back", lambda: None
    for plan, run in pairs:
        if plan.started_at is not None:
            yield plan.started_at, f"{run.token} starts", partial(driver.start, run)
        if plan.aborted_at is not None:
            yield plan.aborted_at, f"{run.token} is aborted", partial(driver.abort, run, Abort(0.0))
        if plan.deadline_at is not None:
            yield plan.deadline_at, f"{run.token} is about to pass its deadline", lambda: None


def _find_wrongs(folder: Path, pairs: Pairs, log: Callable[[str], None]) -> Iterator[str]:
    checks = Checks(Evidence(folder))
    yield from (f"{finding.row}: {finding.run and finding.run.token} {finding.text}" for finding in checks.findings())
    for plan, run in pairs:
        events = [event.type.removeprefix("io.farsync.") for event in checks.events(run)]
        walk, words = checks.walk(run), [execution.word for execution in checks.own(run)]
        log(f"{run.token}: {walk and walk.status}, executions {words or 'none'}, emitted {', '.join(events)}")
        if Counter(events) != Counter(plan.events):
            yield f"{run.token}: events {events}, should be {list(plan.events)}"
