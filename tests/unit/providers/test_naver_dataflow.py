"""The operations of Data Flow over real sockets: what is asked, and what an answer leads to."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from farsync.connections.connection import parse_connection
from farsync.http_client.client import Transport
from farsync.model.errors import (
    ExecutionNotFound,
    FarsyncError,
    InvalidRequest,
    JobNotRunnable,
    ProviderUnavailable,
    StartUnconfirmed,
)
from farsync.model.execution import ExecutionStatus
from farsync.providers import open_provider
from farsync.providers.base import Provider
from farsync.signing.naver import NaverKeys, sign
from tests.unit.http_client.wire_server import WireServer, reply, reset, truncate, wire_server

FIXTURES = Path(__file__).parents[2] / "fixtures" / "naver"
SECRET = {"provider": "naver", "accessKey": "access", "secretKey": "secret"}
BAD_STATE = {"detail": "not in this state", "errorType": "bad-state"}
NOW = 1742523174.0

Opener = Callable[[WireServer], Provider]


@pytest.fixture
def open_to() -> Iterator[Opener]:
    transport = Transport(sleep=lambda _: None)

    def open_to(server: WireServer) -> Provider:
        connection = parse_connection("default", json.dumps({**SECRET, "endpoint": server.endpoint}))
        return open_provider(connection, transport, lambda: NOW)

    yield open_to
    transport.close()


def body(name: str, **changes: object) -> bytes:
    """One of the provider's own examples, about the job and the execution that these tests ask for."""
    ids = {"jobId": "gq1"} | ({"jobExecutionId": "fK2"} if name == "get_execution" else {})
    return json.dumps({**json.loads((FIXTURES / f"{name}.json").read_text()), **ids, **changes}).encode()


def as_bytes(content: object) -> bytes:
    return json.dumps(content).encode()


def test_every_request_is_signed_for_its_target(open_to: Opener) -> None:
    with wire_server(reply(200, body("list_jobs"))) as server:
        open_to(server).list_jobs(name="작업 1", status="RUNNABLE", page=2, limit=50)

    sent = server.requests[0]
    assert sent.target == "/api/v1/jobs?page=2&limit=50&name=%EC%9E%91%EC%97%85+1&status=RUNNABLE"
    expected = sign("GET", sent.target, NaverKeys("access", "secret"), 1742523174000)
    assert {name: sent.headers[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("ask", "target", "answer"),
    [
        (lambda provider: provider.get_job("gq1"), "GET /api/v1/jobs/gq1", body("get_job")),
        (
            lambda provider: provider.get_job("a b?c#d%2F"),
            "GET /api/v1/jobs/a%20b%3Fc%23d%252F",
            body("get_job", jobId="a b?c#d%2F"),
        ),
        (
            lambda provider: provider.get_execution("gq1", "fK2"),
            "GET /api/v1/jobs/gq1/executions/fK2",
            body("get_execution"),
        ),
        (
            lambda provider: provider.start("gq1", condition=None, parameters={}),
            "POST /api/v1/jobs/gq1/executions",
            body("start"),
        ),
        (lambda provider: provider.cancel("gq1", "fK2"), "POST /api/v1/jobs/gq1/executions/fK2/cancel", b"true"),
    ],
)
def test_each_operation_asks_as_the_provider_documents(
    open_to: Opener, ask: Callable[[Provider], object], target: str, answer: bytes
) -> None:
    with wire_server(reply(200, answer)) as server:
        ask(open_to(server))

    assert server.requests[0].line.decode() == f"{target} HTTP/1.1"


def test_executions_are_listed_by_page(open_to: Opener) -> None:
    listing = {"list": [json.loads(body("get_execution"))], "count": 1, "page": 3, "limit": 7}
    with wire_server(reply(200, as_bytes(listing))) as server:
        page = open_to(server).list_executions("gq1", page=3, limit=7)

    assert server.requests[0].target == "/api/v1/jobs/gq1/executions?page=3&limit=7"
    assert page.items[0].status is ExecutionStatus.SUCCEEDED


@pytest.mark.parametrize(
    ("condition", "parameters", "sent"),
    [
        (None, {}, {}),
        ({"numWorker": 3}, {}, {"jobCondition": {"numWorker": 3}}),
        (None, {"$table_name": "표"}, {"parameters": {"$table_name": "표"}}),
    ],
)
def test_a_start_sends_only_what_it_was_given(
    open_to: Opener, condition: dict[str, object] | None, parameters: dict[str, str], sent: dict[str, Any]
) -> None:
    with wire_server(reply(201, body("start"))) as server:
        execution = open_to(server).start("gq1", condition=condition, parameters=parameters)

    assert json.loads(server.requests[0].body) == sent
    assert (execution.ref.connection, execution.ref.job, execution.ref.execution_id) == (
        "default",
        "gq1",
        "p4Y5PkX9sB3e",
    )


@pytest.mark.parametrize("failure", [reset, truncate, reply(500), reply(503), reply(200, b"<html>"), reply(200)])
def test_a_start_that_may_have_begun_is_unconfirmed_and_posted_once(open_to: Opener, failure: Any) -> None:
    with wire_server(failure) as server, pytest.raises(StartUnconfirmed):
        open_to(server).start("gq1", condition=None, parameters={})

    assert len(server.requests) == 1


def test_a_rejected_start_says_why(open_to: Opener) -> None:
    with wire_server(reply(400, as_bytes(BAD_STATE))) as server, pytest.raises(JobNotRunnable):
        open_to(server).start("gq1", condition=None, parameters={})


@pytest.mark.parametrize("failure", [reply(200, b"<html>"), reply(200, b'{"jobId": "gq'), reply(503), reset])
def test_an_answer_that_cannot_be_read_is_asked_for_again(open_to: Opener, failure: Any) -> None:
    with wire_server(failure, reply(200, body("get_job"))) as server:
        assert open_to(server).get_job("gq1").name == "job001"


def test_answers_that_stay_unreadable_mean_that_the_provider_is_unavailable(open_to: Opener) -> None:
    with wire_server(reply(200, b"<html>")) as server, pytest.raises(ProviderUnavailable) as caught:
        open_to(server).get_job("gq1")

    assert caught.value.said is not None
    assert caught.value.said.message == "6 bytes of no known type"


def test_a_rejection_is_not_asked_for_again(open_to: Opener) -> None:
    with wire_server(reply(401)) as server, pytest.raises(FarsyncError):
        open_to(server).get_job("gq1")

    assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [reply(200, b"true"), reply(204, b""), reply(202, b"<odd>")])
def test_a_cancel_that_was_accepted_is_a_success(open_to: Opener, answer: Any) -> None:
    with wire_server(answer) as server:
        open_to(server).cancel("gq1", "fK2")

    assert len(server.requests) == 1


@pytest.mark.parametrize("word", ["COMPLETED", "FAILED", "CANCELED"])
def test_cancelling_what_is_over_already_is_a_success(open_to: Opener, word: str) -> None:
    with wire_server(reply(400, as_bytes(BAD_STATE)), reply(200, body("get_execution", status=word))) as server:
        open_to(server).cancel("gq1", "fK2")

    assert len(server.requests) == 2


@pytest.mark.parametrize("word", ["READY", "RUNNING", "SOMETHING_NEW"])
def test_a_rejected_cancel_of_what_is_not_over_is_no_success(open_to: Opener, word: str) -> None:
    answers = (reply(400, as_bytes(BAD_STATE)), reply(200, body("get_execution", status=word)))
    with wire_server(*answers) as server, pytest.raises(ProviderUnavailable):
        open_to(server).cancel("gq1", "fK2")


def test_cancelling_what_the_provider_does_not_know_is_not_found(open_to: Opener) -> None:
    with wire_server(reply(404, b"")) as server, pytest.raises(ExecutionNotFound):
        open_to(server).cancel("gq1", "fK2")


@pytest.mark.parametrize("text", ["", ".", "..", "a..b", "a/b", "/", "a\nb", "a\x7f", "\u200b", "\ud800"])
def test_an_id_that_would_change_the_path_is_rejected_and_nothing_sent(open_to: Opener, text: str) -> None:
    with wire_server(reply()) as server:
        provider = open_to(server)
        with pytest.raises(InvalidRequest) as job:
            provider.start(text, condition=None, parameters={})
        with pytest.raises(InvalidRequest) as execution:
            provider.get_execution("gq1", text)

    assert (job.value.field, execution.value.field, server.requests) == ("job", "executionId", [])


@pytest.mark.parametrize(("page", "limit", "field"), [(-1, 1, "page"), (0, 0, "limit"), (0, 1001, "limit")])
def test_a_page_out_of_range_is_rejected_and_nothing_sent(open_to: Opener, page: int, limit: int, field: str) -> None:
    with wire_server(reply()) as server:
        provider = open_to(server)
        with pytest.raises(InvalidRequest) as jobs:
            provider.list_jobs(page=page, limit=limit)
        with pytest.raises(InvalidRequest) as executions:
            provider.list_executions("gq1", page=page, limit=limit)

    assert (jobs.value.field, executions.value.field, server.requests) == (field, field, [])


def test_a_status_that_the_provider_no_longer_filters_by_is_filtered_by_us(open_to: Opener) -> None:
    jobs = [{"jobId": "a", "status": "RUNNABLE"}, {"jobId": "b", "status": "DRAFT"}]
    with wire_server(reply(200, as_bytes({"list": jobs, "count": 2}))) as server:
        provider = open_to(server)
        listed = provider.list_jobs(status="DRAFT").items

    assert [job.job for job in listed] == ["b"]
