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

RUNS_QUIET_SECONDS = 300.0
"""A run that cannot confirm a cancel goes on for two minutes of real time."""
ALL_QUIET_SECONDS = 240.0
ENDS_SECONDS = 30.0


def play(plan: Plan, folder: Path, tell: Callable[[str], None]) -> None:
    """Writes the dump into `folder`."""
    began_at = time.monotonic()
    world = World(plan.jobs)
    try:
        consumer = Consumer(world.sandbox)
        driver = Driver(world, plan, tell)
        driver.play()
        tell("all runs started; waiting for their ends")
        world.wait_until_quiet(("run_job", "start_once"), RUNS_QUIET_SECONDS)
        driver.lift_faults()
        driver.sweep()
        if not world.wait_until_quiet(MACHINES, ALL_QUIET_SECONDS):
            tell("not everything has ended")
        _wait_for_short_executions(world, plan)
        elapsed_seconds = time.monotonic() - began_at
        tell("reading what happened")
        write_dump(folder, world, plan, driver.record, consumer.stop(), elapsed_seconds)
    finally:
        world.stop()


def _wait_for_short_executions(world: World, plan: Plan) -> None:
    """Those of runs that ended without seeing them end; only jobs that end by themselves."""
    ending = {world.vendor_jobs[job.key] for job in plan.jobs if job.pace != "long"}
    give_up_at = time.monotonic() + ENDS_SECONDS

    def is_open(entry: dict[str, str]) -> bool:
        return bool({entry.get("jobId"), entry.get("jobName")} & ending) and entry["status"] not in OUTCOME_OF_WORD

    while any(is_open(entry) for vendor in world.vendors.values() for entry in vendor.control("GET", "ledger")):
        if time.monotonic() > give_up_at:
            return
        time.sleep(0.5)
