"""What is run and what goes wrong meanwhile: the scene that a scenario sets, and the run request that it returns."""

import json
from typing import Any

from farsync.naming import run_event_id
from tests.support.sandbox import Sandbox
from tests.support.watching import begin

HOUR = 3600.0
SOON_SECONDS = 20
"""A deadline, in real seconds: enough for a start among thirty on a slow machine."""


def succeeding(sandbox: Sandbox, _: str) -> dict[str, Any]:
    return {"job": sandbox.vendor.make_job(), "labels": {"team": "night"}}


def failing(sandbox: Sandbox, _: str) -> dict[str, Any]:
    return {"job": sandbox.vendor.make_job(source="no-such-folder")}


def of_an_unknown_job(_: Sandbox, __: str) -> dict[str, Any]:
    return {"job": "NoSuchJob123"}


def invalid(_: Sandbox, __: str) -> dict[str, Any]:
    return {"job": 5, "labels": {"team": "night", "number": 5}}


def over_an_unknown_connection(_: Sandbox, __: str) -> dict[str, Any]:
    return {"connection": "unknown", "job": "5Yns7JgRt25f"}


def with_wrong_keys(sandbox: Sandbox, _: str) -> dict[str, Any]:
    keys = {**sandbox.vendor.secret(), "accessKey": "wrong", "secretKey": "wrong"}
    sandbox.secrets.create_secret(Name="farsync/connections/wrong-keys", SecretString=json.dumps(keys))
    return {"connection": "wrong-keys", "job": sandbox.vendor.make_job()}


def of_a_job_that_cannot_run(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "bad_state")
    return {"job": job}


def refused_at_the_start(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "http_403", times=9)
    return {"job": job}


def throttled_at_the_start(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "http_429", times=3)
    return {"job": job}


def throttled_until_its_deadline(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "http_429", times=1000)
    return {"job": job, "timeoutSeconds": 2}


def with_a_lost_reply_to_its_start(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "reset_after")
    return {"job": job}


def with_a_start_that_never_arrived(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "reset_before")
    return {"job": job}


def with_two_starts_that_never_arrived(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "reset_before", times=2)
    return {"job": job}


def refused_as_running_after_a_lost_start(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "reset_before")
    sandbox.vendor.add_fault(job, "start", "already_running")
    return {"job": job, "ifRunning": "wait"}


def with_rejected_keys_at_the_start(sandbox: Sandbox, name: str) -> dict[str, Any]:
    # Under another address, so that rejected keys rest in this scenario only.
    endpoint = sandbox.vendor.description["endpoint"].replace("127.0.0.1", "localhost")
    keys = {**sandbox.vendor.secret(), "endpoint": endpoint}
    connection = f"rejected-{name[-8:]}"
    sandbox.secrets.create_secret(Name=f"farsync/connections/{connection}", SecretString=json.dumps(keys))
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "http_401", times=100)
    return {"connection": connection, "job": job}


def with_a_lost_start_that_is_looked_for_in_vain_at_first(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "reset_after")
    # The first call is Prepare's; each search asks four times.
    sandbox.vendor.add_fault(job, "list_executions", "http_500", skip=1, times=5)
    return {"job": job}


def with_a_lost_start_that_cannot_be_looked_for(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "reset_after")
    sandbox.vendor.add_fault(job, "list_executions", "http_403", skip=1, times=1000)
    return {"job": job, "timeoutSeconds": SOON_SECONDS}


def with_two_executions_that_may_be_its_own(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    start_outside_of_runs(sandbox, job, seconds_hidden=30)
    sandbox.vendor.add_fault(job, "start", "reset_after")
    return {"job": job, "settleSeconds": 700}


def start_outside_of_runs(sandbox: Sandbox, job: str, seconds_hidden: float = 0) -> None:
    """As somebody else would; the vendor's list may show it later."""
    if seconds_hidden:
        sandbox.vendor.add_fault(job, "start", "late_visibility", seconds=seconds_hidden)
    begin(sandbox, job)


def refused_while_the_job_runs(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    start_outside_of_runs(sandbox, job)
    return {"job": job, "ifRunning": "fail"}


def waiting_while_the_job_runs(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=300)
    start_outside_of_runs(sandbox, job)
    return {"job": job, "ifRunning": "wait"}


def waiting_while_the_job_runs_on_and_on(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    start_outside_of_runs(sandbox, job)
    return {"job": job, "ifRunning": "wait", "timeoutSeconds": 5}


def waiting_for_the_vendors_quota(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "quota_exceeded", times=2)
    return {"job": job, "ifRunning": "wait"}


def beyond_the_vendors_quota(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "quota_exceeded")
    return {"job": job}


def adopting_what_runs(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=300)
    start_outside_of_runs(sandbox, job)
    return {"job": job, "ifRunning": "adopt"}


def adopting_what_runs_past_the_deadline(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    start_outside_of_runs(sandbox, job)
    return {"job": job, "ifRunning": "adopt", "timeoutSeconds": SOON_SECONDS}


def with_looks_that_fail(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "look", "http_502_html", times=9)
    return {"job": job}


def past_its_deadline(sandbox: Sandbox, _: str) -> dict[str, Any]:
    return {"job": sandbox.vendor.make_job(run_seconds=HOUR), "timeoutSeconds": SOON_SECONDS}


def past_its_deadline_and_left_alone(sandbox: Sandbox, _: str) -> dict[str, Any]:
    return {"job": sandbox.vendor.make_job(run_seconds=HOUR), "timeoutSeconds": SOON_SECONDS, "cancelOnAbort": False}


def past_its_deadline_and_out_of_sight(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    sandbox.vendor.add_fault(job, "look", "http_500", times=1000)
    return {"job": job, "timeoutSeconds": SOON_SECONDS}


def past_its_deadline_with_a_cancel_that_fails(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=460)
    sandbox.vendor.add_fault(job, "cancel", "http_403", times=9)
    return {"job": job, "timeoutSeconds": SOON_SECONDS}


def whose_end_was_told_before(sandbox: Sandbox, name: str) -> dict[str, Any]:
    event_id = run_event_id(name)
    sandbox.wait_for(sandbox.start("emit_event", {"event": {"id": event_id, "source": "urn:test"}}, event_id))
    return {"job": "NoSuchJob123", "labels": {"told": "before"}}


def waiting_for_a_person(sandbox: Sandbox, _: str) -> dict[str, Any]:
    return {"job": sandbox.vendor.make_job_that_waits_for_a_person(), "timeoutSeconds": SOON_SECONDS}


def waiting_for_a_person_that_nobody_can_be_told(sandbox: Sandbox, name: str) -> dict[str, Any]:
    # The first call with this name starts the run itself; the next five are the notice and its retries.
    sandbox.set_aws_faults({"operation": "StartExecution", "fault": "refuse", "match": name, "skip": 1, "times": 5})
    return waiting_for_a_person(sandbox, name)
