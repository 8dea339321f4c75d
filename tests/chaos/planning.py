"""Draws a plan from a seed."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from tests.chaos.fault_choices import (
    FUNCTIONS,
    FUNCTIONS_THAT_POLL,
    OUTAGES,
    at_a_start,
    aws_fault,
    aws_fault_of,
    draw,
    is_spared,
    locks_keys,
    provider_fault,
)
from tests.chaos.jobs import RUNS_OF_A_GENERATION, jobs_of
from tests.chaos.outage_choices import hour_without, outages
from tests.chaos.plan import (
    RUN_TIMEOUT_SECONDS,
    Abort,
    AwsFault,
    Kill,
    KillAtFault,
    Outage,
    Pace,
    Plan,
    PlannedJob,
    PlannedRun,
    ProviderFault,
    PurgeQueue,
    Redrive,
    StartBackfill,
    StartForeign,
    StartRun,
    Step,
    Sweep,
    Watch,
    Way,
    WorkQueue,
)

OPEN_RUNS = 30
FOREIGN_OF_A_LONG_JOB = 2
"""DataArts runs five instances of a job at a time; endless ones would keep the others from running at all."""
RUNS_BETWEEN_SWEEPS = 120
RUNS_BETWEEN_WATCHES = 40
RUNS_BETWEEN_BACKFILLS = 50
SETS = (2, 3)
STALE_READS: Mapping[str, float] = {"seconds": 1.5, "share": 0.3}
HOURS: Mapping[str, float] = {"naver": 0.3, "close_run": 0.45, "huawei": 0.6}
"""At which part of a play a provider or a function goes away for longer than an hour of the sandbox's."""
FEWEST_RUNS_FOR_AN_HOUR = 400
RUNS_ELSEWHERE = 120
"""Then runs start at the other provider: these would only wait."""
BRIEF_SECONDS = 6.0
FIRST_RUN_OF_BACKFILLS = 1_000_000
RUNS_BETWEEN_OUTAGES = 20
FIRST_OUTAGE_AFTER_RUNS = 8
RUNS_INSIDE_AN_OUTAGE = 4
PURGES: tuple[tuple[WorkQueue, float], ...] = (("poll", 0.5), ("close", 0.7))
"""At which part of the play a queue loses all that is on it."""


def make_plan(seed: int, runs: int, *, is_brief: bool = False) -> Plan:
    """A brief one aborts only runs that follow their execution: a search by `close_run` takes minutes of real time."""
    drawer = _Drawer(Random(seed), runs, is_brief=is_brief)
    steps = [step for number in range(runs) for step in (*drawer.steps_around(number), *_purges(number, runs))]
    jobs = tuple(job for generation in range((runs - 1) // RUNS_OF_A_GENERATION + 1) for job in jobs_of(generation))
    return Plan(seed, OPEN_RUNS, jobs, tuple(steps), tuple(drawer.aws_faults), STALE_READS)


def _purges(number: int, runs: int) -> Iterator[Step]:
    for queue, part in PURGES:
        if number == int(part * runs):
            yield PurgeQueue(queue)


class _Drawer:
    def __init__(self, random: Random, runs: int, *, is_brief: bool) -> None:
        self._random = random
        self._is_brief = is_brief
        self._hours: Mapping[int, str] = {
            int(part * runs): subject for subject, part in HOURS.items() if runs >= FEWEST_RUNS_FOR_AN_HOUR
        }
        self._away: str | None = None
        self._away_until = 0
        self._backfilled = 0
        self._prefix = f"{random.getrandbits(32):08x}"
        self._foreign = Counter[str]()
        self._outages = outages(random)
        self._inside: list[PlannedJob] = []
        """Jobs whose next runs are stopped while their provider is away."""
        self.aws_faults: list[dict[str, Any]] = [
            {"operation": "GetSecretValue", "fault": fault, "skip": random.randrange(60), "times": 2}
            for fault in ("http_500", "http_429", "reset_before", "slow")
        ]

    def steps_around(self, number: int) -> Iterator[Step]:
        random = self._random
        jobs = jobs_of(number // RUNS_OF_A_GENERATION)
        if number % RUNS_BETWEEN_OUTAGES == FIRST_OUTAGE_AFTER_RUNS:
            yield from self._outage(jobs)
        if subject := self._hours.get(number):
            yield from self._outage_of(hour_without(subject, random), jobs)
            self._away, self._away_until = subject, number + RUNS_ELSEWHERE
        inside = self._inside.pop() if self._inside else None
        away = self._away if number < self._away_until else None
        weights = [0.0 if job.cloud == away else job.weight for job in jobs]
        job = inside or random.choices(jobs, weights)[0]
        faults = list(self._faults_at_the_providers(job))
        yield from faults
        if random.random() < 0.05:
            yield from self._foreign_start(random.choice([job for job in jobs if job.weight]))
        if random.random() < 0.05:
            yield Kill(random.choice(FUNCTIONS), after_seconds=round(random.uniform(0, 1), 2))
        if random.random() < 0.15:
            yield AwsFault(aws_fault(random))
        run = self._run(number, job)
        run = self._stopped_soon(run) if inside else run
        if run.abort and self._is_brief:
            run = replace(run, abort=replace(run.abort, state="Follow"))
        yield StartRun(run)
        if job.is_marked and any(map(_is_at_start, faults)) and random.random() < 0.5:
            yield from self._foreign_start(job)
        if (number + 1) % RUNS_BETWEEN_SWEEPS == 0:
            yield Sweep()
        if number % RUNS_BETWEEN_WATCHES == 0:
            yield Watch()
        if number % RUNS_BETWEEN_BACKFILLS == 0:
            yield self._backfill(random.choice([job for job in jobs if not job.weight and job.cloud != away]))

    def _backfill(self, job: PlannedJob) -> StartBackfill:
        first = FIRST_RUN_OF_BACKFILLS + self._backfilled
        sets = self._random.randint(*SETS)
        self._backfilled += sets
        token = f"chaos-{self._prefix}-sets-{first}"
        runs = (
            PlannedRun(number, job.key, f"chaos-{self._prefix}-{number}", "backfill", label=token)
            for number in range(first, first + sets)
        )
        return StartBackfill(job.key, token, tuple(runs))

    def _outage(self, jobs: tuple[PlannedJob, ...]) -> Iterator[Step]:
        return self._outage_of(next(self._outages), jobs)

    def _outage_of(self, outage: Outage, jobs: tuple[PlannedJob, ...]) -> Iterator[Step]:
        yield replace(outage, seconds=min(outage.seconds, BRIEF_SECONDS)) if self._is_brief else outage
        if outage.kind == "provider":
            at_the_provider = [job for job in jobs if job.cloud == outage.subject and job.weight]
            self._inside = self._random.choices(at_the_provider, k=RUNS_INSIDE_AN_OUTAGE)

    def _faults_at_the_providers(self, job: PlannedJob) -> Iterator[Step]:
        random = self._random
        if random.random() < 0.35:
            operation, rule = provider_fault(random)
            if operation == "start" and is_spared(random, is_marked=job.is_marked):
                pass
            elif locks_keys(job.cloud, rule["fault"]):
                once = ProviderFault(job.cloud, operation, job.key, {**rule, "times": 1})
                yield KillAtFault(once, FUNCTIONS_THAT_POLL)
            else:
                yield ProviderFault(job.cloud, operation, job.key, rule)
        if random.random() < 0.04 and not is_spared(random, is_marked=job.is_marked):
            # The provider holds back its reply, or the start itself.
            held_back = {"fault": random.choice(("timeout_after", "timeout_after", "slow")), "seconds": 1.5}
            yield KillAtFault(ProviderFault(job.cloud, "start", job.key, held_back), ("trigger_execution",))
        if random.random() < 0.01:
            yield ProviderFault(job.cloud, "*", None, draw(random, OUTAGES))

    def _foreign_start(self, job: PlannedJob) -> Iterator[Step]:
        if job.pace == "long":
            if self._foreign[job.key] >= FOREIGN_OF_A_LONG_JOB:
                return
            self._foreign[job.key] += 1
        yield StartForeign(job.key, f"foreign-{self._random.getrandbits(48):012x}")

    def _run(self, number: int, job: PlannedJob) -> PlannedRun:
        random = self._random
        ways: tuple[Way, ...] = ("direct", "start_once", "http")
        way = random.choices(ways, (8, 1, 1))[0]
        token = f"chaos-{self._prefix}-{number:05d}"
        abort, timeout_seconds = self._end_of(job.pace)
        run = PlannedRun(
            number,
            job.key,
            token,
            way,
            has_secret=random.random() < 0.06,
            cancels_on_abort=random.random() > (0.08 if job.pace == "short" else 0.0),
            abort=abort,
            is_polled_twice=random.random() < 0.1,
            is_closed_twice=random.random() < 0.2,
            is_large=job.cloud == "naver" and random.random() < 0.06,  # DataArts takes no such parameter
            timeout_seconds=timeout_seconds or RUN_TIMEOUT_SECONDS,
        )
        if random.random() < 0.2:
            rule = aws_fault_of(random, token)
            if not at_a_start(rule) or not is_spared(random, is_marked=job.is_marked):
                self._order(rule, run)
        if abort and random.random() < 0.15:
            lost = {"operation": "SendMessage", "fault": "http_503", "match": token, "by": "name", "times": 1}
            self._order(lost, run)
        return run

    def _order(self, rule: dict[str, Any], run: PlannedRun) -> None:
        """The name of a run over HTTP is not known before it is accepted."""
        if run.way != "http" or rule["by"] != "name":
            self.aws_faults.append(rule)

    def _stopped_soon(self, run: PlannedRun) -> PlannedRun:
        random = self._random
        if random.random() < 0.4:
            return replace(run, abort=None, timeout_seconds=random.randint(6, 15))
        abort = Abort(round(random.uniform(0.5, 8), 2), state=random.choice((None, "Start", "Follow")))
        return replace(run, abort=abort)

    def _end_of(self, pace: Pace) -> tuple[Abort | None, int | None]:
        """How a run ends early, and how long it may take."""
        random = self._random
        if pace == "long" and random.random() < 0.25:
            return None, random.randint(4, 12)
        if pace != "long" and random.random() > 0.15:
            return None, None
        redrive = self._redrive(pace) if random.random() < 0.15 else None
        kind = random.random()
        if kind < 0.35:
            return Abort(round(random.uniform(0, 0.6), 2), "Start", redrive), None
        if kind < 0.5:
            state = "AwaitConsistency" if random.random() < 0.3 else None
            return Abort(round(random.uniform(0, 12), 2), state, redrive), None
        return Abort(round(random.expovariate(1 / 2.0), 2), None, redrive), None

    def _redrive(self, pace: Pace) -> Redrive:
        random = self._random
        aborted_after_seconds = round(random.uniform(1, 8), 2) if pace == "long" else None
        return Redrive(round(random.expovariate(1 / 2.0), 2), aborted_after_seconds)


def _is_at_start(step: Step) -> bool:
    """Its reply may be lost, so that a foreign execution of the same moment looks like the run's own."""
    fault = step.fault if isinstance(step, KillAtFault) else step
    return isinstance(fault, ProviderFault) and fault.operation == "start"
