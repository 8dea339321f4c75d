"""What people, schedules and other state machines may hand over as the input of `run_job`."""

from typing import Any

import pytest

from farsync.model.errors import InvalidRequest
from farsync.operations.prepare_execution import prepare
from farsync.operations.trigger_execution import start
from tests.unit.operations.cloud import Cloud
from tests.unit.operations.marks import only

pytestmark = only("cloud", "data-flow")

THIS_RUN = {"name": "a-run", "startedAt": "2027-01-15T08:00:00Z", "redriveCount": 0}
EVENTS: dict[str, dict[str, Any]] = {
    "eventbridge": {"version": "0", "detail-type": "Night", "source": "etl", "detail": {"job": "5Yns7JgRt25f"}},
    "http": {"version": "2.0", "requestContext": {"http": {"method": "POST"}}, "body": '{"job": "5Yns7JgRt25f"}'},
    "rest": {"httpMethod": "POST", "path": "/", "body": '{"job": "5Yns7JgRt25f"}'},
    "sqs": {"Records": [{"eventSource": "aws:sqs", "body": '{"job": "5Yns7JgRt25f"}'}]},
}
OF_RUNS_AND_EVENTS = ["run", "redriveCount", "request", "waitSeconds", "outcome", "detail", "requestContext", "Records"]


def rejection(cloud: Cloud, payload: dict[str, Any]) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        cloud.ask(prepare, payload)
    assert cloud.emulator.exchanges == 0
    return caught.value


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_an_event_in_place_of_a_run_request_is_rejected_with_what_to_hand_over(
    cloud: Cloud, event: dict[str, Any]
) -> None:
    rejected = rejection(cloud, {"request": event, "run": THIS_RUN})
    assert "hand over the run request in it instead" in str(rejected)


@pytest.mark.parametrize("text", ["x" * 103_000, '"' * 52_000, "\x01" * 17_500, "밤" * 34_200])
def test_an_input_that_is_too_large_as_it_is_started_is_rejected_at_once(cloud: Cloud, text: str) -> None:
    request = {"job": "j", "parameters": {"sql": text}}
    assert "at most 102400 bytes of JSON" in str(rejection(cloud, {"request": request, "run": THIS_RUN}))
    with pytest.raises(InvalidRequest, match="at most 102400 bytes of JSON"):
        cloud.ask(start, request)


@pytest.mark.parametrize("given", [None, [{"job": "x"}], 5, 0.5, "text", True])
def test_an_input_that_is_no_object_is_rejected_as_such(cloud: Cloud, given: object) -> None:
    assert "must be a run request" in str(rejection(cloud, {"request": given, "run": THIS_RUN}))


@pytest.mark.parametrize("member", OF_RUNS_AND_EVENTS)
def test_nobody_can_smuggle_in_what_only_a_run_knows_or_a_piece_of_an_event(cloud: Cloud, member: str) -> None:
    assert rejection(cloud, {"request": {"job": "x", member: {}}, "run": THIS_RUN}).field == member


def test_a_request_without_a_run_beside_it_is_no_call_of_a_run(cloud: Cloud) -> None:
    assert rejection(cloud, {"request": {"job": "x"}}).field == "run"


def test_a_field_that_another_release_writes_beside_the_request_is_ignored(cloud: Cloud) -> None:
    payload = {"request": {"job": cloud.job}, "run": {**THIS_RUN, "ofAnotherRelease": 1}, "alsoNew": True}
    assert cloud.ask(prepare, payload)["job"] == cloud.job
