"""What the gateway answers by itself, and what it writes down of a request."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.aws.http_api.access_log import AccessLog
from sandbox.aws.http_api.gateway import HttpApi
from sandbox.aws.http_server import ConnectionDropped, HttpReply, HttpRequest
from sandbox.aws.template import TemplateError
from sandbox.aws.template.model import HttpApiDefinition, Route, Throttling
from sandbox.aws.token_bucket import TokenBucket

Call = Callable[[HttpRequest], HttpReply]
Handle = Callable[..., HttpReply]
FORMAT = '{"route":"$context.routeKey","status":"$context.status","error":"$context.integrationErrorMessage"}'


def echo(request: HttpRequest) -> HttpReply:
    """A function that answers with its event."""
    return HttpReply(200, request.body)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "http_api.log"


@pytest.fixture
def handle(log: Path) -> Handle:
    """Sends one request to an API with the open route GET /jobs/{job}."""

    def send(path: str, call: Call = echo, *, body: bytes = b"", **route: Any) -> HttpReply:
        definition = HttpApiDefinition((Route("GET", "/jobs/{job}", "f", "NONE", **route),))
        return HttpApi(definition, call, AccessLog(FORMAT, log)).handle(HttpRequest("GET", path, body=body))

    return send


def said(reply: HttpReply) -> tuple[int, bytes]:
    return reply.status, reply.body


def test_a_body_above_ten_megabytes_is_too_large(handle: Handle) -> None:
    assert said(handle("/jobs/7", body=bytes(10 * 1024 * 1024 + 1))) == (413, b'{"message":"Request Entity Too Large"}')


def test_a_request_line_and_headers_above_ten_kilobytes_are_too_large(handle: Handle) -> None:
    assert said(handle(f"/jobs/{'j' * 10_300}")) == (431, b'{"message":"Request Header Fields Too Large"}')


def test_a_function_that_outlasts_the_routes_timeout_is_unavailable(handle: Handle) -> None:
    is_over = threading.Event()

    def slow(_: HttpRequest) -> HttpReply:
        is_over.wait(10)
        return HttpReply(200, b"{}")

    reply = handle("/jobs/7", slow, timeout_seconds=0.05)
    is_over.set()
    assert said(reply) == (503, b'{"message":"Service Unavailable"}')


def drop(_: HttpRequest) -> HttpReply:
    raise ConnectionDropped


@pytest.mark.parametrize(
    ("call", "route"),
    [
        (drop, {}),
        (echo, {"is_permitted": False}),
        (lambda _: HttpReply(200, b"{}", (("X-Amz-Function-Error", "Unhandled"),)), {}),
        (lambda _: HttpReply(429, b"{}"), {}),
        (lambda _: HttpReply(200, b'{"statusCode": 200, "body": {"not": "a text"}}'), {}),
        (lambda _: HttpReply(200, b'{"statusCode": 200, "headers": ["x"]}'), {}),
        (lambda _: HttpReply(200, b'{"statusCode": "well"}'), {}),
    ],
    ids=["dropped", "not permitted", "failed", "throttled", "body", "headers", "status"],
)
def test_a_function_that_gives_no_reply_is_an_internal_server_error(
    handle: Handle, call: Call, route: dict[str, Any]
) -> None:
    assert said(handle("/jobs/7", call, **route)) == (500, b'{"message":"Internal Server Error"}')


@pytest.mark.parametrize(
    ("path", "job"),
    [
        ("/jobs/%EC%9B%94%EB%A7%90", "월말"),
        ("/jobs/a+b%20c", "a+b c"),
        ("/jobs/a%252Fb", "a%2Fb"),
        ("/jobs/a%3Fb", "a"),
    ],
)
def test_a_path_is_decoded_once_and_cut_at_a_question_mark(handle: Handle, path: str, job: str) -> None:
    event = json.loads(handle(path).body)
    assert event["pathParameters"] == {"job": job}
    assert event["rawPath"] == f"/jobs/{job}"


def test_a_bucket_lets_a_burst_pass_and_then_its_rate_and_never_holds_more() -> None:
    now = 0.0
    bucket = TokenBucket(size=3, rate=2, clock=lambda: now)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now = 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    now = 60
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_who_asks_too_often_is_rejected(log: Path) -> None:
    definition = HttpApiDefinition((Route("GET", "/only", "f", "NONE"),), Throttling(rate=0.001, burst=1))
    api = HttpApi(definition, echo, AccessLog(None, log))
    assert api.handle(HttpRequest("GET", "/only")).status == 200
    assert said(api.handle(HttpRequest("GET", "/only"))) == (429, b'{"message":"Too Many Requests"}')


def test_a_line_of_the_log_has_the_values_of_the_format(handle: Handle, log: Path) -> None:
    handle('/jobs/"x"')
    handle("/jobs/8", drop)
    first, second = map(json.loads, log.read_text().splitlines())
    assert first == {"route": "GET /jobs/{job}", "status": "200", "error": "-"}
    assert second["error"] == "The connection to the function was lost"


def test_a_format_with_a_variable_that_the_sandbox_does_not_know_is_rejected(log: Path) -> None:
    with pytest.raises(TemplateError, match=r"does not know \$context\.requestid"):
        AccessLog("$context.requestid", log)
