"""Draws what is done to the sandbox, step by step: the same seed gives the same steps."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from random import Random

from tests.chaos import faults
from tests.chaos.driving import Driver
from tests.chaos.outages import Outage, OutageDrawer
from tests.chaos.patient_sandbox import CLOSE_QUEUE, POLL_QUEUE
from tests.chaos.runs import RUN_TIMEOUT_SECONDS, RUNS_OF_A_GENERATION, Abort, Job, Pace, Run, Way, make_jobs

OPEN_RUNS = 30
FOREIGN_OF_A_LONG_JOB = 2
"""DataArts runs five instances of a job at a time; endless ones would keep the others from running at all."""
RUNS_BETWEEN_SWEEPS = 120
RUNS_BETWEEN_WATCHES = 40
RUNS_BETWEEN_BACKFILLS = 50
RUNS_BETWEEN_OUTAGES = 20
FIRST_OUTAGE_AFTER_RUNS = 8
RUNS_INSIDE_AN_OUTAGE = 4
BRIEF_SECONDS = 6.0
HOURS: Mapping[str, float] = {"naver": 0.3, "close_run": 0.45, "huawei": 0.6}
"""At which part of a play a provider or a function goes away for longer than an hour of the sandbox's."""
FEWEST_RUNS_FOR_AN_HOUR = 400
RUNS_ELSEWHERE = 120
"""Then runs start at the other provider: these would only wait."""
PURGES: Mapping[str, float] = {POLL_QUEUE: 0.5, CLOSE_QUEUE: 0.7}
"""At which part of the play a queue loses all that is on it."""
FUNCTIONS_TO_KILL = (
    *("prepare_execution", "trigger_execution", "find_execution", "sweep_runs", "watch_jobs", "manage_runs"),
    *("poll_execution", "close_run") * 2,
)


def jobs_for(runs: int) -> tuple[Job, ...]:
    return tuple(job for generation in range((runs - 1) // RUNS_OF_A_GENERATION + 1) for job in make_jobs(generation))


class Planner:
    """A brief play aborts only runs that follow their execution: a search by `close_run` takes minutes of real time."""

    def __init__(self, driver: Driver, jobs: tuple[Job, ...], seed: int, runs: int, *, is_brief: bool = False) -> None:
        self._driver, self._jobs, self._is_brief, self._runs = driver, jobs, is_brief, runs
        self._random = Random(seed)
        self._hours = {int(part * runs): subject for subject, part in HOURS.items() if runs >= FEWEST_RUNS_FOR_AN_HOUR}
        self._away: str | None = None
        self._away_until = 0
        self._backfills = 0
        self._prefix = f"chaos-{self._random.getrandbits(32):08x}"
        self._foreign = Counter[str]()
        self._outages = OutageDrawer(self._random)
        self._rounds = self._outages.rounds()
        self._inside: list[Job] = []
        """Jobs whose next runs are stopped while their provider is away."""

    def play(self) -> None:
        self._driver.let_reads_lag(seconds=1.5, share=0.3)
        kinds = len(make_jobs(0))
        for number in range(self._runs):
            first = number // RUNS_OF_A_GENERATION * kinds
            self._play_around(number, self._jobs[first : first + kinds])

    def _play_around(self, number: int, jobs: tuple[Job, ...]) -> None:
        random, driver = self._random, self._driver
        if number % RUNS_BETWEEN_OUTAGES == FIRST_OUTAGE_AFTER_RUNS:
            self._begin_outage(next(self._rounds), jobs)
        if subject := self._hours.get(number):
            self._begin_outage(self._outages.hour_without(subject), jobs)
            self._away, self._away_until = subject, number + RUNS_ELSEWHERE
        away = self._away if number < self._away_until else None
        inside = self._inside.pop() if self._inside else None
        job = inside or random.choices(jobs, [0.0 if job.cloud == away else job.weight for job in jobs])[0]
        has_fault_at_start = self._add_provider_fault(job)
        is_held_back = random.random() < 0.04 and not faults.is_start_spared(random, job)
        if is_held_back:
            held_back = {"fault": random.choice(faults.HELD_BACK), "seconds": 2.0, "times": 1}
            driver.add_provider_fault(job, "start", held_back)
        if random.random() < 0.05:
            self._start_foreign(random.choice([job for job in jobs if job.weight]))
        if random.random() < 0.05:
            driver.kill_beside(random.choice(FUNCTIONS_TO_KILL), round(random.uniform(0, 1), 2))
        run = self._draw_run(number, job, is_stopped_soon=inside is not None)
        if random.random() < 0.35 and (rule := faults.draw_aws_fault(random, run)):
            driver.add_aws_fault(rule)
        driver.start(run)
        if is_held_back:
            driver.kill_beside("trigger_execution", round(random.uniform(0.5, 2.5), 2))
        if job.is_marked and (has_fault_at_start or is_held_back) and random.random() < 0.5:
            self._start_foreign(job)
        for queue, part in PURGES.items():
            if number == int(part * self._runs):
                driver.purge(queue)
        if (number + 1) % RUNS_BETWEEN_SWEEPS == 0:
            driver.sweep_beside()
        if number % RUNS_BETWEEN_WATCHES == 0:
            driver.watch_beside()
        if number % RUNS_BETWEEN_BACKFILLS == 0:
            self._start_backfill(random.choice([job for job in jobs if not job.weight and job.cloud != away]))

    def _start_backfill(self, job: Job) -> None:
        self._backfills += 1
        token = f"{self._prefix}-backfill-{self._backfills}"
        sets = range(self._random.randint(2, 3))
        self._driver.start_backfill(token, job, [Run(f"{token}-{n}", job, "backfill", label=token) for n in sets])

    def _begin_outage(self, outage: Outage, jobs: tuple[Job, ...]) -> None:
        if outage.kind == "provider":
            at_the_provider = [job for job in jobs if job.cloud == outage.subject and job.weight]
            self._inside = self._random.choices(at_the_provider, k=RUNS_INSIDE_AN_OUTAGE)
        self._driver.begin_outage(
            replace(outage, seconds=min(outage.seconds, BRIEF_SECONDS)) if self._is_brief else outage
        )

    def _add_provider_fault(self, job: Job) -> bool:
        """Whether a start may lose its reply."""
        random, driver = self._random, self._driver
        operation, rule = faults.draw_provider_fault(random)
        is_at_start = operation == "start"
        # Huawei locks keys that go on failing, so that a process which met a 401 rests them for minutes.
        locks_keys = job.cloud == "huawei" and rule["fault"] == "http_401"
        if random.random() > 0.35 or locks_keys or (is_at_start and faults.is_start_spared(random, job)):
            return False
        driver.add_provider_fault(job, operation, rule)
        return is_at_start

    def _start_foreign(self, job: Job) -> None:
        if job.pace == "long":
            if self._foreign[job.key] >= FOREIGN_OF_A_LONG_JOB:
                return
            self._foreign[job.key] += 1
        self._driver.start_foreign(job, f"foreign-{self._random.getrandbits(48):012x}")

    def _draw_run(self, number: int, job: Job, *, is_stopped_soon: bool) -> Run:
        random = self._random
        ways: tuple[Way, ...] = ("direct", "start_once", "http")
        way = random.choices(ways, (8, 1, 1))[0]
        abort, timeout_seconds = self._draw_quick_stop() if is_stopped_soon else self._draw_stop(job.pace)
        if abort and self._is_brief:
            abort = replace(abort, state="Follow")
        return Run(
            f"{self._prefix}-{number:05d}",
            job,
            way,
            has_secret=random.random() < 0.06,
            cancels_on_abort=random.random() > (0.08 if job.pace == "short" else 0.0),
            abort=abort,
            is_polled_twice=random.random() < 0.1,
            is_closed_twice=random.random() < 0.2,
            is_large=job.cloud == "naver" and random.random() < 0.06,  # DataArts takes no such parameter
            timeout_seconds=timeout_seconds or RUN_TIMEOUT_SECONDS,
        )

    def _draw_quick_stop(self) -> tuple[Abort | None, int | None]:
        """An abort, or the seconds that it may take."""
        random = self._random
        if random.random() < 0.4:
            return None, random.randint(6, 15)
        return Abort(round(random.uniform(0.5, 8), 2), random.choice((None, "Start", "Follow"))), None

    def _draw_stop(self, pace: Pace) -> tuple[Abort | None, int | None]:
        random = self._random
        if pace == "long" and random.random() < 0.25:
            return None, random.randint(4, 12)
        if pace != "long" and random.random() > 0.15:
            return None, None
        abort = random.choices(
            (
                Abort(round(random.uniform(0, 0.6), 2), "Start"),
                Abort(round(random.uniform(0, 12), 2), "AwaitConsistency" if random.random() < 0.3 else None),
                Abort(round(random.expovariate(1 / 2.0), 2)),
            ),
            (35, 15, 50),
        )[0]
        if random.random() < 0.15:
            again = round(random.uniform(1, 8), 2) if pace == "long" else None
            redriven = round(random.expovariate(1 / 2.0), 2)
            abort = replace(abort, redriven_after=redriven, aborted_again_after=again)
        return abort, None
