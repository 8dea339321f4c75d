"""Start only, poll and cancel over HTTP: nobody waits, and no event is emitted."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from farsync.operations.cancel_execution import cancel
from farsync.operations.get_execution import get_execution
from farsync.operations.trigger_execution import start
from tests.unit.operations.followed_runs import started
from tests.unit.operations.http_client import Answered, HttpClient
from tests.unit.operations.old_cloud import Cloud, UseCase, cloud, slow_cloud  # noqa: F401

EXECUTIONS = "/connections/{connection}/jobs/{job}/executions"


def call(cloud: Cloud, use_case: UseCase, route: str, target: str, body: object = None, **more: Any) -> Answered:
    return HttpClient(cloud.environment, use_case).call(route, target, body, **more)


def post(cloud: Cloud, job: str, body: object = None, **more: Any) -> Answered:
    target = f"/connections/default/jobs/{quote(job)}/executions"
    return call(cloud, start, f"POST {EXECUTIONS}", target, body, **more)


def get(cloud: Cloud, target: str) -> Answered:
    return call(cloud, get_execution, f"GET {EXECUTIONS}/{{executionId}}", target)


def test_a_start_answers_with_the_place_where_the_execution_is_shown(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job()
    started = post(slow_cloud, job, {"parameters": {slow_cloud.emulator.parameter: "sales"}})
    assert started.status == 201
    (execution,) = slow_cloud.emulator.truly_started(job)
    assert execution.parameters == {slow_cloud.emulator.parameter: "sales"}
    assert started.body["execution"]["executionId"] == execution.execution_id
    assert int(started.headers["retry-after"]) == started.body["waitSeconds"] >= 1
    assert get(slow_cloud, started.headers["location"]).status == 200


def test_a_poll_says_when_to_poll_again_until_the_end(slow_cloud: Cloud) -> None:
    seen = get(slow_cloud, post(slow_cloud, slow_cloud.emulator.make_job()).headers["location"])
    assert seen.body["execution"]["status"] in {"PENDING", "RUNNING"}
    assert int(seen.headers["retry-after"]) == seen.body["waitSeconds"] >= 1


def test_an_execution_that_is_over_need_not_be_asked_for_again(cloud: Cloud) -> None:
    started = post(cloud, cloud.emulator.make_job())
    cloud.wait_until_over(*(started.body["execution"][name] for name in ("job", "executionId")))
    seen = get(cloud, started.headers["location"])
    assert seen.body["execution"]["providerStatus"] == cloud.emulator.succeeded_word
    assert "retry-after" not in seen.headers
    assert "waitSeconds" not in seen.body


def test_a_cancel_is_accepted_and_ends_the_execution(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job()
    started = post(slow_cloud, job)
    route, target = f"POST {EXECUTIONS}/{{executionId}}/cancel", f"{started.headers['location']}/cancel"
    canceled = call(slow_cloud, cancel, route, target)
    assert (canceled.status, canceled.body) == (202, {"execution": started.body["execution"]})
    slow_cloud.wait_until_over(job, started.body["execution"]["executionId"])
    assert call(slow_cloud, cancel, route, target, {}).status == 202
    assert slow_cloud.emulator.truly_started(job)[0].status == slow_cloud.emulator.canceled_word


@pytest.mark.parametrize("fault", ["reset_after", "http_503"])
def test_an_unconfirmed_start_is_answered_as_such_with_what_to_do(cloud: Cloud, fault: str) -> None:
    job = cloud.emulator.make_job()
    cloud.emulator.add_fault(job, "start", fault)
    rejected = post(cloud, job)
    assert (rejected.status, rejected.body["type"]) == (504, "StartUnconfirmed")
    assert "before you post again" in rejected.body["detail"]
    assert len(cloud.emulator.truly_started(job)) <= 1


def test_a_job_that_runs_is_not_started_again_where_that_is_not_wanted(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job()
    assert post(slow_cloud, job, {"ifRunning": "fail"}).status == 201
    assert post(slow_cloud, job, {"ifRunning": "fail"}).body["type"] == "AlreadyRunning"
    assert len(slow_cloud.emulator.truly_started(job)) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"labels": {"a": "b"}}, "labels"),
        ({"ifRunning": "wait"}, "ifRunning"),
        ({"parameters": {"a": 5}}, "parameters.a"),
        ({"condition": {"timeout": -5}}, "condition.timeout"),
        ({"job": "other"}, "job"),
        ({"if_running": "start"}, "if_running"),
    ],
)
def test_what_a_mere_start_cannot_heed_is_rejected(cloud: Cloud, body: dict[str, Any], field: str) -> None:
    job = cloud.emulator.make_job()
    rejected = post(cloud, job, body)
    assert (rejected.status, rejected.body["field"]) == (400, field)
    assert cloud.emulator.truly_started(job) == []


def test_a_start_larger_than_a_run_request_may_be_is_rejected(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    rejected = post(cloud, job, {"parameters": {"sql": "x" * 103_000}})
    assert (rejected.status, rejected.body["type"]) == (400, "InvalidRequest")
    assert cloud.emulator.truly_started(job) == []


def test_an_idempotency_key_is_rejected_where_it_could_not_be_kept(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    assert post(cloud, job, key="night").body["field"] == "idempotency-key"
    assert cloud.emulator.truly_started(job) == []


@pytest.mark.parametrize("use_case", [start, cancel])
def test_nobody_reaches_another_connection_by_the_word_of_a_run(slow_cloud: Cloud, use_case: UseCase) -> None:
    job = slow_cloud.emulator.make_job()
    run = started(slow_cloud, job)
    target = f"/connections/other/jobs/{quote(job)}/executions"
    if use_case is cancel:
        route, target = f"POST {EXECUTIONS}/{{executionId}}/cancel", f"{target}/{run['executionId']}/cancel"
    else:
        route = f"POST {EXECUTIONS}"
    rejected = call(slow_cloud, use_case, route, target, {"run": run})
    assert (rejected.status, rejected.body["field"]) == (400, "run")
    assert slow_cloud.emulator.truly_started(job)[0].status != slow_cloud.emulator.canceled_word
    assert "other" not in json.dumps(slow_cloud.secrets_fetched)
