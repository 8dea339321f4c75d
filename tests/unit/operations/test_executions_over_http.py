"""Start only, poll and cancel over HTTP: nobody waits, and no event is emitted."""

from typing import Any
from urllib.parse import quote

import pytest

from farsync.operations.cancel_execution import cancel
from farsync.operations.get_execution import get_execution
from farsync.operations.trigger_execution import start
from tests.unit.operations.cloud import Cloud
from tests.unit.operations.http_client import Answered, HttpClient
from tests.unit.operations.marks import DATA_FLOW

EXECUTIONS = "/connections/{connection}/jobs/{job}/executions"


def post(cloud: Cloud, body: object = None, **more: Any) -> Answered:
    target = f"/connections/default/jobs/{quote(cloud.job)}/executions"
    return HttpClient(cloud.environment, start).call(f"POST {EXECUTIONS}", target, body, **more)


def get(cloud: Cloud, started: Answered) -> Answered:
    client = HttpClient(cloud.environment, get_execution)
    return client.call(f"GET {EXECUTIONS}/{{executionId}}", started.headers["location"])


def post_cancel(cloud: Cloud, location: str, body: object = None) -> Answered:
    client = HttpClient(cloud.environment, cancel)
    return client.call(f"POST {EXECUTIONS}/{{executionId}}/cancel", f"{location}/cancel", body)


def test_a_start_answers_with_the_place_where_the_execution_is_shown_and_when_to_poll(slow_cloud: Cloud) -> None:
    started = post(slow_cloud, {"parameters": {slow_cloud.emulator.parameter: "sales"}})
    assert started.status == 201
    (execution,) = slow_cloud.emulator.truth()
    assert execution.value == "sales"
    assert started.body["execution"]["executionId"] == execution.execution_id
    assert int(started.headers["retry-after"]) == started.body["waitSeconds"] >= 1
    shown = get(slow_cloud, started)
    assert shown.body["execution"]["status"] in {"PENDING", "RUNNING"}
    assert int(shown.headers["retry-after"]) == shown.body["waitSeconds"] >= 1


def test_an_execution_that_is_over_need_not_be_asked_for_again(cloud: Cloud) -> None:
    started = post(cloud)
    cloud.wait_until_over(started.body["execution"]["executionId"])
    shown = get(cloud, started)
    assert shown.body["execution"]["providerStatus"] == cloud.emulator.succeeded_word
    assert "retry-after" not in shown.headers
    assert "waitSeconds" not in shown.body


def test_a_cancel_is_accepted_and_ends_the_execution_and_may_be_repeated(slow_cloud: Cloud) -> None:
    started = post(slow_cloud)
    canceled = post_cancel(slow_cloud, started.headers["location"])
    assert (canceled.status, canceled.body) == (202, {"execution": started.body["execution"]})
    slow_cloud.wait_until_over(started.body["execution"]["executionId"])
    assert post_cancel(slow_cloud, started.headers["location"], {}).status == 202
    assert slow_cloud.emulator.truth()[0].status == slow_cloud.emulator.canceled_word


@DATA_FLOW
def test_a_start_takes_the_name_of_a_job_for_its_id(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job(name="night_load")
    target = "/connections/default/jobs/night_load/executions"
    started = HttpClient(slow_cloud.environment, start).call(f"POST {EXECUTIONS}", target, None)
    assert started.body["execution"]["job"] == job
    assert len(slow_cloud.emulator.truth(job)) == 1


@DATA_FLOW
def test_a_start_takes_options_of_the_provider(slow_cloud: Cloud) -> None:
    started = post(slow_cloud, {"providerOptions": {"workflowId": "pJ1HCEI7L9ha"}})
    execution_id = started.body["execution"]["executionId"]
    assert slow_cloud.provider().get_execution(slow_cloud.job, execution_id).is_manual is False


@pytest.mark.parametrize("fault", ["reset_after", "http_503"])
def test_an_unconfirmed_start_is_answered_as_such_with_the_remedy(cloud: Cloud, fault: str) -> None:
    cloud.fault("start", fault)
    rejected = post(cloud)
    assert (rejected.status, rejected.body["type"]) == (504, "StartUnconfirmed")
    assert "before you post again" in rejected.body["detail"]
    assert len(cloud.emulator.truth()) <= 1


def test_a_job_that_runs_is_not_started_again_where_that_is_not_wanted(slow_cloud: Cloud) -> None:
    assert post(slow_cloud, {"ifRunning": "fail"}).status == 201
    assert post(slow_cloud, {"ifRunning": "fail"}).body["type"] == "AlreadyRunning"
    assert len(slow_cloud.emulator.truth()) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"labels": {"a": "b"}}, "labels"),
        ({"ifRunning": "wait"}, "ifRunning"),
        ({"ifRunning": "attach"}, "ifRunning"),
        ({"parameters": {"a": 5}}, "parameters.a"),
        ({"condition": {"timeout": -5}}, "condition.timeout"),
        ({"job": "other"}, "job"),
        ({"if_running": "start"}, "if_running"),
        ({"parameters": {"sql": "x" * 103_000}}, "$"),
    ],
    ids=["labels", "wait", "attach", "number", "time-out", "another-job", "snake-case", "large"],
)
@DATA_FLOW
def test_a_field_that_a_mere_start_cannot_heed_is_rejected(slow_cloud: Cloud, body: dict[str, Any], field: str) -> None:
    rejected = post(slow_cloud, body)
    assert (rejected.status, rejected.body["type"], rejected.body["field"]) == (400, "InvalidRequest", field)
    assert slow_cloud.emulator.truth() == []


@DATA_FLOW
def test_an_idempotency_key_is_rejected_where_it_could_not_be_kept(slow_cloud: Cloud) -> None:
    assert post(slow_cloud, key="night").body["field"] == "idempotency-key"
    assert slow_cloud.emulator.truth() == []


@DATA_FLOW
def test_nobody_reaches_another_connection_by_the_variable_of_a_run(slow_cloud: Cloud) -> None:
    run = slow_cloud.begun()["run"]
    location = f"/connections/other/jobs/{slow_cloud.job}/executions"
    posted = HttpClient(slow_cloud.environment, start).call(f"POST {EXECUTIONS}", location, {"run": run})
    canceled = post_cancel(slow_cloud, f"{location}/{run['executionId']}", {"run": run})
    for rejected in (posted, canceled):
        assert (rejected.status, rejected.body["field"]) == (400, "run")
    assert [execution.is_cancel_requested for execution in slow_cloud.emulator.truth()] == [False]
    assert "other" not in str(slow_cloud.secrets_fetched)
