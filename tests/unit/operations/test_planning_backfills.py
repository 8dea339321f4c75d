"""`run_backfill` asks which sets come next, until its event is emitted."""

import json
from datetime import timedelta
from typing import Any

import pytest

from farsync.model.errors import InvalidRequest, ProviderUnavailable
from farsync.model.names import backfill_event_id
from farsync.operations.plan_backfill import plan_backfill
from farsync.runtime.request import Invocation
from tests.unit.operations.aws_in_memory import Run, execution_arn
from tests.unit.operations.sets_of_backfills import Sets

ARN = execution_arn("run_backfill", "reload")
THREE = [{"n": "1"}, {"n": "2"}, {"n": "3"}]


@pytest.fixture
def sets() -> Sets:
    return Sets()


def begun(sets: Sets, **more: Any) -> None:
    asked = {"job": "a-job", "labels": {"team": "night"}, "parameterSets": THREE, **more}
    sets.aws.backfills["reload"] = Run("reload", json.dumps(asked))


def next_step(sets: Sets, *statuses: str) -> dict[str, Any]:
    """After sets with these results."""
    results = [{"index": index, "status": status, "runName": "r"} for index, status in enumerate(statuses)]
    return sets.ask(executionArn=ARN, results=results)


def begins(step: dict[str, Any]) -> list[int]:
    assert step["outcome"] == "run"
    return [item["index"] for item in step["items"]]


def test_all_sets_are_begun_at_once_with_what_their_runs_share(sets: Sets) -> None:
    begun(sets, maxConcurrency=2)
    step = next_step(sets)
    assert begins(step) == [0, 1, 2]
    assert step["maxConcurrency"] == 2
    assert step["request"] == {"connection": "default", "job": "a-job", "labels": {"team": "night"}}
    assert step["items"][1].keys() == {"index", "parameters", "key"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ("null", "$"),
        ("[]", "$"),
        ("5", "$"),
        ('"text"', "$"),
        ("{}", "job"),
        ('{"detail": {"job": "j", "parameterSets": [{}]}}', "job"),
        ('{"job": "j", "parameterSets": 5}', "parameterSets"),
        ('{"job": "j", "parameterSets": [{"n": "1"}], "job": "k"}', "job"),
        ('{"job": "j", "parameterSets": [{"n": "1", "n": "2"}]}', "parameterSets.0.n"),
        ('{"job": "j", "transitions": "abc", "parameterSets": [{}]}', "transitions"),
    ],
)
def test_any_input_that_is_no_backfill_is_rejected_by_field(sets: Sets, given: str, field: str) -> None:
    sets.aws.backfills["reload"] = Run("reload", given)
    with pytest.raises(InvalidRequest) as rejected:
        next_step(sets)
    assert rejected.value.field == field


def test_where_it_stops_on_failures_sets_are_begun_in_groups(sets: Sets) -> None:
    begun(sets, maxConcurrency=2, stopOnFailures=2)
    assert begins(next_step(sets)) == [0, 1]
    assert begins(next_step(sets, "SUCCEEDED", "FAILED")) == [2]


@pytest.mark.parametrize("statuses", [("FAILED", "FAILED"), ("UNDECIDED", "FAILED"), ("UNDECIDED", "UNDECIDED")])
def test_after_as_many_failures_as_it_may_have_no_further_set_is_begun(sets: Sets, statuses: tuple[str, ...]) -> None:
    begun(sets, maxConcurrency=2, stopOnFailures=2)
    step = next_step(sets, *statuses)
    assert step["outcome"] == "incomplete"
    assert json.loads(step["cause"])["skipped"] == 1


def test_once_every_set_is_done_the_event_is_emitted_and_its_data_are_the_output(sets: Sets) -> None:
    begun(sets)
    step = next_step(sets, "SUCCEEDED", "DONE_BEFORE", "SUCCEEDED")
    event = sets.aws.events[backfill_event_id(ARN)]
    assert step == {"outcome": "succeeded", "data": event["data"]}
    assert event["data"]["backfillName"] == event["subject"] == "reload"
    assert event["data"]["startedAt"] == "2026-11-21T12:00:00Z"
    assert event["data"]["results"][0]["parameters"] == {"n": "1"}


def test_the_event_is_emitted_once_however_often_its_step_is_repeated(sets: Sets) -> None:
    begun(sets)
    for _ in range(2):
        assert next_step(sets, *["SUCCEEDED"] * 3)["outcome"] == "succeeded"
        sets.later += timedelta(minutes=1)
    assert len(sets.aws.events) == 1


def test_a_backfill_whose_event_is_not_taken_is_not_over(sets: Sets) -> None:
    begun(sets)
    sets.aws.reject("StartExecution", code="ServiceUnavailable")
    with pytest.raises(ProviderUnavailable):
        next_step(sets, *["SUCCEEDED"] * 3)


def test_a_backfill_that_is_not_shown_yet_is_asked_for_again(sets: Sets) -> None:
    with pytest.raises(ProviderUnavailable):
        next_step(sets)


@pytest.mark.parametrize("trigger", ["http", "schedule", "state_machine"])
def test_somebody_who_asks_with_a_request_sees_the_plan_and_starts_nothing(sets: Sets, trigger: Any) -> None:
    payload = {"job": "a-job", "parameterSets": THREE}
    answer = plan_backfill(sets.environment, Invocation(trigger, payload)).body
    assert [item["parameters"] for item in answer.model_dump()["items"]] == THREE
    assert sets.aws.asked == []
