"""What people, schedules and other state machines may hand over as the input of `run_job`."""

from typing import Any

import pytest

from farsync.model.errors import InvalidRequest
from farsync.operations.prepare_execution import prepare
from farsync.runtime.request import Invocation
from tests.unit.operations.old_cloud import Cloud, cloud, now_iso, slow_cloud  # noqa: F401

pytestmark = pytest.mark.parametrize("cloud", ["naver-G1"], indirect=True)

EVENTS: dict[str, dict[str, Any]] = {
    "eventbridge": {"version": "0", "detail-type": "Night", "source": "etl", "detail": {"job": "5Yns7JgRt25f"}},
    "http": {"version": "2.0", "requestContext": {"http": {"method": "POST"}}, "body": '{"job": "5Yns7JgRt25f"}'},
    "rest": {"httpMethod": "POST", "path": "/", "body": '{"job": "5Yns7JgRt25f"}'},
    "sqs": {"Records": [{"eventSource": "aws:sqs", "body": '{"job": "5Yns7JgRt25f"}'}]},
}


def rejection(cloud: Cloud, given: object) -> InvalidRequest:
    payload = {"request": given, "run": {"name": "a-run", "startedAt": now_iso(), "redriveCount": 0}}
    with pytest.raises(InvalidRequest) as caught:
        prepare(cloud.environment, Invocation("state_machine", payload))
    assert cloud.emulator.control("GET", "requests")["last"] == []
    return caught.value


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_an_event_in_place_of_a_run_request_is_rejected_with_what_to_hand_over(
    cloud: Cloud, event: dict[str, Any]
) -> None:
    assert "hand over the run request in it instead" in str(rejection(cloud, event))


@pytest.mark.parametrize("given", [None, [], [{"job": "x"}], 5, 0.5, "text", "", True, False])
def test_what_is_no_object_is_rejected_as_such(cloud: Cloud, given: object) -> None:
    assert "must be a run request" in str(rejection(cloud, given))


def test_an_empty_object_lacks_its_job(cloud: Cloud) -> None:
    assert rejection(cloud, {}).field == "job"


@pytest.mark.parametrize("member", ["run", "transitions", "redriveCount", "request", "waitSeconds", "outcome"])
def test_nobody_can_smuggle_in_what_only_the_run_itself_may_know(cloud: Cloud, member: str) -> None:
    assert rejection(cloud, {"job": "x", member: {}}).field == member


@pytest.mark.parametrize("member", ["detail", "requestContext", "Records"])
def test_a_request_with_a_piece_of_an_event_is_rejected_by_that_piece(cloud: Cloud, member: str) -> None:
    assert rejection(cloud, {"job": "x", member: {}}).field == member


def test_a_request_without_a_run_beside_it_is_no_call_of_a_run(cloud: Cloud) -> None:
    with pytest.raises(InvalidRequest) as caught:
        prepare(cloud.environment, Invocation("state_machine", {"request": {"job": "x"}}))
    assert caught.value.field == "run"


def test_a_request_larger_than_a_run_can_carry_is_rejected_before_anything_is_asked(cloud: Cloud) -> None:
    large = {"job": "x", "parameters": {"sql": "x" * 103_000}}
    assert "at most 102400 bytes" in str(rejection(cloud, large))


def test_what_another_release_writes_beside_the_request_is_ignored(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    identity = {"name": "a-run", "startedAt": now_iso(), "redriveCount": 0, "ofAnotherRelease": 1}
    assert cloud.ask(prepare, {"request": {"job": job}, "run": identity, "alsoNew": True})["job"] == job
