"""Answers to a start: after a known rejection nothing was started, after every other an execution may have begun."""

import json
from typing import Any

import pytest

from farsync.model.errors import AlreadyRunning, FarsyncError, JobNotRunnable, StartUnconfirmed, Throttled
from farsync.model.execution import Execution
from farsync.providers.base import Provider
from tests.unit.http_client.wire_server import reply, reset, truncate
from tests.unit.providers.conftest import Serve

STARTED = json.dumps({"jobExecutionId": "7", "instanceId": 7}).encode()
ODD_BODIES = [b"", b"{}", b"<html>", b'{"error_code": "ODD.1", "errorCode": "odd"}']


def start(provider: Provider) -> Execution:
    return provider.start("daily", condition=None, parameters={})


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


@pytest.mark.parametrize(
    ("cloud", "status", "body", "error"),
    [
        ("naver", 400, b'{"code": "bad-state", "msg": "the job is a draft"}', JobNotRunnable),
        ("huawei", 400, b'{"error_code": "DLF.30107"}', AlreadyRunning),
        *((cloud, 429, b"", Throttled) for cloud in ("naver", "huawei")),
    ],
)
def test_a_known_rejection_started_nothing(
    serve_cloud: Serve, status: int, body: bytes, error: type[FarsyncError]
) -> None:
    provider, server = serve_cloud(reply(status, body))
    with pytest.raises(error):
        start(provider)
    assert len(server.requests) == 1
