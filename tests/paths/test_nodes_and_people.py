"""What only DataArts Factory has: executions of nodes, which may wait for a person."""

import json

import pytest

from farsync.events import CompletionEvent
from tests.paths.conftest import HUAWEI
from tests.paths.scenarios import SCENARIOS, WAITING_FOR_A_PERSON, Told, play
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.parametrize("sandbox", HUAWEI, indirect=True)


@pytest.fixture(scope="module")
def told(sandbox: Sandbox) -> dict[str, Told]:
    return play(sandbox, {**WAITING_FOR_A_PERSON, "failing": SCENARIOS["failing"]})


@pytest.mark.parametrize("title", WAITING_FOR_A_PERSON)
def test_an_execution_that_waits_for_a_person_is_told_at_once_and_ended_at_the_deadline(
    told: dict[str, Told], title: str
) -> None:
    scenario, expected = told[title], WAITING_FOR_A_PERSON[title]
    assert (scenario.ended.status, scenario.ended.error) == (expected.status, expected.error)
    assert sorted(event["type"] for event in scenario.events) == expected.event_types
    assert len(scenario.executions) == 1
    for event in scenario.events:
        CompletionEvent.model_validate(event)


def test_a_failed_execution_tells_which_node_failed(told: dict[str, Told]) -> None:
    data = told["failing"].events[0]["data"]
    assert data["nodes"][0]["name"] == "copy"
    assert data["nodes"][0]["status"] == "FAILED"
    assert data["nodesTotal"] == 2
    assert "node copy failed" in data["error"]["message"]


def test_a_vendors_reason_that_repeats_a_secret_is_kept_out_of_the_event(sandbox: Sandbox) -> None:
    sandbox.secrets.create_secret(Name="farsync/parameters/table", SecretString="swordfish")
    job = sandbox.vendor.make_job(source="${table_name}")
    told = sandbox.run({"job": job, "parameters": {"table_name": "tuna"}})
    untold = sandbox.run({"job": job, "parameters": {"table_name": {"secret": "table"}}})
    assert told.error == untold.error == "ExecutionFailed"
    assert "tuna" in told.output["error"]["message"]
    assert "swordfish" not in json.dumps([untold.history, sandbox.receive_events()], default=str)
