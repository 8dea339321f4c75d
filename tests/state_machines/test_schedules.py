"""Schedules of a user's file, deployed beside farsync: each time of each schedule is one run, and none is lost."""

from pathlib import Path
from typing import Any

import pytest

from farsync.model.names import run_name
from tests.support.sandbox import Sandbox
from tests.support.schedules import deploy_schedules
from tests.support.waiting import eventually
from tools import start_missed

TIME = "2026-11-21T18:00:00Z"
THE_TIME = "<aws.scheduler.scheduled-time>"


def nightly(sandbox: Sandbox, name: str, job: str, value: object) -> dict[str, Any]:
    """An entry of the file; not enabled, since the test fires it."""
    parameters = {sandbox.emulator.parameter: value}
    request = {"connection": sandbox.emulator.connection, "job": job, "parameters": parameters}
    return {"name": name, "expression": "cron(0 3 * * ? *)", "timezone": "Asia/Seoul", "enabled": False} | {
        "request": request
    }


def fire(sandbox: Sandbox, name: str, time: str = TIME) -> str:
    """Gives the name of the run, once it has ended."""
    started = sandbox.wait_for(sandbox.fire_schedule(name, time))
    assert started.status == "SUCCEEDED"
    return sandbox.wait_for(sandbox.arn_of_run(started.output["name"])).name


def values_run(sandbox: Sandbox, job: str) -> list[str]:
    return [started.parameters[sandbox.emulator.parameter] for started in sandbox.emulator.truly_started(job)]


def test_for_90_days_a_scheduled_time_is_one_run_however_often_it_fires(sandbox: Sandbox, tmp_path: Path) -> None:
    job = sandbox.emulator.make_job()
    stack = deploy_schedules(sandbox, tmp_path, nightly(sandbox, f"once-{job}", job, "sales"))
    first, second = (fire(sandbox, f"once-{job}") for _ in range(2))
    arn = f"arn:aws:scheduler:{sandbox.aws['region']}:{sandbox.aws['accountId']}:schedule/{stack}/once-{job}"
    assert first == second == run_name(sandbox.emulator.connection, job, "schedule", arn, TIME)
    assert values_run(sandbox, job) == ["sales"]
    assert fire(sandbox, f"once-{job}", "2026-11-22T18:00:00Z") != first
    assert values_run(sandbox, job) == ["sales", "sales"]


def test_a_missed_time_waits_on_a_queue_for_14_days_and_is_started_once_from_there(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    job = sandbox.emulator.make_job()
    name = f"missed-{job}"
    stack = deploy_schedules(sandbox, tmp_path, nightly(sandbox, name, job, "sales"))
    queue_url = sandbox.queue.get_queue_url(QueueName=f"{stack}-missed")["QueueUrl"]
    sandbox.set_aws_faults({"operation": "StartExecution", "fault": "http_403", "match": name})
    assert sandbox.try_to_fire_schedule(name, TIME).status_code == 502
    eventually(lambda: count_messages(sandbox, queue_url) == 1)
    assert values_run(sandbox, job) == []

    for variable, value in sandbox.environment_variables().items():
        monkeypatch.setenv(variable, value)
    assert start_missed.main([queue_url, "--show"]) == 0
    assert f"{name} of {TIME}: missed (AccessDeniedException)\n1 message\n" in capsys.readouterr().out
    assert values_run(sandbox, job) == []
    assert start_missed.main([queue_url]) == 0
    assert f"{name} of {TIME}: started (AccessDeniedException)" in capsys.readouterr().out
    assert eventually(lambda: values_run(sandbox, job)) == ["sales"]
    assert start_missed.main([queue_url]) == 0
    assert "nothing was missed" in capsys.readouterr().out

    fire(sandbox, name)
    assert values_run(sandbox, job) == ["sales"]


def test_a_scheduled_backfill_runs_each_set_anew_at_each_of_its_times(sandbox: Sandbox, tmp_path: Path) -> None:
    job = sandbox.emulator.make_job()
    sets = [{sandbox.emulator.parameter: table} for table in ("sales", "stock")]
    request = {"connection": sandbox.emulator.connection, "job": job, "intent": THE_TIME, "parameterSets": sets}
    entry = {**nightly(sandbox, f"reload-{job}", job, ""), "machine": "run_backfill", "request": request}
    deploy_schedules(sandbox, tmp_path, entry)
    for time in (TIME, TIME, "2026-11-28T18:00:00Z"):
        started = sandbox.wait_for(sandbox.fire_schedule(entry["name"], time))
        backfill = sandbox.aws["stateMachines"]["run_backfill"].replace(":stateMachine:", ":execution:")
        assert sandbox.wait_for(f"{backfill}:{started.output['name']}", 120).status == "SUCCEEDED"
    assert values_run(sandbox, job) == ["sales", "stock", "sales", "stock"]


def count_messages(sandbox: Sandbox, queue_url: str) -> int:
    state = sandbox.queue.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])["Attributes"]
    return int(state["ApproximateNumberOfMessages"])
