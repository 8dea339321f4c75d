"""What run_backfill composes of its results."""

import json
from typing import Any

import jsonschema

from tests.unit.state_machines.expressions import given_by, state
from tools.export_event_schema import backfill_event_schema

MOST_CHARACTERS = 100_000
PLAN = {"connection": "default", "job": "j", "labels": {}}
EXECUTION = {
    "Id": "arn:aws:states:ap-northeast-2:123456789012:execution:farsync-run_backfill:reload",
    "Name": "reload",
    "StartTime": "2026-11-21T03:00:00.000Z",
}


def composed(*results: dict[str, Any], execution_arn: str = EXECUTION["Id"]) -> dict[str, Any]:
    states = {"context": {"Execution": {**EXECUTION, "Id": execution_arn}}}
    variables = {"states": states, "plan": PLAN, "results": list(results), "left": []}
    event: dict[str, Any] = given_by(state("run_backfill", "Compose")["Assign"]["event"], variables, now_seconds=0)
    jsonschema.Draft202012Validator(backfill_event_schema()).validate(event)
    return event


def result_of_length(characters: int) -> dict[str, Any]:
    """One whose list is that long as JSON."""
    result = {"index": 0, "status": "SUCCEEDED", "runName": "r", "parameters": {"p": ""}}
    result["parameters"] = {"p": "x" * (characters - len(json.dumps([result], separators=(",", ":"))))}
    return result


def test_results_are_told_with_their_parameters_up_to_a_length() -> None:
    result = result_of_length(MOST_CHARACTERS)
    assert composed(result)["data"]["results"] == [result]


def test_longer_results_are_told_without_their_parameters() -> None:
    result = result_of_length(MOST_CHARACTERS + 1)
    assert composed(result)["data"]["results"] == [{"index": 0, "status": "SUCCEEDED", "runName": "r"}]


def test_an_event_is_named_by_the_execution_that_tells_it() -> None:
    first, second = (composed(execution_arn=f"{EXECUTION['Id']}-{n}") for n in (1, 2))
    assert first["id"] != second["id"]
    assert composed()["id"] == composed()["id"]
