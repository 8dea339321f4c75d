"""What only DataArts Factory has: executions of nodes, which may wait for a person."""

import json

import pytest

from tests.state_machines.scenarios import WAITING_FOR_A_PERSON, Outcome
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.at_dataarts


@pytest.mark.parametrize("title", WAITING_FOR_A_PERSON)
def test_somebody_is_notified_once_of_an_execution_that_waits_for_a_person_and_it_is_canceled_at_the_deadline(
    outcomes: dict[str, Outcome], title: str
) -> None:
    outcome, expected = outcomes[title], WAITING_FOR_A_PERSON[title]
    assert (outcome.ended.status, outcome.ended.error) == ("FAILED", expected.error)
    assert tuple(event["type"].removeprefix("io.farsync.") for event in outcome.events) == expected.event_types
    assert len(outcome.executions) == 1


def test_a_failed_execution_names_the_node_that_failed(outcomes: dict[str, Outcome]) -> None:
    data = outcomes["failing"].events[0]["data"]
    assert data["nodes"][0]["name"] == "copy"
    assert data["nodes"][0]["status"] == "FAILED"
    assert data["nodesTotal"] == 2
    assert "node copy failed" in data["error"]["message"]


def test_a_providers_reason_that_repeats_a_secret_is_kept_out_of_the_event(sandbox: Sandbox) -> None:
    name = f"farsync/parameters/{sandbox.emulator.connection}/table"
    sandbox.secrets.create_secret(Name=name, SecretString="swordfish")
    job = sandbox.emulator.make_job(source="${table_name}")
    plain = sandbox.run({"job": job, "parameters": {"table_name": "tuna"}})
    secret = sandbox.run({"job": job, "parameters": {"table_name": {"secret": "table"}}})
    assert plain.error == secret.error == "ExecutionFailed"
    assert "tuna" in plain.output["error"]["message"]
    assert "swordfish" not in json.dumps([secret.history, sandbox.receive_events()], default=str)
