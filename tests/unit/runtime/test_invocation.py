import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from farsync.model.errors import FarsyncError, InvalidRequest, JobNotFound, Throttled
from farsync.model.execution import ExecutionRef
from farsync.runtime.entrypoint import read_invocation, serve
from farsync.runtime.http_api import MOST_BODY_BYTES
from farsync.runtime.request import Answer, Invocation
from tools.http_api.routes import ROUTES, Route

EVENTS = Path(__file__).parents[3] / "events"


def sample(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return event


def echo(invocation: Invocation) -> Answer:
    return Answer(ExecutionRef(connection="c", job="작업", execution_id="e"), 202, {"location": "/runs/x"})


def reject_with(error: FarsyncError) -> Any:
    def reject(_: Invocation) -> Answer:
        raise error

    return reject


def test_a_post_gives_path_and_body_in_one_payload_with_caller_and_key() -> None:
    invocation = read_invocation(sample("manage_runs.http"))
    assert (invocation.trigger, invocation.route) == ("http", "POST /connections/{connection}/runs")
    assert (invocation.payload["connection"], invocation.payload["job"]) == ("default", "5Yns7JgRt25f")
    assert invocation.caller == "arn:aws:sts::123456789012:assumed-role/etl/night"
    assert invocation.idempotency_key == "night-2026-11-21"


def test_a_get_gives_path_and_query_in_one_payload() -> None:
    assert read_invocation(sample("list_jobs.http")).payload == {"connection": "default", "limit": "20", "page": "0"}


@pytest.mark.parametrize(
    ("name", "more", "status", "field"),
    [
        ("manage_runs.http", {"queryStringParameters": {"dryRun": "yes"}}, 400, "dryRun"),
        ("list_jobs.http", {"queryStringParameters": {"connection": "other"}}, 400, "connection"),
        ("list_jobs.http", {"body": '{"limit": 20}'}, 400, "body"),
        ("manage_runs.http", {"headers": {"content-type": "application/x-www-form-urlencoded"}}, 415, "content-type"),
        ("manage_runs.http", {"body": json.dumps({"job": "x" * MOST_BODY_BYTES})}, 413, "body"),
        ("manage_runs.http", {"body": '{"pollCostSeconds": NaN}'}, 400, "pollCostSeconds"),
        ("manage_runs.http", {"body": '{"condition": {"rate": 1e400}}'}, 400, "condition.rate"),
        ("manage_runs.http", {"body": '{"job": "x", "job": "y"}'}, 400, "job"),
        ("manage_runs.http", {"body": '{"labels": {"a": "1", "b": "", "a": "1"}}'}, 400, "labels.a"),
        ("manage_runs.http", {"body": '{"labels": {"note": "cut \\ud83d"}}'}, 400, "labels.note"),
        ("manage_runs.http", {"body": '{"condition": {"a": [{"\\udc00": 1}]}}'}, 400, "condition.a.0.\ufffd"),
        ("list_jobs.http", {"rawQueryString": "limit=20&page=0&limit=20"}, 400, "limit"),
        *(
            ("manage_runs.http", {"body": body}, 400, "body")
            for body in ("[" * 100_000, "{", "[1]", '"x"', "\udcff", '"\\ud83d"', "9" * 5000, "null")
        ),
        ("manage_runs.http", {"body": '{"connection": "other", "job": "x"}'}, 400, "connection"),
    ],
)
def test_a_field_in_the_wrong_place_or_form_is_named(name: str, more: dict[str, Any], status: int, field: str) -> None:
    response = serve({**sample(name), **more}, echo)
    assert response["statusCode"] == status
    assert json.loads(str(response["body"]))["field"] == field


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_a_body_may_say_more_of_its_type(content_type: str) -> None:
    event = sample("manage_runs.http")
    assert read_invocation({**event, "headers": {"content-type": content_type}}).payload["job"] == "5Yns7JgRt25f"


@pytest.mark.parametrize(
    ("claims", "caller"), [({"sub": "user-1", "client_id": "app"}, "user-1"), ({"client_id": "app"}, "app"), ({}, "")]
)
def test_a_caller_with_a_token_is_known_by_its_subject_or_its_client(claims: dict[str, str], caller: str) -> None:
    event = sample("manage_runs.http")
    event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    assert read_invocation(event).caller == caller


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation_id)
def test_there_is_a_sample_event_for_every_route(route: Route) -> None:
    samples = [json.loads(path.read_text()) for path in EVENTS.glob(f"{route.function}.http*.json")]
    (event,) = [event for event in samples if event["routeKey"] == event["requestContext"]["routeKey"] == route.key]
    assert read_invocation(event).payload.keys() >= set(route.path_parameters)
    assert event["rawPath"] == route.path.format(**event.get("pathParameters", {}))


def test_over_http_nobody_may_speak_for_a_run() -> None:
    event = sample("manage_runs.http")
    assert not read_invocation({**event, "body": '{"run": {}}'}).is_of_run
    assert read_invocation({"run": {}}).is_of_run


def test_a_body_in_base64_is_read() -> None:
    event = sample("manage_runs.http")
    event |= {"body": b64encode(event["body"].encode()).decode(), "isBase64Encoded": True}
    assert read_invocation(event).payload["job"] == "5Yns7JgRt25f"


def test_a_rule_hands_over_its_detail_and_a_schedule_or_state_machine_the_input_itself() -> None:
    assert read_invocation(sample("prepare_execution.schedule")).payload["job"] == "5Yns7JgRt25f"
    assert read_invocation(sample("manage_runs.schedule")).payload["job"] == "5Yns7JgRt25f"
    invocation = read_invocation({"job": "x"})
    assert (invocation.trigger, invocation.payload) == ("state_machine", {"job": "x"})


@pytest.mark.parametrize(
    "event",
    [
        None,
        "text",
        ["list"],
        {"Records": [{"eventSource": "aws:sqs"}]},
        {"httpMethod": "GET", "path": "/"},
        {"detail-type": "x", "detail": "text"},
        {"scheduledTime": "2026-11-21T03:00:00Z"},
    ],
)
def test_an_event_of_no_known_shape_is_rejected(event: object) -> None:
    with pytest.raises(InvalidRequest):
        serve(event, echo)


def test_an_http_caller_gets_status_headers_and_text_as_it_is() -> None:
    response = serve(sample("manage_runs.http"), echo)
    assert response["statusCode"] == 202
    assert response["headers"] == {"content-type": "application/json", "location": "/runs/x"}
    assert "작업" in str(response["body"])


@pytest.mark.parametrize(
    ("error", "status", "field", "retry_after"),
    [
        (InvalidRequest("job: is required", field="job"), 400, "job", None),
        (InvalidRequest("the provider rejected the request"), 400, None, None),
        (Throttled("slower", retry_after_seconds=7.4), 429, None, "8"),
    ],
)
def test_an_http_caller_gets_a_rejection_as_a_problem(
    error: FarsyncError, status: int, field: str | None, retry_after: str | None
) -> None:
    response = serve(sample("manage_runs.http"), reject_with(error))
    headers: Any = response["headers"]
    assert (headers["content-type"], headers.get("retry-after")) == ("application/problem+json", retry_after)
    problem = json.loads(str(response["body"]))
    assert response["statusCode"] == problem["status"] == status
    assert (problem["type"], problem["detail"]) == (type(error).__name__, str(error))
    assert problem.get("field") == field


def test_a_state_machine_gets_the_body_itself_or_an_exception_of_the_rejections_name() -> None:
    assert serve({"job": "x"}, echo) == {"connection": "c", "job": "작업", "executionId": "e"}
    with pytest.raises(JobNotFound):
        serve({"job": "x"}, reject_with(JobNotFound("no such job")))
