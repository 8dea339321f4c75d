"""Answers to a start: after a known rejection nothing was started, after every other an execution may have begun."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from farsync.model.errors import (
    AlreadyRunning,
    AuthenticationFailed,
    ConnectionInvalid,
    FarsyncError,
    InvalidRequest,
    JobNotFound,
    JobNotRunnable,
    PermissionDenied,
    QuotaExceeded,
    StartUnconfirmed,
    Throttled,
)
from farsync.model.execution import Execution
from farsync.providers.base import Provider
from tests.unit.http_client.wire_server import WireServer, after_interim, reply, wire_server

Opener = Callable[[WireServer], Provider]
STARTED = json.dumps({"jobExecutionId": "7", "instanceId": 7}).encode()
IANA_OTHERS = [402, 405, 406, 407, 408, 410, 411, 412, 414, 415, 416, 417, 421, 422, 423, 424, 425, 426, 428, 431, 451]


def start(provider: Provider) -> Execution:
    return provider.start("daily", condition=None, parameters={})


@pytest.mark.parametrize("interim", [102, 103])
def test_a_start_whose_reply_is_announced_by_hints_is_known_and_posted_once(open_any: Opener, interim: int) -> None:
    with wire_server(after_interim(reply(200, STARTED), interim)) as server:
        execution = start(open_any(server))

    assert (execution.ref.execution_id, len(server.requests)) == ("7", 1)


@pytest.mark.parametrize(
    "status", [101, 300, 301, 302, 303, 304, 307, 308, 408, 418, 421, 425, 451, 499, 500, 502, 503, 504, 520, 524, 599]
)
@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b'{"error_code": "ODD.1", "errorCode": "odd"}'])
def test_a_start_without_a_known_rejection_may_have_begun_and_is_posted_once(
    open_any: Opener, status: int, body: bytes
) -> None:
    with wire_server(reply(status, b"" if status in (101, 304) else body)) as server:
        provider = open_any(server)
        with pytest.raises(StartUnconfirmed):
            start(provider)

    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        reply(204, b""),
        reply(202, b"{}"),
        reply(200, b"true"),
        reply(200, b"[]"),
        reply(200, b'{"jobExecutionId": null, "instanceId": ""}'),
        reply(200, STARTED[:-5]),
        reply(207, b"<html>"),
    ],
)
def test_a_start_accepted_in_an_odd_shape_may_have_begun(open_any: Opener, answer: Any) -> None:
    with wire_server(answer) as server:
        provider = open_any(server)
        with pytest.raises(StartUnconfirmed, match="cannot be read"):
            start(provider)

    assert len(server.requests) == 1


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"[]", b"<html><h1>400 Bad Request</h1></html>", b'{"error": 1'])
def test_a_bad_request_in_nobodys_words_may_have_begun(open_any: Opener, body: bytes) -> None:
    with wire_server(reply(400, body)) as server:
        provider = open_any(server)
        with pytest.raises(StartUnconfirmed):
            start(provider)


@pytest.mark.parametrize("code", ["DLF.99999", "DLF.0137", "DLF.30118", "APIGW.9999", "ODD.1", ""])
def test_a_fault_of_dataarts_that_no_page_knows_may_have_come_after_the_start(open_huawei: Opener, code: str) -> None:
    with wire_server(reply(400, json.dumps({"error_code": code, "error_msg": "said"}).encode())) as server:
        provider = open_huawei(server)
        with pytest.raises(StartUnconfirmed) as caught:
            start(provider)

    assert caught.value.said is not None
    assert caught.value.said.code == (code or None)


@pytest.mark.parametrize("code", ["500", "510", "900"])
def test_a_service_that_failed_behind_naver_gateway_may_have_begun_whatever_the_status(
    open_naver: Opener, code: str
) -> None:
    with wire_server(reply(400, json.dumps({"error": {"errorCode": code}}).encode())) as server:
        provider = open_naver(server)
        with pytest.raises(StartUnconfirmed):
            start(provider)


@pytest.mark.parametrize("status", IANA_OTHERS)
def test_data_flow_rejects_a_start_by_no_status_that_its_pages_do_not_name(open_naver: Opener, status: int) -> None:
    with wire_server(reply(status, b'{"errorCode": "1", "message": "no"}')) as server:
        provider = open_naver(server)
        with pytest.raises(StartUnconfirmed):
            start(provider)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"errorType": "bad-parameter", "detail": "numWorker"}, InvalidRequest),
        (400, {"code": "bad-state", "msg": "the job is a draft"}, JobNotRunnable),
        (401, {}, AuthenticationFailed),
        (401, {"code": "210", "msg": "no"}, PermissionDenied),
        (403, {}, PermissionDenied),
        (404, {}, JobNotFound),
        (409, {"detail": "running already"}, AlreadyRunning),
        (413, {}, InvalidRequest),
        (429, {}, Throttled),
        (429, {"status": {"code": "400"}}, QuotaExceeded),
    ],
)
def test_a_known_rejection_of_data_flow_says_that_nothing_was_started(
    open_naver: Opener, status: int, body: object, error: type[FarsyncError]
) -> None:
    with wire_server(reply(status, json.dumps(body).encode())) as server:
        provider = open_naver(server)
        with pytest.raises(error):
            start(provider)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "DLF.0100", JobNotFound),
        (400, "DLF.3051", InvalidRequest),
        (400, "DLF.30107", AlreadyRunning),
        (400, "DLF.0136", JobNotRunnable),
        (400, "APIGW.0106", InvalidRequest),
        (494, "APIG.0201", InvalidRequest),
        (401, "", AuthenticationFailed),
        (403, "", PermissionDenied),
        (404, "APIGW.0101", ConnectionInvalid),
        (405, "APIGW.0501", QuotaExceeded),
        (429, "", Throttled),
    ],
)
def test_a_known_rejection_of_dataarts_says_that_nothing_was_started(
    open_huawei: Opener, status: int, code: str, error: type[FarsyncError]
) -> None:
    with wire_server(reply(status, json.dumps({"error_code": code}).encode())) as server:
        provider = open_huawei(server)
        with pytest.raises(error):
            start(provider)


@pytest.mark.parametrize("status", [301, 308])
def test_an_endpoint_that_has_moved_is_the_connections_matter(open_any: Opener, status: int) -> None:
    with wire_server(reply(status, b"", Location="https://elsewhere.example.com/")) as server:
        provider = open_any(server)
        with pytest.raises(ConnectionInvalid, match=r"^endpoint: .* has moved"):
            provider.get_execution("daily", "7")

    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_look_that_is_led_elsewhere_says_what_to_correct_if_it_stays_so(open_any: Opener, status: int) -> None:
    with wire_server(reply(status, b"", Location="https://elsewhere.example.com/")) as server:
        provider = open_any(server)
        with pytest.raises(FarsyncError, match="endpoint"):
            provider.get_execution("daily", "7")


@pytest.mark.parametrize("status", [408, 421, 425])
def test_a_look_on_a_connection_that_idled_too_long_is_not_felt(open_any: Opener, status: int) -> None:
    shown = json.dumps({"jobExecutionId": "7", "instanceId": 7, "status": "RUNNING"}).encode()
    with wire_server(reply(status, b""), reply(200, shown)) as server:
        assert open_any(server).get_execution("daily", "7").ref.execution_id == "7"

    assert server.connections_opened == 2
