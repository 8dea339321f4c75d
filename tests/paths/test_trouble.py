"""Trouble on the way that must delay a run and not fail it."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.newest_dialects

AWS_FAULTS: dict[str, dict[str, Any]] = {
    "prepare throttled": {"operation": "Invoke", "function": "farsync-prepare_execution", "fault": "http_429"},
    "start throttled": {"operation": "Invoke", "function": "farsync-trigger_execution", "fault": "http_429"},
    "poll crashes": {"operation": "Invoke", "function": "farsync-poll_execution", "fault": "crash"},
    "poll fails": {"operation": "Invoke", "function": "farsync-poll_execution", "fault": "http_500"},
    "the next machine cannot start": {"operation": "StartExecution", "fault": "http_503", "skip": 1},
}
VENDOR_FAULTS = ["http_429", "http_500", "http_502_html", "http_503", "truncated_json", "reset_before"]
VENDOR_OPERATIONS = ["get_job", "list_executions", "look"]
AT_THE_VENDORS = [(operation, fault) for operation in VENDOR_OPERATIONS for fault in VENDOR_FAULTS]


@dataclass(frozen=True)
class Troubled:
    """A run that met its trouble twice, and how often its job was truly started."""

    status: str
    executions_started: int


@pytest.fixture(scope="module")
def troubled(sandbox: Sandbox) -> dict[object, Troubled]:
    """One run for each trouble, all side by side, each of a job of its own."""
    jobs: dict[object, str] = {trouble: sandbox.vendor.make_job() for trouble in (*AWS_FAULTS, *AT_THE_VENDORS)}
    sandbox.set_aws_faults(*({**rule, "times": 2, "match": jobs[title]} for title, rule in AWS_FAULTS.items()))
    for operation, fault in AT_THE_VENDORS:
        sandbox.vendor.add_fault(jobs[operation, fault], operation, fault, times=2)
    connection = sandbox.vendor.connection
    arns = {trouble: sandbox.start("run_job", {"connection": connection, "job": job}) for trouble, job in jobs.items()}
    return {
        trouble: Troubled(sandbox.wait_for(arn, 120).status, len(sandbox.vendor.truly_started(jobs[trouble])))
        for trouble, arn in arns.items()
    }


@pytest.mark.parametrize("title", AWS_FAULTS)
def test_trouble_within_aws_delays_a_run_and_does_not_fail_it(troubled: dict[object, Troubled], title: str) -> None:
    assert troubled[title] == Troubled("SUCCEEDED", executions_started=1)


@pytest.mark.parametrize(("operation", "fault"), AT_THE_VENDORS)
def test_trouble_at_the_vendors_delays_a_run_and_does_not_fail_it(
    troubled: dict[object, Troubled], operation: str, fault: str
) -> None:
    assert troubled[operation, fault] == Troubled("SUCCEEDED", executions_started=1)


def test_a_secret_parameter_reaches_the_vendor_and_nothing_else(sandbox: Sandbox) -> None:
    sandbox.secrets.create_secret(Name="farsync/parameters/token", SecretString="hunter2-hunter2")
    job = sandbox.vendor.make_job()
    ended = sandbox.run({"job": job, "parameters": {sandbox.vendor.parameter: {"secret": "token"}}})
    assert ended.status == "SUCCEEDED"
    assert sandbox.vendor.truly_started(job)[0].parameters == {sandbox.vendor.parameter: "hunter2-hunter2"}
    told = json.dumps([ended.history, sandbox.receive_events()], default=str)
    logs = "".join(path.read_text() for path in sandbox.logs_folder.glob("*.log"))
    for secret in ("hunter2-hunter2", sandbox.vendor.description["secretKey"]):
        assert secret not in told
        assert secret not in logs


def test_a_secret_that_is_missing_refuses_the_start_by_name(sandbox: Sandbox) -> None:
    job = sandbox.vendor.make_job()
    ended = sandbox.run({"job": job, "parameters": {sandbox.vendor.parameter: {"secret": "no-such"}}})
    assert ended.error == "InvalidRequest"
    assert "farsync/parameters/no-such" in ended.output["error"]["message"]
    assert sandbox.vendor.truly_started(job) == []
