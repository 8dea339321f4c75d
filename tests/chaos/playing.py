"""One whole play: sandbox up, the plan carried out, everything quiet, the dump written, sandbox down."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.chaos.consuming import Consumer
from tests.chaos.driving import Driver
from tests.chaos.dumping import MACHINES, write_dump
from tests.chaos.evidence import OUTCOME_OF_WORD
from tests.chaos.plan import Plan
from tests.chaos.world import World

QUIET_SECONDS = 300.0
"""Real time. A run that nobody polls any more waits for three quarters of a minute; what is to be closed for the window
and then as long again.
"""
UNDER_FAULTS_SECONDS = 120.0
"""For so long runs may end while single faults still wait for them."""
ENDS_SECONDS = 30.0
SWEEPS = 2
"""The second finds nothing more to do, and must do nothing more."""


def play(plan: Plan, folder: Path, tell: Callable[[str], None]) -> None:
    """Writes the dump into `folder`."""
    began_at = time.monotonic()
    world = World(plan.jobs)
    try:
        consumer = Consumer(world.aws, world.sandbox.aws["queueUrl"])
        driver = Driver(world, plan, tell)
        driver.play()
        tell("all runs started, all outages over")
        world.wait_for_runs(UNDER_FAULTS_SECONDS)
        driver.lift_faults()
        tell("faults are lifted")
        if not _ends(world, plan, driver):
            tell("not everything has ended")
        elapsed_seconds = time.monotonic() - began_at
        tell("reading what happened")
        write_dump(folder, world, plan, driver.record, consumer.stop(), elapsed_seconds)
    finally:
        world.stop()


def _ends(world: World, plan: Plan, driver: Driver) -> bool:
    """Whether nothing is under way any more, after two sweeps and a last look at the watched jobs."""
    if not world.wait_until_quiet(MACHINES, QUIET_SECONDS):
        return False
    for _ in range(SWEEPS):
        while not driver.sweep():
            time.sleep(1)
        _wait_for_short_executions(world, plan)
        if not world.wait_until_quiet(MACHINES, QUIET_SECONDS):
            return False
    if plan.is_watched:
        driver.watch()
    return world.wait_until_quiet(MACHINES, QUIET_SECONDS)


def _wait_for_short_executions(world: World, plan: Plan) -> None:
    """Those of runs that ended without seeing them end; only jobs that end by themselves."""
    ending = {world.provider_jobs[job.key] for job in plan.jobs if job.pace != "long"}
    give_up_at = time.monotonic() + ENDS_SECONDS

    def is_open(entry: dict[str, str]) -> bool:
        return bool({entry.get("jobId"), entry.get("jobName")} & ending) and entry["status"] not in OUTCOME_OF_WORD

    while any(is_open(entry) for emulator in world.emulators.values() for entry in emulator.control("GET", "ledger")):
        if time.monotonic() > give_up_at:
            return
        time.sleep(0.5)
