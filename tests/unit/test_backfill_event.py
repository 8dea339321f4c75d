"""The event of a backfill as its state machine composes it, for backfills larger than tests would run."""

from typing import Any

import jsonschema
import pytest

from farsync.events.backfill_event import RESULTS_TOLD, BackfillEvent
from sandbox.aws.moto_mends.jsonata_evaluation import evaluate
from tests.support.transitions import definition
from tools.export_event_schema import backfill_event_schema

EXECUTION = {
    "Id": "arn:aws:states:ap-northeast-2:123456789012:execution:farsync-run_backfill:reload",
    "Name": "reload",
    "StartTime": "2026-11-21T03:00:00.000Z",
}
PLAN = {"connection": "default", "job": "작업 1", "labels": {"team": "night"}}


def results(status: str, count: int, first: int = 0, value: str = "x") -> list[dict[str, Any]]:
    return [
        {"index": index, "status": status, "runName": f"r{index}", "parameters": {"a": value}}
        for index in range(first, first + count)
    ]


def left(count: int, first: int) -> list[dict[str, Any]]:
    return [{"index": index, "key": "k", "parameters": {"a": "x"}} for index in range(first, first + count)]


def composed(results: list[dict[str, Any]], left: list[dict[str, Any]]) -> dict[str, Any]:
    expression = definition("run_backfill")["States"]["Compose"]["Assign"]["event"]
    variables = {
        "plan": PLAN,
        "results": results,
        "left": left,
        "states": {"context": {"Execution": EXECUTION}},
    }
    event: dict[str, Any] = evaluate(expression.strip().removeprefix("{%").removesuffix("%}"), variables)
    jsonschema.Draft202012Validator(backfill_event_schema()).validate(event)
    BackfillEvent.model_validate(event)
    return event


def told(event: dict[str, Any]) -> list[str]:
    return [one["status"] for one in event["data"]["results"]]


@pytest.mark.parametrize(
    ("done", "not_begun", "status"),
    [
        (results("SUCCEEDED", 1), [], "SUCCEEDED"),
        (results("DONE_BEFORE", 1), [], "SUCCEEDED"),
        (results("SUCCEEDED", 1), left(1, 1), "FAILED"),
        (results("FAILED", 1), [], "FAILED"),
    ],
)
def test_it_is_a_success_where_nothing_failed_or_was_skipped(
    done: list[dict[str, Any]], not_begun: list[dict[str, Any]], status: str
) -> None:
    assert composed(done, not_begun)["data"]["status"] == status


def test_of_many_sets_those_that_failed_are_told_first_then_those_skipped() -> None:
    done = results("SUCCEEDED", 60) + results("FAILED", 30, first=60)
    event = composed(done, left(10, first=90))
    assert told(event) == [*["FAILED"] * 30, *["SKIPPED"] * 10, *["SUCCEEDED"] * 10]
    assert len(told(event)) == RESULTS_TOLD
    counts = {name: event["data"][name] for name in ("total", "succeeded", "doneBefore", "failed", "skipped")}
    assert counts == {"total": 100, "succeeded": 60, "doneBefore": 0, "failed": 30, "skipped": 10}


def test_parameters_are_told_as_long_as_they_fit() -> None:
    short, long = (composed(results("FAILED", 20, value="x" * length), []) for length in (1000, 10_000))
    assert all(one["parameters"] for one in short["data"]["results"])
    assert not any("parameters" in one for one in long["data"]["results"])
    assert len(told(long)) == 20


def test_its_source_is_that_of_the_jobs_other_events() -> None:
    assert composed(results("SUCCEEDED", 1), [])["source"] == "urn:farsync:default:%EC%9E%91%EC%97%85%201"
