"""Faults on the way that must delay a run and not fail it, nor show a secret."""

import json
import uuid
from typing import Any

import pytest

from tests.state_machines.scenarios import WITHIN_AWS, Outcome
from tests.support.sandbox import Sandbox


@pytest.mark.at_dataarts
@pytest.mark.parametrize("title", WITHIN_AWS)
def test_a_fault_within_aws_that_passes_before_the_deadline_delays_a_run_and_does_not_fail_it(
    outcomes: dict[str, Outcome], title: str
) -> None:
    assert outcomes[title].ended.status == "SUCCEEDED"
    assert len(outcomes[title].executions) == 1


def test_a_secret_parameter_reaches_the_provider_and_nothing_else_unless_a_connection_asks_for_reasons(
    sandbox: Sandbox,
) -> None:
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


UNREADABLE = {
    "missing": "create",
    "deleted": "is marked for deletion; restore it",
    "binary": "is binary; store it as text",
}


def make_unreadable(sandbox: Sandbox, kind: str, secret_id: str) -> None:
    if kind == "missing":
        return
    text: Any = {"SecretBinary": b"{}"} if kind == "binary" else {"SecretString": "{}"}
    sandbox.secrets.create_secret(Name=secret_id, **text)
    if kind == "deleted":
        sandbox.secrets.delete_secret(SecretId=secret_id, RecoveryWindowInDays=7)


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_secret_parameter_that_cannot_be_read_rejects_the_start_by_name(sandbox: Sandbox, kind: str) -> None:
    job, name = sandbox.emulator.make_job(), f"{kind}-{uuid.uuid4().hex}"
    secret_id = f"farsync/parameters/{sandbox.emulator.connection}/{name}"
    make_unreadable(sandbox, kind, secret_id)
    ended = sandbox.run({"job": job, "parameters": {sandbox.emulator.parameter: {"secret": name}}})
    assert ended.error == "InvalidRequest"
    assert secret_id in ended.output["errorMessage"]
    assert UNREADABLE[kind] in ended.output["errorMessage"]
    assert sandbox.emulator.truly_started(job) == []


@pytest.mark.parametrize(
    ("kind", "error", "status"),
    [
        ("missing", "ConnectionNotFound", 404),
        ("deleted", "ConnectionNotFound", 404),
        ("binary", "ConnectionInvalid", 500),
    ],
)
def test_a_connection_whose_secret_cannot_be_read_starts_no_run_and_says_what_to_do(
    sandbox: Sandbox, kind: str, error: str, status: int
) -> None:
    connection = f"{kind[:3]}-{uuid.uuid4().hex}"
    make_unreadable(sandbox, kind, f"farsync/connections/{connection}")
    answer = sandbox.http("POST", f"/connections/{connection}/runs", {"job": "any"})
    assert (answer.status_code, answer.json()["type"]) == (status, error)
    ended = sandbox.run({"connection": connection, "job": "any"})
    assert ended.error == error
    for text in (answer.json()["detail"], ended.output["errorMessage"]):
        assert UNREADABLE[kind] in text
        assert f"farsync/connections/{connection}" in text
