"""Texts that JSON allows and that nobody after us can write, at every door of people, and in every answer."""

import json
from typing import Any

import pytest

from farsync.model.errors import InvalidRequest
from farsync.operations.plan_backfill import plan_backfill
from farsync.operations.prepare_execution import prepare
from farsync.operations.trigger_execution import start
from farsync.operations.watch_jobs import watch
from tests.unit.operations.aws_in_memory import Run, execution_arn
from tests.unit.operations.cloud import Cloud, UseCase
from tests.unit.operations.http_client import HttpClient
from tests.unit.operations.marks import only
from tests.unit.operations.runs_client import RunsClient

pytestmark = only("cloud", "data-flow")

HALF = "cut \ud83d"
THIS_RUN = {"name": "a-run", "startedAt": "2027-01-15T08:00:00Z", "redriveCount": 0}
IN_A_RUN_REQUEST: dict[str, dict[str, Any]] = {
    "job": {"job": HALF},
    "labels.note": {"job": "j", "labels": {"note": HALF}},
    "labels.cut \ufffd": {"job": "j", "labels": {HALF: "note"}},
    "parameters.$n": {"job": "j", "parameters": {"$n": HALF}},
    "parameters.cut \ufffd": {"job": "j", "parameters": {HALF: "n"}},
    "parameters.$n.format": {
        "job": "j",
        "parameters": {"$n": {"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul", "format": HALF}},
    },
    "condition.a.0": {"job": "j", "condition": {"a": [HALF]}},
    "cut \ufffd": {"job": "j", HALF: 1},
}
IN_A_BACKFILL: dict[str, dict[str, Any]] = {
    **IN_A_RUN_REQUEST,
    "intent": {"job": "j", "intent": HALF, "parameterSets": [{"a": "b"}]},
    "parameterSets.1.a": {"job": "j", "parameterSets": [{"a": "b"}, {"a": HALF}]},
    "dates.parameter": {"job": "j", "dates": {"from": "2026-01-01", "to": "2026-01-02", "parameter": HALF}},
}


def rejected_field(cloud: Cloud, use_case: UseCase, payload: dict[str, Any]) -> str:
    with pytest.raises(InvalidRequest, match="half of a surrogate pair") as rejected:
        cloud.ask(use_case, payload)
    str(rejected.value).encode()
    return rejected.value.field


@pytest.mark.parametrize("field", IN_A_RUN_REQUEST)
def test_a_run_request_is_rejected_by_field_over_http_and_inside_a_run(cloud: Cloud, field: str) -> None:
    client, request = RunsClient(cloud), IN_A_RUN_REQUEST[field]
    answered = client.post(request)
    assert (answered.status, answered.body["field"], client.aws.runs) == (400, field, {})
    assert rejected_field(cloud, prepare, {"request": request, "run": THIS_RUN}) == field
    assert cloud.emulator.exchanges == 0


def test_a_start_that_no_run_follows_is_rejected_by_field(cloud: Cloud) -> None:
    client = HttpClient(cloud.environment, start)
    route = "POST /connections/{connection}/jobs/{job}/executions"
    answered = client.call(route, "/connections/default/jobs/j/executions", {"parameters": {"$n": HALF}})
    assert (answered.status, answered.body["field"]) == (400, "parameters.$n")


@pytest.mark.parametrize("field", IN_A_BACKFILL)
def test_a_backfill_is_rejected_by_field_before_a_run_begins(cloud: Cloud, field: str) -> None:
    cloud.aws.backfills["b"] = Run("b", json.dumps(IN_A_BACKFILL[field]))
    assert rejected_field(cloud, plan_backfill, IN_A_BACKFILL[field]) == field
    progress = {"executionArn": execution_arn("run_backfill", "b"), "results": []}
    assert rejected_field(cloud, plan_backfill, progress) == field


def test_the_jobs_to_watch_are_rejected_by_field(cloud: Cloud) -> None:
    payload = {"watch": [{"connection": "default", "jobs": ["j", HALF]}]}
    assert rejected_field(cloud, watch, payload) == "watch.0.jobs.1"


@pytest.mark.parametrize("state", ["RUNNING", "FAILED", "ABORTED"])
@pytest.mark.parametrize("field", IN_A_RUN_REQUEST)
def test_a_run_that_somebody_started_with_such_a_text_is_shown_and_listed_with_a_mark_in_its_place(
    cloud: Cloud, field: str, state: str
) -> None:
    client, request = RunsClient(cloud), IN_A_RUN_REQUEST[field]
    client.aws.runs["x"] = Run("x", json.dumps(request), status=state, error="mine", cause=HALF)
    client.aws.runs["x"].stopped_at = client.aws.clock() - 1
    shown = client.get().body
    assert shown["request"] == json.loads(json.dumps(request).replace(r"\ud83d", r"\ufffd"))
    listed = "RUNNING" if state == "RUNNING" else "STOPPING"
    assert [run["name"] for run in client.list(f"?state={listed}").body["runs"]] == ["x"]
