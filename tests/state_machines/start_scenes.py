"""What goes wrong around the start: the scene that a scenario sets, and the run request that it returns.

A provider's list is settled once `consistencyWindowSeconds` have passed by the clock, whatever the sandbox's speed.
"""

import json
from collections.abc import Callable
from typing import Any

from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually
from tests.support.watching import begin

HOUR = 3600.0
SOON_SECONDS = 30
"""A deadline, in real seconds: enough for a start among forty on a slow machine."""
STILL_RUNNING_SECONDS = 1000.0
"""Of the provider's clock: an execution that was started while the scenes were set runs still when its run begins."""
SHORT_WINDOW = {"consistencyWindowSeconds": 1}


def throttled_at_the_start(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job()
    sandbox.emulator.add_fault(job, "start", "http_429", times=9)
    return {"job": job}


def throttled_until_its_deadline(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job()
    sandbox.emulator.add_fault(job, "start", "http_429", times=1000)
    return {"job": job, "timeoutSeconds": 2}


def with_rejected_keys_at_the_start(sandbox: Sandbox, name: str) -> dict[str, Any]:
    # Under another address, so that rejected keys rest in this scenario only.
    endpoint = sandbox.emulator.description["endpoint"].replace("127.0.0.1", "localhost")
    keys = {**sandbox.emulator.secret(), "endpoint": endpoint}
    connection = f"rejected-{name[-8:]}"
    sandbox.secrets.create_secret(Name=f"farsync/connections/{connection}", SecretString=json.dumps(keys))
    job = sandbox.emulator.make_job()
    sandbox.emulator.add_fault(job, "start", "http_401", times=100)
    return {"connection": connection, "job": job}


def answered_by(fault: str, **more: Any) -> Callable[[Sandbox, str], dict[str, Any]]:
    """The start is done, and its answer is none that says so."""

    def scene(sandbox: Sandbox, _: str) -> dict[str, Any]:
        job = sandbox.emulator.make_job()
        sandbox.emulator.add_fault(job, "start", fault, **more)
        return {"job": job, **SHORT_WINDOW}

    return scene


with_an_unconfirmed_start = answered_by("reset_after")
with_a_start_that_never_arrived = answered_by("reset_before")
with_two_starts_that_never_arrived = answered_by("reset_before", times=2)


def rejected_as_running_after_an_unconfirmed_start(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job()
    sandbox.emulator.add_fault(job, "start", "reset_before")
    sandbox.emulator.add_fault(job, "start", "already_running")
    return {"job": job, "ifRunning": "wait", **SHORT_WINDOW}


def with_a_search_that_fails_at_first(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job()
    sandbox.emulator.add_fault(job, "start", "reset_after")
    # The first call is Prepare's; each search asks four times.
    sandbox.emulator.add_fault(job, "list_executions", "http_500", skip=1, times=5)
    return {"job": job, **SHORT_WINDOW}


def with_a_search_that_fails_until_the_deadline(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job()
    sandbox.emulator.add_fault(job, "start", "reset_after")
    sandbox.emulator.add_fault(job, "list_executions", "http_403", skip=1, times=1000)
    return {"job": job, "timeoutSeconds": SOON_SECONDS, **SHORT_WINDOW}


def the_list_is_back(sandbox: Sandbox, job: str) -> None:
    sandbox.emulator.withdraw_fault(job, "list_executions", "http_403")


def with_two_executions_that_may_be_its_own(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    sandbox.emulator.add_fault(job, "start", "reset_after")
    return {"job": job, "consistencyWindowSeconds": 20}


def somebody_else_starts_it_too(sandbox: Sandbox, job: str) -> None:
    eventually(lambda: sandbox.emulator.truly_started(job))
    begin(sandbox, job)


def rejected_while_the_job_runs(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    begin(sandbox, job)
    return {"job": job, "ifRunning": "fail"}


def waiting_while_the_job_runs(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job(run_seconds=STILL_RUNNING_SECONDS)
    begin(sandbox, job)
    return {"job": job, "ifRunning": "wait"}


def waiting_while_the_job_runs_on_and_on(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    begin(sandbox, job)
    return {"job": job, "ifRunning": "wait", "timeoutSeconds": 5}


def waiting_for_the_providers_quota(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job()
    sandbox.emulator.add_fault(job, "start", "quota_exceeded", times=2)
    return {"job": job, "ifRunning": "wait"}


def beyond_the_providers_quota(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job()
    sandbox.emulator.add_fault(job, "start", "quota_exceeded")
    return {"job": job}


def attaching_to_what_runs(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job(run_seconds=STILL_RUNNING_SECONDS)
    begin(sandbox, job)
    return {"job": job, "ifRunning": "attach"}


def attaching_to_what_runs_past_the_deadline(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    begin(sandbox, job)
    return {"job": job, "ifRunning": "attach", "timeoutSeconds": SOON_SECONDS}


def with_a_first_wait_that_the_queue_cannot_hold(sandbox: Sandbox, _: str) -> dict[str, Any]:
    """By the provider's clock the execution runs for minutes, so that the policy would wait for some twenty."""
    job = sandbox.emulator.make_job(run_seconds=STILL_RUNNING_SECONDS)
    begin(sandbox, job)
    sandbox.emulator.add_fault(job, "list_executions", "clock_skew", seconds=250)
    return {"job": job, "ifRunning": "attach", "pollCostSeconds": 3600, "timeoutSeconds": 3600}


def whose_function_is_rejected_by_lambda(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job()
    rule = {"operation": "Invoke", "function": "farsync-prepare_execution", "fault": "reject", "match": job}
    sandbox.add_aws_faults(rule)
    return {"job": job}
