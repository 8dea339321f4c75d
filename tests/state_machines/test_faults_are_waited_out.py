"""Faults on the way that must delay a run and not fail it."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.one_cloud

PREPARE, START, FIND, POLL = (
    f"farsync-{name}" for name in ("prepare_execution", "trigger_execution", "find_execution", "poll_execution")
)
AWS_FAULTS: dict[str, tuple[dict[str, Any], ...]] = {
    "prepare throttled for a minute": ({"operation": "Invoke", "function": PREPARE, "fault": "http_429", "times": 6},),
    "Lambda fails at prepare for a minute": (
        {"operation": "Invoke", "function": PREPARE, "fault": "http_500", "times": 6},
    ),
    "start throttled for minutes": ({"operation": "Invoke", "function": START, "fault": "http_429", "times": 8},),
    "Lambda fails at start": ({"operation": "Invoke", "function": START, "fault": "http_500"},),
    "start and find crash": (
        {"operation": "Invoke", "function": START, "fault": "crash"},
        {"operation": "Invoke", "function": FIND, "fault": "crash", "times": 3},
    ),
    "poll crashes": ({"operation": "Invoke", "function": POLL, "fault": "crash", "times": 2},),
    "poll fails": ({"operation": "Invoke", "function": POLL, "fault": "http_500", "times": 2},),
    "the event cannot be handed over": ({"operation": "StartExecution", "fault": "http_503", "skip": 1, "times": 9},),
}
PROVIDER_FAULTS = ["http_429", "http_500", "http_502_html", "http_503", "truncated_json", "reset_before"]
PROVIDER_OPERATIONS = ["get_job", "list_executions", "poll"]
AT_THE_PROVIDERS = [(operation, fault) for operation in PROVIDER_OPERATIONS for fault in PROVIDER_FAULTS]


@dataclass(frozen=True)
class Ended:
    """A run that met its fault, and how often its job was truly started."""

    status: str
    executions_started: int


@pytest.fixture(scope="module")
def ended(sandbox: Sandbox) -> dict[object, Ended]:
    """One run for each fault, all side by side, each of a job of its own."""
    jobs: dict[object, str] = {fault: sandbox.emulator.make_job() for fault in (*AWS_FAULTS, *AT_THE_PROVIDERS)}
    sandbox.set_aws_faults(*({**rule, "match": jobs[title]} for title, rules in AWS_FAULTS.items() for rule in rules))
    for operation, fault in AT_THE_PROVIDERS:
        sandbox.emulator.add_fault(jobs[operation, fault], operation, fault, times=2)
    request = {"connection": sandbox.emulator.connection, "consistencyWindowSeconds": 1}
    arns = {fault: sandbox.start("run_job", {**request, "job": job}) for fault, job in jobs.items()}
    return {
        fault: Ended(sandbox.wait_for(arn, 120).status, len(sandbox.emulator.truly_started(jobs[fault])))
        for fault, arn in arns.items()
    }


@pytest.mark.parametrize("title", AWS_FAULTS)
def test_a_fault_within_aws_delays_a_run_and_does_not_fail_it(ended: dict[object, Ended], title: str) -> None:
    assert ended[title] == Ended("SUCCEEDED", executions_started=1)


@pytest.mark.parametrize(("operation", "fault"), AT_THE_PROVIDERS)
def test_a_fault_at_a_provider_delays_a_run_and_does_not_fail_it(
    ended: dict[object, Ended], operation: str, fault: str
) -> None:
    assert ended[operation, fault] == Ended("SUCCEEDED", executions_started=1)


def test_a_secret_parameter_reaches_the_provider_and_nothing_else(sandbox: Sandbox) -> None:
    name = f"farsync/parameters/{sandbox.emulator.connection}/token"
    sandbox.secrets.create_secret(Name=name, SecretString="hunter2-hunter2")
    job, connection = sandbox.emulator.make_job(), sandbox.emulator.connection
    sandbox.emulator.add_fault(job, "start", "reset_after")
    sandbox.emulator.add_fault(job, "list_executions", "truncated_json", skip=1)
    sandbox.emulator.add_fault(job, "poll", "truncated_json", times=3)
    parameters = {sandbox.emulator.parameter: {"secret": "token"}}
    ended = sandbox.run({"job": job, "parameters": parameters, "consistencyWindowSeconds": 1})
    assert ended.status == "SUCCEEDED"
    assert sandbox.emulator.truly_started(job)[0].parameters == {sandbox.emulator.parameter: "hunter2-hunter2"}
    path_of_job = f"/connections/{connection}/jobs/{job}"
    paths = (path_of_job, f"{path_of_job}/executions/{ended.output['executionId']}", f"/runs/{ended.name}")
    answers = [sandbox.http("GET", path) for path in paths]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    shown = [ended.history, sandbox.receive_events(), *(answer.text for answer in answers)]
    written = json.dumps(shown, default=str) + "".join(path.read_text() for path in sandbox.logs_folder.glob("*.log"))
    assert "hunter2-hunter2" not in written
    assert sandbox.emulator.description["secretKey"] not in written


def test_a_secret_that_is_missing_rejects_the_start_by_name(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    ended = sandbox.run({"job": job, "parameters": {sandbox.emulator.parameter: {"secret": "no-such"}}})
    assert ended.error == "InvalidRequest"
    assert f"farsync/parameters/{sandbox.emulator.connection}/no-such" in ended.output["errorMessage"]
    assert sandbox.emulator.truly_started(job) == []
