"""Starts whose replies are lost, and which the provider's list shows later than the consistency window."""

from collections.abc import Sequence
from random import Random

from tests.chaos.driving import Driver
from tests.chaos.runs import Cloud, Job, Run

LATE_RUNS = 24
LATE_OPEN_RUNS = 4
HIDDEN_SECONDS = 7.0, 8.5
"""Real time. The first search comes five seconds after the start: it sees nothing, or is late and sees the execution.
The second, after another unconfirmed start, is ten seconds from the first start at least, and sees it.
"""


def make_late_jobs() -> tuple[Job, ...]:
    """No marker proves anything there."""
    clouds: tuple[Cloud, ...] = ("naver", "huawei")
    return tuple(Job(f"{cloud}-{number}", cloud, cloud, "short", 10, 1) for number in range(6) for cloud in clouds)


def play_late_starts(driver: Driver, jobs: Sequence[Job], seed: int) -> None:
    random = Random(seed)
    for number in range(LATE_RUNS):
        job = jobs[number % len(jobs)]
        hidden_seconds = round(random.uniform(*HIDDEN_SECONDS), 2)
        late = {"fault": "late_visibility", "seconds": hidden_seconds, "times": 6}
        driver.add_provider_fault(job, "start", late)
        lost_reply = {"operation": "Invoke", "function": "farsync-trigger_execution", "by": "token", "times": 3}
        fault = random.choice(("crash", "timeout_after"))
        token = f"late-{random.getrandbits(32):08x}-{number:05d}"
        driver.start(Run(token, job, aws_faults=({**lost_reply, "fault": fault},)))
        if random.random() < 0.25:
            driver.start_foreign(job, f"foreign-{random.getrandbits(48):012x}")
