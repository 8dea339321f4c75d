"""What the gateway answers by itself, and what it writes down of a request."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.aws.http_api.access_log import KNOWN, AccessLog
from sandbox.aws.http_api.gateway import HttpApi
from sandbox.aws.http_api.issuer_keys import IssuerKeys
from sandbox.aws.http_server import ConnectionDropped, HttpReply, HttpRequest
from sandbox.aws.template.model import HttpApiDefinition, Route, Throttling

Call = Callable[[HttpRequest], HttpReply]
Handle = Callable[..., HttpReply]


def echo(request: HttpRequest) -> HttpReply:
    """A function that answers with its event."""
    return HttpReply(200, request.body)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "http_api.log"


@pytest.fixture
def handle(log: Path) -> Handle:
    """Sends one request to an API with the open routes GET /only and GET /jobs/{job}."""

    def send(
        path: str,
        call: Call = echo,
        *,
        log_format: str | None = None,
        body: bytes = b"",
        query: str = "",
        headers: dict[str, str] | None = None,
        **route: Any,
    ) -> HttpReply:
        routes = tuple(Route("GET", one, "f", "NONE", **route) for one in ("/only", "/jobs/{job}"))
        api = HttpApi(HttpApiDefinition(routes), call, IssuerKeys(), AccessLog(log_format, log))
        return api.handle(HttpRequest("GET", path, query, headers or {}, body))

    return send


def said(reply: HttpReply) -> tuple[int, bytes]:
    return reply.status, reply.body


def test_a_body_above_ten_megabytes_is_too_large(handle: Handle) -> None:
    assert handle("/only", body=bytes(10 * 1024 * 1024)).status == 200
    assert said(handle("/only", body=bytes(10 * 1024 * 1024 + 1))) == (413, b'{"message":"Request Entity Too Large"}')


def test_a_function_that_outlasts_the_routes_timeout_is_unavailable(handle: Handle) -> None:
    is_over = threading.Event()

    def slow(_: HttpRequest) -> HttpReply:
        is_over.wait(10)
        return HttpReply(200, b"{}")

    reply = handle("/only", slow, timeout_seconds=0.05)
    is_over.set()
    assert said(reply) == (503, b'{"message":"Service Unavailable"}')


def drop(_: HttpRequest) -> HttpReply:
    raise ConnectionDropped


@pytest.mark.parametrize(
    "call",
    [
        drop,
        lambda _: HttpReply(200, b"{}", (("X-Amz-Function-Error", "Unhandled"),)),
        lambda _: HttpReply(429, b"{}"),
        lambda _: HttpReply(200, b'{"statusCode": 200, "body": {"not": "a text"}}'),
        lambda _: HttpReply(200, b'{"statusCode": 200, "headers": ["x"]}'),
        lambda _: HttpReply(200, b'{"statusCode": "well"}'),
    ],
)
def test_a_function_that_gives_no_reply_is_an_internal_server_error(handle: Handle, call: Call) -> None:
    assert said(handle("/only", call)) == (500, b'{"message":"Internal Server Error"}')


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


def test_who_asks_too_often_is_reported_so(log: Path) -> None:
    definition = HttpApiDefinition((Route("GET", "/only", "f", "NONE"),), Throttling(rate=0.001, burst=1))
    api = HttpApi(definition, echo, IssuerKeys(), AccessLog(None, log))
    assert api.handle(HttpRequest("GET", "/only")).status == 200
    assert said(api.handle(HttpRequest("GET", "/only"))) == (429, b'{"message":"Too Many Requests"}')
    assert api.handle(HttpRequest("GET", "/other")).status == 404


def test_a_line_of_the_log_has_the_values_of_the_format(handle: Handle, log: Path) -> None:
    line_format = '{"m":"$context.httpMethod","p":"$context.path","s":$context.status,"u":"$context.identity.userArn"}'
    handle('/jobs/"x', log_format=line_format)
    handle("/jobs/8", drop, log_format="$context.error.messageString $context.integrationErrorMessage")
    first, second = log.read_text().splitlines()
    assert json.loads(first) == {"m": "GET", "p": '/jobs/"x', "s": 200, "u": "-"}
    assert second == '"Internal Server Error" The connection to the function was lost'


def test_no_variable_of_the_log_holds_a_header_or_the_query(handle: Handle, log: Path) -> None:
    line_format = " ".join(f"$context.{name}" for name in sorted(KNOWN))
    headers = {"authorization": "hidden-1", "x-amz-security-token": "hidden-2", "cookie": "hidden-3"}
    handle("/only", log_format=line_format, query="token=hidden-4", headers=headers, body=b"hidden-5")
    assert "200" in log.read_text()
    assert "hidden" not in log.read_text()
