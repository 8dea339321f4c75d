"""The operations of DataArts Factory over real sockets: what is asked, and what an answer leads to."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from farsync.model.errors import (
    ExecutionNotFound,
    FarsyncError,
    InvalidRequest,
    JobNotFound,
    ProviderUnavailable,
    StartUnconfirmed,
)
from farsync.model.execution import ExecutionStatus
from farsync.providers.base import Provider
from farsync.signing.huawei import HuaweiKeys, sign
from tests.unit.http_client.wire_server import reply, reset, truncate, wire_server
from tests.unit.providers.huawei_replies import NOW, PROJECT, fixture

WORKSPACE = "d1cd7861478748a6925bc02f47c69279"
REJECTED = {"error_code": "DLF.3051", "error_msg": "The request parameter is invalid."}
NO_INSTANCE = {"error_code": "DLF.0137", "error_msg": "Job instance does not exist."}
NO_JOB = {"error_code": "DLF.30100", "error_msg": "The job not found"}

Opener = Callable[..., Provider]


def as_bytes(content: object) -> bytes:
    return json.dumps(content).encode()


def query_of(target: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(target).query))


def test_every_request_names_project_and_workspace_and_is_signed_with_them(open_huawei: Opener) -> None:
    with wire_server(reply(200, fixture("view_instance"))) as server:
        open_huawei(server, workspace=WORKSPACE, securityToken="token").get_execution("job_batch", "34765")

    sent = server.requests[0]
    named = {"Content-Type": "application/json", "X-Project-Id": PROJECT, "workspace": WORKSPACE}
    keys = HuaweiKeys("access", "secret", "token")
    expected = {**named, **sign("GET", f"{server.endpoint}{sent.target}", named, b"", keys, NOW)}
    assert {name: sent.headers[name.lower()] for name in expected} == expected


def test_without_a_workspace_the_provider_takes_the_default_one(open_huawei: Opener) -> None:
    with wire_server(reply(200, fixture("view_job"))) as server:
        open_huawei(server).cancel("job", "7")

    assert "workspace" not in server.requests[0].headers


@pytest.mark.parametrize(
    ("ask", "target", "answer"),
    [
        (
            lambda provider: provider.get_execution("daily.v1", "34765"),
            "GET /jobs/daily.v1/instances/34765",
            fixture("view_instance", jobName="daily.v1"),
        ),
        (
            lambda provider: provider.get_execution("每日 作业", "34765"),
            "GET /jobs/%E6%AF%8F%E6%97%A5%20%E4%BD%9C%E4%B8%9A/instances/34765",
            fixture("view_instance", jobName="每日 作业"),
        ),
        (
            lambda provider: provider.start("myJob", condition=None, parameters={}),
            "POST /jobs/myJob/run-immediate",
            fixture("run_immediate"),
        ),
        (
            lambda provider: provider.cancel("myJob", "34765"),
            "POST /jobs/myJob/instances/34765/stop",
            b"",
        ),
        (
            lambda provider: provider.list_jobs(name="a+b 每", limit=20),
            "GET /jobs?jobType=BATCH&jobName=a%2Bb%20%E6%AF%8F&offset=0&limit=20",
            fixture("list_jobs"),
        ),
    ],
)
def test_each_operation_asks_as_the_provider_documents(
    open_huawei: Opener, ask: Callable[[Provider], object], target: str, answer: bytes
) -> None:
    with wire_server(reply(200, answer)) as server:
        ask(open_huawei(server))

    method, path = target.split(" ")
    assert server.requests[0].line.decode() == f"{method} /v1/{PROJECT}{path} HTTP/1.1"


def test_instances_are_listed_by_exact_name_in_a_window_of_less_than_three_days(open_huawei: Opener) -> None:
    with wire_server(reply(200, fixture("list_instances"))) as server:
        page = open_huawei(server).list_executions("job_batch", limit=50)

    assert urlsplit(server.requests[0].target).path == f"/v1/{PROJECT}/jobs/instances/detail"
    asked = query_of(server.requests[0].target)
    begin, end = int(asked.pop("minPlanTime")), int(asked.pop("maxPlanTime"))
    assert asked == {"jobName": "job_batch", "preciseQuery": "true", "offset": "0", "limit": "50"}
    assert begin < NOW * 1000 < end
    assert end - begin < 3 * 24 * 3600 * 1000
    assert [one.ref.execution_id for one in page.items] == ["34765", "34764"]


@pytest.mark.parametrize(
    ("parameters", "sent"),
    [
        ({}, {}),
        ({"biz_date": "2026-01-15"}, {"jobParams": [{"name": "biz_date", "value": "2026-01-15"}]}),
        ({"note": "café 作业"}, {"jobParams": [{"name": "note", "value": "café 作业"}]}),
    ],
)
def test_a_start_sends_the_parameters_it_was_given(
    open_huawei: Opener, parameters: dict[str, str], sent: dict[str, Any]
) -> None:
    with wire_server(reply(200, fixture("run_immediate"))) as server:
        execution = open_huawei(server).start("myJob", condition=None, parameters=parameters)

    assert json.loads(server.requests[0].body) == sent
    assert (execution.ref.execution_id, execution.status) == ("132343", ExecutionStatus.PENDING)


def test_a_job_without_run_settings_takes_none(open_huawei: Opener) -> None:
    with wire_server(reply()) as server, pytest.raises(InvalidRequest) as caught:
        open_huawei(server).start("myJob", condition={"timeout": 5}, parameters={})

    assert (caught.value.field, server.requests) == ("condition", [])


@pytest.mark.parametrize("failure", [reset, truncate, reply(500), reply(503), reply(200, b"<html>"), reply(200)])
def test_a_start_that_may_have_begun_is_unconfirmed_and_posted_once(open_huawei: Opener, failure: Any) -> None:
    with wire_server(failure) as server, pytest.raises(StartUnconfirmed):
        open_huawei(server).start("myJob", condition=None, parameters={})

    assert len(server.requests) == 1


def test_a_rejected_start_says_why(open_huawei: Opener) -> None:
    with wire_server(reply(400, as_bytes(NO_JOB))) as server, pytest.raises(JobNotFound):
        open_huawei(server).start("myJob", condition=None, parameters={})


@pytest.mark.parametrize("failure", [reply(200, b"<html>"), reply(200, b'{"instanceId'), reply(503), reset])
def test_an_answer_that_cannot_be_read_is_asked_for_again(open_huawei: Opener, failure: Any) -> None:
    with wire_server(failure, reply(200, fixture("view_instance", status="running"))) as server:
        assert open_huawei(server).get_execution("job_batch", "34765").provider_status == "running"


def test_answers_that_stay_unreadable_mean_that_the_provider_is_unavailable(open_huawei: Opener) -> None:
    with wire_server(reply(200, b"<html>")) as server, pytest.raises(ProviderUnavailable):
        open_huawei(server).get_execution("job_batch", "34765")


def test_a_rejected_signature_is_not_sent_again(open_huawei: Opener) -> None:
    with wire_server(reply(401, as_bytes({"error_code": "APIGW.0301"}))) as server, pytest.raises(FarsyncError):
        open_huawei(server).get_execution("job_batch", "34765")

    assert len(server.requests) == 1


@pytest.mark.parametrize("word", ["success", "fail", "manual-stop", "forceSuccess", "skip-by-depend"])
def test_cancelling_what_is_over_already_is_a_success(open_huawei: Opener, word: str) -> None:
    answers = (reply(400, as_bytes(REJECTED)), reply(200, fixture("view_instance", status=word)))
    with wire_server(*answers) as server:
        open_huawei(server).cancel("job_batch", "34765")

    assert len(server.requests) == 2


@pytest.mark.parametrize("word", ["waiting", "running", "freeze", "something-new"])
def test_a_rejected_cancel_of_what_is_not_over_is_no_success(open_huawei: Opener, word: str) -> None:
    answers = (reply(400, as_bytes(REJECTED)), reply(200, fixture("view_instance", status=word)))
    with wire_server(*answers) as server, pytest.raises(ProviderUnavailable, match=word):
        open_huawei(server).cancel("job_batch", "34765")


def test_cancelling_what_the_provider_does_not_know_is_not_found(open_huawei: Opener) -> None:
    with wire_server(reply(400, as_bytes(NO_INSTANCE))) as server, pytest.raises(ExecutionNotFound):
        open_huawei(server).cancel("job_batch", "34765")


@pytest.mark.parametrize("text", ["", ".", "..", "a..b", "a/b", "a%2Fb", "100%", "a\nb", "a\x7f", "\u200b", "\ud800"])
def test_a_name_that_would_change_the_path_is_rejected_and_nothing_sent(open_huawei: Opener, text: str) -> None:
    with wire_server(reply()) as server:
        provider = open_huawei(server)
        for ask in (provider.get_job, lambda job: provider.start(job, condition=None, parameters={})):
            with pytest.raises(InvalidRequest) as job:
                ask(text)
        with pytest.raises(InvalidRequest) as execution:
            provider.get_execution("job", text)

    assert (job.value.field, execution.value.field, server.requests) == ("job", "executionId", [])


@pytest.mark.parametrize(("page", "limit", "field"), [(-1, 1, "page"), (0, 0, "limit")])
def test_a_page_out_of_range_is_rejected_and_nothing_sent(
    open_huawei: Opener, page: int, limit: int, field: str
) -> None:
    with wire_server(reply()) as server:
        provider = open_huawei(server)
        for ask in (provider.list_jobs, lambda **where: provider.list_executions("job", **where)):
            with pytest.raises(InvalidRequest) as caught:
                ask(page=page, limit=limit)
            assert caught.value.field == field

    assert server.requests == []
