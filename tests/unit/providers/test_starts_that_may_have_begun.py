"""Answers to a start: after a known rejection nothing was started, after every other an execution may have begun."""

import json
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
from tests.unit.http_client.wire_server import after_interim, reply, reset, truncate
from tests.unit.providers.conftest import Serve

STARTED = json.dumps({"jobExecutionId": "7", "instanceId": 7}).encode()
ODD_BODIES = [b"", b"{}", b"<html>", b'{"error_code": "ODD.1", "errorCode": "odd"}']
IANA_OTHERS = [402, 405, 406, 407, 408, 410, 411, 412, 414, 415, 416, 417, 421, 422, 423, 424, 425, 426, 428, 431, 451]


def start(provider: Provider) -> Execution:
    return provider.start("daily", condition=None, parameters={})


@pytest.mark.parametrize("interim", [102, 103])
def test_a_start_whose_reply_is_announced_by_hints_is_known_and_posted_once(serve_cloud: Serve, interim: int) -> None:
    provider, server = serve_cloud(after_interim(reply(200, STARTED), interim))
    assert (start(provider).ref.execution_id, len(server.requests)) == ("7", 1)


@pytest.mark.parametrize(
    "status", [101, 300, 301, 302, 303, 304, 307, 308, 408, 418, 421, 425, 451, 499, 500, 502, 503, 504, 520, 524, 599]
)
@pytest.mark.parametrize("body", ODD_BODIES)
def test_a_start_without_a_known_rejection_may_have_begun_and_is_posted_once(
    serve_cloud: Serve, status: int, body: bytes
) -> None:
    provider, server = serve_cloud(reply(status, b"" if status in (101, 304) else body))
    with pytest.raises(StartUnconfirmed):
        start(provider)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        reset,
        truncate,
        reply(204, b""),
        reply(202, b"{}"),
        reply(200, b"true"),
        reply(200, b"[]"),
        reply(200, b'{"jobExecutionId": null, "instanceId": ""}'),
        reply(200, STARTED[:-5]),
        reply(207, b"<html>"),
    ],
)
def test_a_start_whose_reply_is_lost_or_odd_may_have_begun(serve_cloud: Serve, answer: Any) -> None:
    provider, server = serve_cloud(answer)
    with pytest.raises(StartUnconfirmed, match=r"accepted with a reply that cannot be read|its reply lost"):
        start(provider)
    assert len(server.requests) == 1


@pytest.mark.parametrize("code", ["500", "510", "900"])
def test_a_service_that_failed_behind_naver_gateway_may_have_begun_whatever_the_status(
    serve_naver: Serve, code: str
) -> None:
    provider, _ = serve_naver(reply(400, json.dumps({"error": {"errorCode": code}}).encode()))
    with pytest.raises(StartUnconfirmed):
        start(provider)


@pytest.mark.parametrize("status", IANA_OTHERS)
def test_data_flow_rejects_a_start_by_no_status_that_its_pages_do_not_name(serve_naver: Serve, status: int) -> None:
    provider, _ = serve_naver(reply(status, b'{"errorCode": "1", "message": "no"}'))
    with pytest.raises(StartUnconfirmed):
        start(provider)


@pytest.mark.parametrize(
    ("cloud", "status", "body", "error"),
    [
        ("naver", 400, {"errorType": "bad-parameter", "detail": "numWorker"}, InvalidRequest),
        ("naver", 400, {"code": "bad-state", "msg": "the job is a draft"}, JobNotRunnable),
        ("naver", 401, {"code": "210", "msg": "no"}, PermissionDenied),
        ("naver", 404, {}, JobNotFound),
        ("naver", 409, {"detail": "running already"}, AlreadyRunning),
        ("naver", 413, {}, InvalidRequest),
        ("naver", 429, {"status": {"code": "400"}}, QuotaExceeded),
        ("huawei", 400, {"error_code": "DLF.0100"}, JobNotFound),
        ("huawei", 400, {"error_code": "DLF.30107"}, AlreadyRunning),
        ("huawei", 404, {"error_code": "APIGW.0101"}, ConnectionInvalid),
        ("huawei", 405, {"error_code": "APIGW.0501"}, QuotaExceeded),
        *((cloud, 401, {}, AuthenticationFailed) for cloud in ("naver", "huawei")),
        *((cloud, 403, {}, PermissionDenied) for cloud in ("naver", "huawei")),
        *((cloud, 429, {}, Throttled) for cloud in ("naver", "huawei")),
    ],
)
def test_a_known_rejection_says_that_nothing_was_started(
    serve_cloud: Serve, status: int, body: object, error: type[FarsyncError]
) -> None:
    provider, _ = serve_cloud(reply(status, json.dumps(body).encode()))
    with pytest.raises(error):
        start(provider)


@pytest.mark.parametrize("status", [408, 421, 425])
def test_a_read_on_a_connection_that_idled_too_long_is_not_felt(serve_cloud: Serve, status: int) -> None:
    shown = json.dumps({"jobExecutionId": "7", "instanceId": 7, "status": "RUNNING"}).encode()
    provider, server = serve_cloud(reply(status, b""), reply(200, shown))
    assert provider.get_execution("daily", "7").ref.execution_id == "7"
    assert server.connections_opened == 2
