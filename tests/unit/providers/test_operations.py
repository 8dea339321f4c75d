"""The operations of both clouds over real sockets: what is asked, and what an answer leads to."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import product
from typing import Any

import pytest

from farsync.model.errors import AuthenticationFailed, ExecutionNotFound, InvalidRequest, ProviderUnavailable
from farsync.model.execution import ExecutionStatus
from farsync.providers.base import Provider
from farsync.signing.huawei import HuaweiKeys
from farsync.signing.huawei import sign as sign_for_huawei
from farsync.signing.naver import NaverKeys
from farsync.signing.naver import sign as sign_for_naver
from tests.unit.http_client.wire_server import Respond, reply, reset
from tests.unit.providers.conftest import PROJECT, Serve, ok
from tests.unit.providers.replies import NOW, example, shown_execution, shown_list

WORKSPACE = "d1cd7861478748a6925bc02f47c69279"
OUR_TIME = datetime.fromtimestamp(NOW, UTC)
REJECTED = {"errorType": "bad-state", "error_code": "DLF.3051"}
NOT_FOUND = {"naver": reply(404, b""), "huawei": reply(400, b'{"error_code": "DLF.0137"}')}
ENDS = {
    "naver": ["COMPLETED", "FAILED", "CANCELED"],
    "huawei": ["success", "fail", "manual-stop", "forceSuccess", "skip-by-depend"],
}
GOING_ON = {
    "naver": ["READY", "RUNNING", "SOMETHING_NEW"],
    "huawei": ["waiting", "running", "freeze", "something-new"],
}


def of_each_cloud(words: dict[str, list[str]]) -> pytest.MarkDecorator:
    cases = [(cloud, word) for cloud, found in words.items() for word in found]
    return pytest.mark.parametrize(("cloud", "word"), cases)


def test_every_request_to_data_flow_is_signed_for_its_target(serve_naver: Serve) -> None:
    provider, server = serve_naver(reply(200, example("naver", "list_jobs")))
    provider.list_jobs(name="작업 1", status="RUNNABLE", page=2, limit=50)

    (sent,) = server.requests
    assert sent.target == "/api/v1/jobs?page=2&limit=50&name=%EC%9E%91%EC%97%85+1&status=RUNNABLE"
    signed = sign_for_naver("GET", sent.target, NaverKeys("access", "secret"), round(NOW * 1000))
    assert signed.items() <= sent.headers.items()


def test_every_request_to_dataarts_names_project_and_workspace_and_is_signed_with_them(serve_huawei: Serve) -> None:
    shown = reply(200, example("huawei", "view_instance"))
    provider, server = serve_huawei(shown, workspace=WORKSPACE, securityToken="token")
    provider.get_execution("job_batch", "34765")

    sent = server.requests[0]
    named = {"Content-Type": "application/json", "X-Project-Id": PROJECT, "workspace": WORKSPACE}
    keys = HuaweiKeys("access", "secret", "token")
    signed = {**named, **sign_for_huawei("GET", f"{server.endpoint}{sent.target}", named, b"", keys, NOW)}
    assert {name.lower(): value for name, value in signed.items()}.items() <= sent.headers.items()


def test_without_a_workspace_dataarts_takes_the_default_one(serve_huawei: Serve) -> None:
    provider, server = serve_huawei(reply())
    provider.cancel("job", "7")
    assert "workspace" not in server.requests[0].headers


NAVER_JOBS, HUAWEI_JOBS = "/api/v1/jobs", f"/v1/{PROJECT}/jobs"


@pytest.mark.parametrize(
    ("cloud", "job", "ask", "target"),
    [
        ("naver", "a b?c#d%2F", lambda p, job: p.get_job(job), f"GET {NAVER_JOBS}/a%20b%3Fc%23d%252F"),
        ("naver", "gq1", lambda p, job: p.get_execution(job, "7"), f"GET {NAVER_JOBS}/gq1/executions/7"),
        ("naver", "gq1", lambda p, job: p.list_executions(job), f"GET {NAVER_JOBS}/gq1/executions?page=0&limit=1000"),
        (
            "naver",
            "gq1",
            lambda p, job: p.start(job, condition=None, parameters={}),
            f"POST {NAVER_JOBS}/gq1/executions",
        ),
        ("naver", "gq1", lambda p, job: p.cancel(job, "7"), f"POST {NAVER_JOBS}/gq1/executions/7/cancel"),
        (
            "huawei",
            "每 作",
            lambda p, job: p.get_execution(job, "7"),
            f"GET {HUAWEI_JOBS}/%E6%AF%8F%20%E4%BD%9C/instances/7",
        ),
        (
            "huawei",
            "daily.v1",
            lambda p, job: p.start(job, condition=None, parameters={}),
            f"POST {HUAWEI_JOBS}/daily.v1/run-immediate",
        ),
        ("huawei", "myJob", lambda p, job: p.cancel(job, "7"), f"POST {HUAWEI_JOBS}/myJob/instances/7/stop"),
        (
            "huawei",
            "a+b 每",
            lambda p, job: p.list_jobs(name=job, limit=20),
            f"GET {HUAWEI_JOBS}?jobType=BATCH&jobName=a%2Bb%20%E6%AF%8F&offset=0&limit=20",
        ),
    ],
)
def test_each_operation_asks_as_the_provider_documents(
    serve_cloud: Serve, job: str, ask: Callable[[Provider, str], object], target: str
) -> None:
    provider, server = serve_cloud(
        ok({"resourceId": job, "jobExecutionId": "7", "instanceId": 7, "list": [], "jobs": []})
    )
    ask(provider, job)
    assert server.requests[0].line.decode() == f"{target} HTTP/1.1"


@pytest.mark.parametrize(
    ("headers", "served_at"),
    [
        ({"Date": format_datetime(OUR_TIME + timedelta(seconds=100), usegmt=True)}, OUR_TIME + timedelta(seconds=100)),
        ({"Date": "soon"}, None),
        ({}, None),
    ],
)
def test_a_page_of_executions_says_the_providers_time(
    serve_cloud: Serve, cloud: str, headers: dict[str, str], served_at: datetime | None
) -> None:
    provider, _ = serve_cloud(ok(shown_list(cloud), **headers))
    assert provider.list_executions("daily").served_at == served_at


@pytest.mark.parametrize(
    ("cloud", "condition", "parameters", "sent"),
    [
        ("naver", None, {}, {}),
        ("naver", {"numWorker": 3}, {}, {"jobCondition": {"numWorker": 3}}),
        ("naver", None, {"$table_name": "표"}, {"parameters": {"$table_name": "표"}}),
        ("huawei", None, {}, {}),
        ("huawei", None, {"note": "café 作业"}, {"jobParams": [{"name": "note", "value": "café 作业"}]}),
    ],
)
def test_a_start_sends_only_what_it_was_given(
    serve_cloud: Serve, cloud: str, condition: dict[str, object] | None, parameters: dict[str, str], sent: Any
) -> None:
    provider, server = serve_cloud(reply(201, example(cloud, {"naver": "start", "huawei": "run_immediate"}[cloud])))
    job = {"naver": "gqigvHhTu7ra", "huawei": "myJob"}[cloud]
    execution = provider.start(job, condition=condition, parameters=parameters)

    assert json.loads(server.requests[0].body) == sent
    assert (execution.ref.connection, execution.ref.job) == ("default", job)
    assert (execution.ref.execution_id, execution.status) == (
        {"naver": "p4Y5PkX9sB3e", "huawei": "132343"}[cloud],
        ExecutionStatus.PENDING,
    )


def test_a_dataarts_job_takes_no_run_settings(serve_huawei: Serve) -> None:
    provider, server = serve_huawei(reply())
    with pytest.raises(InvalidRequest) as caught:
        provider.start("myJob", condition={"timeout": 5}, parameters={})
    assert (caught.value.field, server.requests) == ("condition", [])


@pytest.mark.parametrize("failure", [reply(200, b"<html>"), reply(200, b'{"jobId": "gq'), reply(503), reset])
def test_an_answer_that_cannot_be_read_is_asked_for_again(serve_cloud: Serve, cloud: str, failure: Respond) -> None:
    provider, _ = serve_cloud(failure, ok(shown_execution(cloud, "daily", "7")))
    assert provider.get_execution("daily", "7").status is ExecutionStatus.SUCCEEDED


def test_a_rejected_signature_is_not_sent_again(serve_cloud: Serve) -> None:
    provider, server = serve_cloud(reply(401))
    with pytest.raises(AuthenticationFailed):
        provider.get_execution("daily", "7")
    assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [reply(200, b"true"), reply(204, b""), reply(202, b"<odd>")])
def test_a_cancel_that_was_accepted_is_a_success(serve_cloud: Serve, answer: Respond) -> None:
    provider, server = serve_cloud(answer)
    provider.cancel("daily", "7")
    assert len(server.requests) == 1


@of_each_cloud(ENDS)
def test_cancelling_what_is_over_already_is_a_success(serve: Serve, cloud: str, word: str) -> None:
    rejected = reply(400, json.dumps(REJECTED).encode())
    provider, server = serve(cloud, rejected, ok(shown_execution(cloud, "daily", "7", word)))
    provider.cancel("daily", "7")
    assert len(server.requests) == 2


@of_each_cloud(GOING_ON)
def test_a_rejected_cancel_of_what_is_not_over_is_no_success(serve: Serve, cloud: str, word: str) -> None:
    rejected = reply(400, json.dumps(REJECTED).encode())
    provider, _ = serve(cloud, rejected, ok(shown_execution(cloud, "daily", "7", word)))
    with pytest.raises(ProviderUnavailable, match=word):
        provider.cancel("daily", "7")


def test_cancelling_what_the_provider_does_not_know_is_not_found(serve_cloud: Serve, cloud: str) -> None:
    provider, _ = serve_cloud(NOT_FOUND[cloud])
    with pytest.raises(ExecutionNotFound):
        provider.cancel("daily", "7")


@pytest.mark.parametrize(
    ("cloud", "text"),
    [
        ("huawei", "100%"),
        *product(["naver", "huawei"], ["", ".", "..", "a..b", "a/b", "a\nb", "a\x7f", "\u200b", "\ud800"]),
    ],
)
def test_an_id_that_would_change_the_path_is_rejected_and_nothing_sent(serve_cloud: Serve, text: str) -> None:
    provider, server = serve_cloud(reply())
    for ask, field in (
        (lambda: provider.get_job(text), "job"),
        (lambda: provider.start(text, condition=None, parameters={}), "job"),
        (lambda: provider.get_execution("daily", text), "executionId"),
    ):
        with pytest.raises(InvalidRequest) as caught:
            ask()
        assert caught.value.field == field
    assert server.requests == []


@pytest.mark.parametrize(
    ("cloud", "page", "limit", "field"),
    [
        *product(["naver", "huawei"], [-1], [1], ["page"]),
        *product(["naver", "huawei"], [0], [0], ["limit"]),
        ("naver", 0, 1001, "limit"),
    ],
)
def test_a_page_out_of_range_is_rejected_and_nothing_sent(
    serve_cloud: Serve, page: int, limit: int, field: str
) -> None:
    provider, server = serve_cloud(reply())
    for ask in (provider.list_jobs, lambda **where: provider.list_executions("daily", **where)):
        with pytest.raises(InvalidRequest) as caught:
            ask(page=page, limit=limit)
        assert caught.value.field == field
    assert server.requests == []


def test_jobs_are_filtered_by_status_here_since_the_provider_does_not(serve_cloud: Serve) -> None:
    entries = [{"jobId": name, "name": name, "status": word} for name, word in (("a", "RUNNABLE"), ("b", "DRAFT"))]
    provider, _ = serve_cloud(ok({"list": entries, "count": 2, "jobs": entries, "total": 2}))
    assert [job.job for job in provider.list_jobs(status="DRAFT").items] == ["b"]
