"""One whole play: sandbox up, the plan carried out, everything quiet, the dump written, sandbox down."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.chaos.driving import Driver
from tests.chaos.dump import write_dump
from tests.chaos.evidence import OUTCOMES
from tests.chaos.sandbox import ChaosSandbox

QUIET_SECONDS = 300.0
"""Real time. A run that nobody polls any more waits for three quarters of a minute; what is to be closed for the window
and then as long again.
"""
UNDER_FAULTS_SECONDS = 120.0
"""For so long runs may end while single faults still wait for them."""
ENDS_SECONDS = 30.0
SWEEPS = 2
"""The second finds nothing more to do, and must do nothing more."""
PAUSE_SECONDS = 0.5


def play(
    sandbox: ChaosSandbox,
    open_runs: int,
    carry_out: Callable[[Driver], None],
    folder: Path,
    log: Callable[[str], None],
) -> None:
    """`carry_out` gives the driver its orders. Writes the dump into `folder`, and stops the sandbox."""
    began_at = time.monotonic()
    try:
        driver = Driver(sandbox, open_runs, log)
        carry_out(driver)
        driver.finish()
        log("all runs started, all outages over")
        _wait_while(lambda: bool(sandbox.running("run_job")), UNDER_FAULTS_SECONDS)
        driver.lift_faults()
        log("faults are lifted")
        log("everything has ended" if _ends(sandbox, driver) else "not everything has ended")
        write_dump(folder, sandbox, driver.record, sandbox.receive_events(), time.monotonic() - began_at)
    finally:
        sandbox.stop()


def _ends(sandbox: ChaosSandbox, driver: Driver) -> bool:
    """Whether nothing is under way any more, after two sweeps and once more watching the jobs."""
    if not _wait_while(sandbox.is_working, QUIET_SECONDS):
        return False
    for _ in range(SWEEPS):
        while not driver.sweep():
            time.sleep(1)
        _wait_while(lambda: _has_short_executions(sandbox), ENDS_SECONDS)
        if not _wait_while(sandbox.is_working, QUIET_SECONDS):
            return False
    driver.watch()
    return _wait_while(sandbox.is_working, QUIET_SECONDS)


def _has_short_executions(sandbox: ChaosSandbox) -> bool:
    """Of runs that ended without seeing them end; only jobs that end by themselves."""
    ending = {job.provider_id for job in sandbox.jobs if job.pace != "long"}
    return any(
        {entry.get("jobId"), entry.get("jobName")} & ending and entry["status"] not in OUTCOMES
        for emulator in sandbox.emulators.values()
        for entry in emulator.control("GET", "executions")
    )


def _wait_while(is_so: Callable[[], bool], seconds: float) -> bool:
    """Whether it has ceased to be so within that time."""
    give_up_at = time.monotonic() + seconds
    while is_so():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(PAUSE_SECONDS)
    return True
