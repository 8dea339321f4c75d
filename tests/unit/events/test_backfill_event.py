"""The event of a backfill, for backfills larger than tests would run."""

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from farsync.events.backfill_event import (
    LARGEST_RESULTS_BYTES,
    RESULTS_SHOWN,
    BackfillResult,
    SetStatus,
    backfill_cause,
    backfill_event,
)
from farsync.events.event_json import LONGEST_CAUSE, bytes_within_json, event_document
from tools.export_event_schema import backfill_event_schema

ARN = "arn:aws:states:ap-northeast-2:123456789012:execution:farsync-run_backfill:reload"


def results(status: SetStatus, count: int, first: int = 0, **more: Any) -> list[BackfillResult]:
    return [
        BackfillResult(index=index, status=status, run_name=f"r{index}", **more)
        for index in range(first, first + count)
    ]


def composed(
    done: list[BackfillResult], sets: int, value: str = "x", execution_arn: str = ARN
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The event, and the cause of a backfill that fails with it."""
    event = backfill_event(
        execution_arn=execution_arn,
        name="reload",
        connection="default",
        job="작업 1",
        labels={"team": "night"},
        results=done,
        parameters={index: {"a": value} for index in range(sets)},
        started_at=datetime(2026, 11, 21, 3, tzinfo=UTC),
        ended_at=datetime(2026, 11, 21, 4, tzinfo=UTC),
    )
    document = event_document(event)
    jsonschema.Draft202012Validator(backfill_event_schema()).validate(document)
    cause = backfill_cause(event)
    assert len(cause) <= LONGEST_CAUSE
    return document, json.loads(cause)


def shown(event: dict[str, Any]) -> list[str]:
    return [result["status"] for result in event["data"]["results"]]


@pytest.mark.parametrize(
    ("done", "sets", "status"),
    [
        (results("SUCCEEDED", 1), 1, "SUCCEEDED"),
        (results("DONE_BEFORE", 1), 1, "SUCCEEDED"),
        (results("SUCCEEDED", 1), 2, "FAILED"),
        (results("FAILED", 1), 1, "FAILED"),
        (results("UNDECIDED", 1), 1, "FAILED"),
    ],
)
def test_it_is_a_success_where_every_set_is_done(done: list[BackfillResult], sets: int, status: str) -> None:
    assert composed(done, sets)[0]["data"]["status"] == status


def test_of_many_sets_those_that_need_somebody_are_shown_first() -> None:
    done = results("SUCCEEDED", 60) + results("FAILED", 20, first=60) + results("UNDECIDED", 10, first=80)
    event, cause = composed(done, 100)
    assert shown(event) == [*["UNDECIDED"] * 10, *["FAILED"] * 20, *["SKIPPED"] * 10, *["SUCCEEDED"] * 10]
    assert len(shown(event)) == RESULTS_SHOWN
    names = ("total", "succeeded", "doneBefore", "failed", "undecided", "skipped")
    assert [event["data"][name] for name in names] == [100, 60, 0, 20, 10, 10]
    first = [{**result} for result in event["data"]["results"][:10]]
    assert [result.pop("parameters") for result in first] == [{"a": "x"}] * 10
    assert cause == {**event["data"], "results": first}


@pytest.mark.parametrize(("too_many", "has_parameters"), [(0, True), (1, False)])
def test_parameters_are_shown_as_long_as_they_fit(too_many: int, has_parameters: bool) -> None:
    empty = composed(results("SUCCEEDED", 1), 1, value="")[0]["data"]["results"]
    rest = LARGEST_RESULTS_BYTES - bytes_within_json(json.dumps(empty, separators=(",", ":")))
    event, _ = composed(results("SUCCEEDED", 1), 1, value="x" * (rest + too_many))
    assert [("parameters" in result) for result in event["data"]["results"]] == [has_parameters]


def test_its_source_is_that_of_the_jobs_other_events() -> None:
    assert composed([], 1)[0]["source"] == "urn:farsync:default:%EC%9E%91%EC%97%85%201"


def test_an_event_is_named_by_the_execution_that_emits_it() -> None:
    first, second, again = (composed([], 1, execution_arn=f"{ARN}-{number}")[0]["id"] for number in (1, 2, 1))
    assert first == again != second
