"""A reply that belongs to another question is no answer: it is asked for again, on a new connection."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from farsync.model.errors import ProviderUnavailable, StartUnconfirmed
from farsync.model.execution import ExecutionStatus
from farsync.providers.base import Provider
from tests.unit.http_client.wire_server import Respond, reply, wire_server

Opener = Callable[..., Provider]
Shape = Callable[[str, str], dict[str, Any]]

EXECUTION: Mapping[str, Shape] = {
    "naver": lambda job, number: {"jobExecutionId": number, "jobId": job, "status": "COMPLETED"},
    "huawei": lambda job, number: {"instanceId": int(number), "jobName": job, "status": "success"},
}
JOB: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "naver": lambda job: {"jobId": job, "name": "a name", "status": "RUNNABLE"},
    "huawei": lambda job: {"name": job, "processType": "BATCH"},
}
LIST = {"naver": {"items": "list", "total": "count"}, "huawei": {"items": "instances", "total": "total"}}
REJECTED = {"errorType": "bad-state", "error_code": "DLF.3051"}


@pytest.fixture(params=["naver", "huawei"])
def cloud(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_cloud(cloud: str, open_naver: Opener, open_huawei: Opener) -> Opener:
    return {"naver": open_naver, "huawei": open_huawei}[cloud]


def ok(content: object) -> Respond:
    return reply(200, json.dumps(content).encode())


def in_words_of(cloud: str, listing: dict[str, object]) -> dict[str, object]:
    return {LIST[cloud][name]: value for name, value in listing.items()}


def a_list(cloud: str, *entries: object) -> dict[str, object]:
    return in_words_of(cloud, {"items": entries, "total": len(entries)})


@pytest.mark.parametrize(("job", "number"), [("daily", "8"), ("hourly", "7"), ("hourly", "8")])
def test_the_end_of_another_execution_is_not_taken_for_ours(
    cloud: str, open_cloud: Opener, job: str, number: str
) -> None:
    ours = {**EXECUTION[cloud]("daily", "7"), "status": "RUNNING"}
    with wire_server(ok(EXECUTION[cloud](job, number)), ok(ours)) as server:
        execution = open_cloud(server).get_execution("daily", "7")

    assert (execution.ref.execution_id, execution.status) == ("7", ExecutionStatus.RUNNING)
    assert server.connections_opened == 2


def test_answers_that_stay_about_another_execution_mean_that_the_provider_is_unavailable(
    cloud: str, open_cloud: Opener
) -> None:
    with wire_server(ok(EXECUTION[cloud]("daily", "8"))) as server:
        provider = open_cloud(server)
        with pytest.raises(ProviderUnavailable, match="about another job or execution"):
            provider.get_execution("daily", "7")


def test_an_answer_that_names_neither_job_nor_more_than_its_id_is_taken(cloud: str, open_cloud: Opener) -> None:
    shown = EXECUTION[cloud]("daily", "7")
    with wire_server(ok({name: shown[name] for name in shown.keys() - {"jobId", "jobName"}})) as server:
        assert open_cloud(server).get_execution("daily", "7").status is ExecutionStatus.SUCCEEDED


def test_the_name_of_a_data_flow_job_is_not_held_against_its_id(open_naver: Opener) -> None:
    with wire_server(ok({**EXECUTION["naver"]("daily", "7"), "jobName": "The daily job"})) as server:
        assert open_naver(server).get_execution("daily", "7").job_name == "The daily job"


def test_another_job_is_not_taken_for_ours(cloud: str, open_cloud: Opener) -> None:
    empty = [ok({"jobs": [], "total": 0})] if cloud == "huawei" else []
    with wire_server(*empty, ok(JOB[cloud]("hourly")), ok(JOB[cloud]("daily"))) as server:
        assert open_cloud(server).get_job("daily").job == "daily"


def test_a_start_answered_for_another_job_may_have_begun_ours(cloud: str, open_cloud: Opener) -> None:
    with wire_server(ok(EXECUTION[cloud]("hourly", "7"))) as server:
        provider = open_cloud(server)
        with pytest.raises(StartUnconfirmed, match="about another job or execution"):
            provider.start("daily", condition=None, parameters={})

    assert len(server.requests) == 1


def test_a_rejected_cancel_is_no_success_because_another_execution_is_over(cloud: str, open_cloud: Opener) -> None:
    rejected = reply(400, json.dumps(REJECTED).encode())
    with wire_server(rejected, ok(EXECUTION[cloud]("daily", "8"))) as server:
        provider = open_cloud(server)
        with pytest.raises(ProviderUnavailable):
            provider.cancel("daily", "7")


def test_the_list_of_another_job_does_not_mean_that_ours_has_no_executions(cloud: str, open_cloud: Opener) -> None:
    foreign = a_list(cloud, EXECUTION[cloud]("hourly", "8"))
    with wire_server(ok(foreign), ok(a_list(cloud, EXECUTION[cloud]("daily", "7")))) as server:
        page = open_cloud(server).list_executions("daily")

    assert [one.ref.execution_id for one in page.items] == ["7"]


@pytest.mark.parametrize("name", ["daily.v1_2", "x_DAILY.V1", "daily.v1"])
def test_a_list_that_matches_names_loosely_may_hold_none_of_ours(open_huawei: Opener, name: str) -> None:
    with wire_server(ok(a_list("huawei", EXECUTION["huawei"](name, "8")))) as server:
        page = open_huawei(server).list_executions("daily.v1")

    assert len(page.items) == (name == "daily.v1")
    assert len(server.requests) == 1


def test_the_reason_of_another_jobs_failure_is_not_reported_as_ours(open_huawei: Opener) -> None:
    failed = {"status": "fail", "planTime": 1768463000000, "startTime": 1768463005000}
    foreign = {"instanceId": 7, "jobName": "hourly", "errorMessage": "another's"}
    answers = ok({**EXECUTION["huawei"]("daily", "7"), **failed}), ok(a_list("huawei", foreign))
    with wire_server(*answers) as server:
        execution = open_huawei(server).get_execution("daily", "7")

    assert (execution.status, execution.failure_reason) == (ExecutionStatus.FAILED, None)


@pytest.mark.parametrize(
    "shape",
    [{"items": None, "total": 0}, {"items": None}, {"total": 0}, {"total": "0"}, {"items": [], "total": 0}],
)
def test_a_job_that_never_ran_has_no_executions_however_that_is_written(
    cloud: str, open_cloud: Opener, shape: dict[str, object]
) -> None:
    with wire_server(ok(in_words_of(cloud, shape))) as server:
        page = open_cloud(server).list_executions("daily")

    assert (page.items, len(server.requests)) == ((), 1)


@pytest.mark.parametrize(
    "shape",
    [{"items": None, "total": 3}, {"total": 3}, {}, {"items": "none", "total": 0}],
)
def test_a_list_that_is_missing_is_not_taken_for_an_empty_one(
    cloud: str, open_cloud: Opener, shape: dict[str, object]
) -> None:
    with wire_server(ok(in_words_of(cloud, shape))) as server:
        provider = open_cloud(server)
        with pytest.raises(ProviderUnavailable, match="cannot be read"):
            provider.list_executions("daily")


def test_an_account_without_jobs_has_an_empty_list(cloud: str, open_cloud: Opener) -> None:
    empty = {"list": None, "count": 0, "jobs": None, "total": 0}
    with wire_server(ok(empty)) as server:
        assert open_cloud(server).list_jobs().items == ()
