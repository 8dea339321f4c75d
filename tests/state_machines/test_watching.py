"""Ends that nobody at farsync has started are on the queue once, with those of runs, and none is forgotten."""

import json
import uuid
from typing import Any

import pytest

from tests.support.closings import wait_for_state
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually
from tests.support.watching import begin, told_of, wait_until_over, watch

pytestmark = pytest.mark.one_cloud
PERIOD = "farsync-watch_jobs"


def watched(sandbox: Sandbox, *jobs: str, connection: str | None = None) -> dict[str, Any]:
    return {"connection": connection or sandbox.emulator.connection, "jobs": list(jobs)}


def test_the_schedule_of_the_template_emits_the_ends_of_the_jobs_that_a_parameter_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = uuid.UUID(int=7)
    jobs = json.dumps([{"connection": "huawei", "jobs": [f"job_{number.hex[:12]}"]}])
    sandbox = Sandbox("huawei", speed=20, options=["--parameter", f"WatchedJobs={jobs}"])
    try:
        with monkeypatch.context() as patched:
            patched.setattr(uuid, "uuid4", lambda: number)
            job = sandbox.emulator.make_job()
        execution = begin(sandbox, job)
        wait_until_over(sandbox, job, 1)
        (schedule,) = [known for known in sandbox.schedules() if known["name"] == PERIOD]
        assert (schedule["state"], schedule["expression"]) == ("ENABLED", "rate(5 minutes)")
        assert sandbox.try_to_fire_schedule(PERIOD).ok
        events = eventually(lambda: told_of(sandbox, job))
    finally:
        sandbox.stop()
    assert [(event["type"], event["subject"]) for event in events] == [("io.farsync.execution.succeeded", execution)]


def test_each_end_is_on_the_queue_once_and_that_of_a_run_is_the_runs(sandbox: Sandbox) -> None:
    job, bad = sandbox.emulator.make_job(), sandbox.emulator.make_job(source="nowhere")
    run = sandbox.run({"job": job, "labels": {"team": "night"}})
    begin(sandbox, job)
    begin(sandbox, bad)
    wait_until_over(sandbox, job, 2)
    wait_until_over(sandbox, bad, 1)
    answers = [watch(sandbox, watched(sandbox, job, bad)) for _ in range(2)]
    assert [sum(answer["emitted"] for answer in each["jobs"]) for each in answers] == [2, 0]
    events = told_of(sandbox, job, bad)
    assert sorted((event["data"].get("runName", ""), event["data"]["status"]) for event in events) == [
        ("", "FAILED"),
        ("", "SUCCEEDED"),
        (run.name, "SUCCEEDED"),
    ]


def test_an_end_that_is_seen_before_its_run_has_seen_it_is_left_to_the_run_and_its_labels(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    request = {"connection": sandbox.emulator.connection, "job": job, "labels": {"team": "night"}}
    sandbox.change_mapping("poll_execution", "pause")
    try:
        run = sandbox.start("run_job", request)
        wait_for_state(sandbox, run, "Follow")
        wait_until_over(sandbox, job, 1)
        (seen,) = watch(sandbox, watched(sandbox, job))["jobs"]
        assert (seen["ended"], seen["emitted"], seen["leftToRuns"]) == (1, 0, 1)
    finally:
        sandbox.change_mapping("poll_execution", "resume")
    sandbox.wait_for(run)
    watch(sandbox, watched(sandbox, job))
    (event,) = told_of(sandbox, job)
    assert event["data"]["labels"] == {"team": "night"}


def test_what_a_period_could_not_emit_the_next_one_catches_up(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    executions = {begin(sandbox, job) for _ in range(3)}
    wait_until_over(sandbox, job, 3)
    machine = sandbox.aws["stateMachines"]["emit_event"]
    sandbox.set_aws_faults({"operation": "StartExecution", "match": machine, "fault": "http_503", "times": 99})
    try:
        failed = watch(sandbox, watched(sandbox, job))
    finally:
        sandbox.set_aws_faults()
    assert failed["errorType"] == "JobsNotWatched"
    assert told_of(sandbox, job) == []
    watch(sandbox, watched(sandbox, job))
    events = told_of(sandbox, job)
    assert len(events) == 3
    assert {event["subject"] for event in events} == executions


def test_a_provider_that_is_away_keeps_no_other_connection_waiting(sandbox: Sandbox) -> None:
    away, job = f"away-{uuid.uuid4().hex[:8]}", sandbox.emulator.make_job()
    begin(sandbox, job)
    wait_until_over(sandbox, job, 1)
    secret = {**sandbox.emulator.secret(), "endpoint": "http://127.0.0.1:9"}
    sandbox.secrets.create_secret(Name=f"farsync/connections/{away}", SecretString=json.dumps(secret))
    failed = watch(sandbox, watched(sandbox, "x", connection=away), watched(sandbox, job))
    assert failed["errorType"] == "JobsNotWatched"
    assert f"{away} x: ProviderUnavailable" in failed["errorMessage"]
    assert job not in failed["errorMessage"]
    assert len(told_of(sandbox, job)) == 1
