"""A run that somebody redrives goes on where it was, never starts its job again, and emits each end once."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.closings import (
    RUN_FAILED,
    SUCCEEDED,
    abort,
    emitted,
    paused_closings,
    statuses,
    types_emitted,
    wait_for_events,
    wait_for_state,
)
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

WINDOW_SECONDS = 2
LONG_WINDOW_SECONDS = 100
"""Longer than the slow start below takes, even in a sandbox in which waits are twenty times shorter."""

FAULTS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "Prepare": ("get_job", "slow", {"seconds": 3}),
    "Start": ("start", "slow", {"seconds": 2}),
    "StartLater": ("start", "http_429", {"times": 2}),
    "AwaitConsistency": ("start", "reset_after", {}),
    "Find": ("start", "reset_after", {}),
    "Follow": ("poll", "http_503", {"times": 2}),
}
"""By the state in which it holds a run for a while: operation, fault, and more of it."""


def start(sandbox: Sandbox, job: str, **more: object) -> str:
    request = {"connection": sandbox.emulator.connection, "job": job, "consistencyWindowSeconds": WINDOW_SECONDS}
    return sandbox.start("run_job", {**request, **more})


def redrive(sandbox: Sandbox, run: str) -> None:
    sandbox.step_functions.redrive_execution(executionArn=run)


@pytest.mark.parametrize("state", FAULTS)
def test_a_run_that_is_aborted_and_redriven_at_once_runs_its_job_once(sandbox: Sandbox, state: str) -> None:
    job = sandbox.emulator.make_job(run_seconds=60)
    operation, fault, more = FAULTS[state]
    sandbox.emulator.add_fault(job, operation, fault, **more)
    if state == "Find":
        sandbox.emulator.add_fault(job, "list_executions", "slow", skip=1, seconds=3)
    with paused_closings(sandbox):
        # A start that sees its run aborted cancels; here it is to go on.
        of_a_slow_start = {"cancelOnAbort": False, "consistencyWindowSeconds": LONG_WINDOW_SECONDS}
        run = start(sandbox, job, **(of_a_slow_start if state == "Start" else {}))
        wait_for_state(sandbox, run, state)
        abort(sandbox, run)
        redrive(sandbox, run)
    ended = sandbox.wait_for(run)
    assert (ended.status, ended.error) == ("SUCCEEDED", None), ended.output
    assert statuses(sandbox, job) == [sandbox.emulator.succeeded_word]
    assert types_emitted(sandbox, run) == [SUCCEEDED]


def test_a_redriven_run_whose_start_may_have_been_posted_searches_before_it_posts(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    sandbox.emulator.add_fault(job, "start", "timeout_after", seconds=3)
    run = start(sandbox, job, cancelOnAbort=False)
    eventually(lambda: sandbox.emulator.truly_started(job))
    abort(sandbox, run)
    redrive(sandbox, run)
    ended = sandbox.wait_for(run)
    assert ended.status == "SUCCEEDED", ended.output
    assert len(sandbox.emulator.truly_started(job)) == 1


@pytest.mark.parametrize("is_aborted", [True, False], ids=["canceled", "failed"])
def test_a_run_that_is_redriven_after_its_execution_ended_fails_again_and_emits_nothing_more(
    sandbox: Sandbox, is_aborted: bool
) -> None:
    job = sandbox.emulator.make_job("in" if is_aborted else "nowhere", run_seconds=3600 if is_aborted else None)
    run = start(sandbox, job)
    if is_aborted:
        wait_for_state(sandbox, run, "Follow")
        abort(sandbox, run)
    (event,) = wait_for_events(sandbox, run)
    sandbox.wait_for(run)
    redrive(sandbox, run)
    again = sandbox.wait_for(run)
    assert (again.status, again.error) == ("FAILED", "ExecutionCanceled" if is_aborted else "ExecutionFailed")
    assert again.output["eventId"] == event["id"]
    assert emitted(sandbox, run) == [event]
    assert len(statuses(sandbox, job)) == 1


def test_a_run_that_is_redriven_after_its_closing_found_nothing_runs_its_job(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    sandbox.emulator.add_fault(job, "start", "http_429", times=2)
    run = start(sandbox, job)
    wait_for_state(sandbox, run, "StartLater")
    abort(sandbox, run)
    wait_for_events(sandbox, run)
    redrive(sandbox, run)
    assert sandbox.wait_for(run).status == "SUCCEEDED"
    assert types_emitted(sandbox, run, 2) == [RUN_FAILED, SUCCEEDED]
    assert len(sandbox.emulator.truly_started(job)) == 1
