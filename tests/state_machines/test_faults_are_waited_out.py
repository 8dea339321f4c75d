"""Faults on the way that must delay a run and not fail it, nor show a secret."""

import json

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


def test_a_secret_that_is_missing_rejects_the_start_by_name(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    ended = sandbox.run({"job": job, "parameters": {sandbox.emulator.parameter: {"secret": "no-such"}}})
    assert ended.error == "InvalidRequest"
    assert f"farsync/parameters/{sandbox.emulator.connection}/no-such" in ended.output["errorMessage"]
    assert sandbox.emulator.truly_started(job) == []
