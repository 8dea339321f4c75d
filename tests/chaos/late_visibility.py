"""The second table: starts whose replies are lost, and which the provider's list shows later than the window."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from tests.chaos.dump_reading import read_evidence
from tests.chaos.evidence import Evidence, Run
from tests.chaos.judging import Finding, Judge
from tests.chaos.plan import (
    Cloud,
    Plan,
    PlannedJob,
    PlannedRun,
    ProviderFault,
    StartForeign,
    StartRun,
    Step,
)

CONNECTIONS: tuple[tuple[str, Cloud], ...] = (("naver", "naver"), ("huawei", "huawei"))
"""Where no marker proves anything."""
JOBS_OF_EACH = 6
OPEN_RUNS = 4
HIDDEN_SECONDS = 7.0, 8.5
"""Real time. The first search comes five seconds after the start: it sees nothing, or is late and sees the execution.
The second, after another unconfirmed start, is ten seconds from the first start at least, and sees it.
"""
WRONG = ("wrong attachments", "foreign executions cancelled")
TWICE = "started twice, and reported as one"
STORIES_TOLD = 5


def make_late_plan(seed: int, runs: int) -> Plan:
    random = Random(seed)
    jobs = tuple(
        PlannedJob(f"{connection}-{number}", cloud, connection, "short", 10, 1)
        for number in range(JOBS_OF_EACH)
        for connection, cloud in CONNECTIONS
    )
    planned = [
        PlannedRun(
            number,
            jobs[number % len(jobs)].key,
            f"late-{random.getrandbits(32):08x}-{number:05d}",
            "direct",
        )
        for number in range(runs)
    ]
    steps = tuple(step for run in planned for step in _steps(random, run, jobs[run.number % len(jobs)]))
    return Plan(seed, OPEN_RUNS, jobs, steps, tuple(_lost_reply(random, run) for run in planned))


def _steps(random: Random, run: PlannedRun, job: PlannedJob) -> Iterator[Step]:
    hidden_seconds = round(random.uniform(*HIDDEN_SECONDS), 2)
    late = {"fault": "late_visibility", "seconds": hidden_seconds, "times": 6}
    yield ProviderFault(job.cloud, "start", job.key, late)
    yield StartRun(run)
    if random.random() < 0.25:
        yield StartForeign(job.key, f"foreign-{random.getrandbits(48):012x}")


def _lost_reply(random: Random, run: PlannedRun) -> dict[str, Any]:
    fault = random.choice(("crash", "timeout_after"))
    return {
        "operation": "Invoke",
        "function": "farsync-trigger_execution",
        "fault": fault,
        "match": run.token,
        "times": 3,
    }


def judge_late(folder: Path) -> int:
    """Prints the table; 1 where a run took another's execution, or reported one while it had begun two."""
    evidence = read_evidence(folder)
    judge = Judge(evidence)
    ambiguous = [run for run in evidence.runs if judge.is_ambiguous(run)]
    single = [run for run in evidence.runs if run not in ambiguous and len(judge.own(run)) == 1]
    wrong = [finding for finding in judge.findings() if finding.row in WRONG]
    twice = [finding for finding in _twice(evidence, judge) if finding.run not in ambiguous]
    print(f"late visibility, beyond the consistency window: seed {evidence.seed}, {evidence.elapsed_seconds:.0f} s")
    for title, number in (
        ("runs", len(evidence.runs)),
        ("ended AmbiguousStart", len(ambiguous)),
        ("went on with their only one", len(single)),
        (TWICE, len(twice)),
        ("wrong attachments", len(wrong)),
    ):
        print(f"{title:<36}{number:>7}")
    for finding in (*wrong[:STORIES_TOLD], *twice[:STORIES_TOLD]):
        print(f"[{finding.row}] {finding.run.token if finding.run else ''} {finding.text}")
    return 1 if wrong or twice else 0


def _twice(evidence: Evidence, judge: Judge) -> Iterator[Finding]:
    for run in evidence.runs:
        own = judge.own(run)
        if len(own) > 1:
            yield Finding(TWICE, run, _how_it_ended(run, judge))


def _how_it_ended(run: Run, judge: Judge) -> str:
    ended = judge.ended(run)
    return f"{ended.status}: {' > '.join(ended.walk)}" if ended else "no such run"
