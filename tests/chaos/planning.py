"""Draws a plan from a seed."""

from collections.abc import Iterator
from random import Random
from typing import Any

from tests.chaos.fault_choices import FUNCTIONS, FUNCTIONS_THAT_LOOK, OUTAGES, aws_fault, draw, locks_keys, vendor_fault
from tests.chaos.plan import (
    Abort,
    Kill,
    KillAtFault,
    Pace,
    Plan,
    PlannedJob,
    PlannedRun,
    StartForeign,
    StartRun,
    Step,
    Sweep,
    VendorFault,
    Way,
)

WINDOW = 50
ENDLESS_SECONDS = 86_000.0
JOBS = (
    PlannedJob("naver-busy", "naver", "naver", "short", 20, 3),
    PlannedJob("naver-quiet", "naver", "naver", "short", 10, 0.3),
    PlannedJob("naver-long", "naver", "naver", "long", ENDLESS_SECONDS, 1),
    PlannedJob("naver-failing", "naver", "naver", "failing", 5, 0.5),
    PlannedJob("marked-busy", "naver", "naver-marked", "short", 10, 2),
    PlannedJob("marked-long", "naver", "naver-marked", "long", ENDLESS_SECONDS, 1),
    PlannedJob("huawei-busy", "huawei", "huawei", "short", 10, 3),
    PlannedJob("huawei-next", "huawei", "huawei", "short", 40, 1.5),
    PlannedJob("huawei-quiet", "huawei", "huawei", "short", 10, 0.3),
    PlannedJob("huawei-third", "huawei", "huawei", "short", 1, 0.3),
    PlannedJob("huawei-long", "huawei", "huawei", "long", ENDLESS_SECONDS, 1.5),
    PlannedJob("huawei-failing", "huawei", "huawei", "failing", 5, 0.5),
)
"""Weights are shares of the runs: of busy jobs a dozen runs are open at a time, of quiet ones seldom two."""
FOREIGN_OF_A_LONG_JOB = 2
"""DataArts runs five instances of a job at a time; endless ones would keep the others from running at all."""
RUNS_BETWEEN_SWEEPS = 120


def make_plan(seed: int, runs: int) -> Plan:
    drawer = _Drawer(Random(seed))
    steps = [step for number in range(runs) for step in drawer.steps_around(number)]
    return Plan(seed, WINDOW, JOBS, tuple(steps), tuple(drawer.aws_faults))


class _Drawer:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._prefix = f"{random.getrandbits(32):08x}"
        self._foreign = 0
        self.aws_faults: list[dict[str, Any]] = [
            {"operation": "GetSecretValue", "fault": fault, "skip": random.randrange(60), "times": 2}
            for fault in ("http_500", "http_429", "reset_before", "slow")
        ]

    def steps_around(self, number: int) -> Iterator[Step]:
        random = self._random
        job = random.choices(JOBS, [job.weight for job in JOBS])[0]
        trouble = list(self._trouble_at_the_vendors(job))
        yield from trouble
        if random.random() < 0.05:
            yield from self._foreign_start(random.choice(JOBS))
        if random.random() < 0.04:
            yield Kill(random.choice(FUNCTIONS), after_seconds=round(random.uniform(0, 1), 2))
        yield StartRun(self._run(number, job))
        if job.is_marked and any(map(_is_at_start, trouble)) and random.random() < 0.5:
            yield from self._foreign_start(job)
        if (number + 1) % RUNS_BETWEEN_SWEEPS == 0:
            yield Sweep()

    def _trouble_at_the_vendors(self, job: PlannedJob) -> Iterator[Step]:
        random = self._random
        if random.random() < 0.35:
            operation, rule = vendor_fault(random)
            if locks_keys(job.cloud, rule["fault"]):
                once = VendorFault(job.cloud, operation, job.key, {**rule, "times": 1})
                yield KillAtFault(once, FUNCTIONS_THAT_LOOK)
            else:
                yield VendorFault(job.cloud, operation, job.key, rule)
        if random.random() < 0.04:
            # The vendor holds back its reply, or the start itself.
            held_back = {"fault": random.choice(("timeout_after", "timeout_after", "slow")), "seconds": 1.5}
            yield KillAtFault(VendorFault(job.cloud, "start", job.key, held_back), ("trigger_execution",))
        if random.random() < 0.01:
            yield VendorFault(job.cloud, "*", None, draw(random, OUTAGES))

    def _foreign_start(self, job: PlannedJob) -> Iterator[Step]:
        if job.pace == "long":
            if self._foreign >= FOREIGN_OF_A_LONG_JOB:
                return
            self._foreign += 1
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
            **({"timeout_seconds": timeout_seconds} if timeout_seconds else {}),
        )
        if random.random() < 0.14:
            self.aws_faults.append(aws_fault(random, token))
        if abort and way == "direct" and random.random() < 0.2:
            # The first call with this name starts the run, the second is the rule that tells of its end.
            self.aws_faults.append({"operation": "StartExecution", "fault": "refuse", "match": token, "skip": 1})
        return run

    def _end_of(self, pace: Pace) -> tuple[Abort | None, int | None]:
        """How a run ends early, and how long it may take."""
        random = self._random
        if pace == "long" and random.random() < 0.25:
            return None, random.randint(3, 9)
        if pace != "long" and random.random() > 0.15:
            return None, None
        kind = random.random()
        if kind < 0.35:
            return Abort(round(random.uniform(0, 0.6), 2), state="Start"), None
        if kind < 0.5:
            return Abort(round(random.uniform(0, 12), 2), state="Settle" if random.random() < 0.3 else None), None
        return Abort(round(random.expovariate(1 / 2.0), 2)), None


def _is_at_start(step: Step) -> bool:
    """Its reply may be lost, so that a foreign execution of the same moment looks like the run's own."""
    fault = step.fault if isinstance(step, KillAtFault) else step
    return isinstance(fault, VendorFault) and fault.operation == "start"
