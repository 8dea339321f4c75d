"""A request's line, headers and body as they go over the wire, and the words of its failures."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from farsync import __version__
from farsync.http_client.client import Query, Transport
from farsync.http_client.response import Reply
from farsync.model.errors import ProviderUnavailable, StartUnconfirmed, Throttled
from farsync.signing.naver import NaverAuth, NaverKeys, sign
from tests.unit.http_client.fake_time import as_it_is
from tests.unit.http_client.wire_server import reply, reset, wire_server

Send = Callable[[Transport, str], Reply]
QUERY: Query = {"page": 0, "name": "작업"}
ASKED = "/a?page=0&name=%EC%9E%91%EC%97%85"
JSON, JSON_OF_AWS = "application/json", "application/x-amz-json-1.1"


def post_of_aws(transport: Transport, url: str) -> Reply:
    return transport.post(url, None, {}, headers={"Content-Type": JSON_OF_AWS}, read=as_it_is)


@pytest.mark.parametrize(
    ("send", "line", "content_type", "body"),
    [
        (lambda t, url: t.get(url, None, QUERY), f"GET {ASKED}", None, ""),
        (lambda t, url: t.post(url, None, {"a": [2, 3]}, read=as_it_is), "POST /a", JSON, '{"a":[2,3]}'),
        (lambda t, url: t.post(url, None, read=as_it_is), "POST /a", None, ""),
        (post_of_aws, "POST /a", JSON_OF_AWS, "{}"),
        (lambda t, url: t.post_once(url, None, QUERY, {"$n": "작업"}), f"POST {ASKED}", JSON, '{"$n":"작업"}'),
        (lambda t, url: t.post_once(url), "POST /a", JSON, "{}"),
    ],
    ids=["get", "post", "empty post", "dialect of json", "start", "empty start"],
)
def test_a_request_has_its_query_and_json(
    transport: Transport, send: Send, line: str, content_type: str | None, body: str
) -> None:
    with wire_server(reply()) as server:
        send(transport, f"{server.endpoint}/a")

    (sent,) = server.requests
    assert (sent.line.decode(), sent.body.decode()) == (f"{line} HTTP/1.1", body)
    assert (sent.headers.get("content-type"), sent.headers["accept"]) == (content_type, "application/json")
    assert sent.headers["user-agent"] == f"farsync/{__version__}"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/v1/jobs", {"name": "작업 + 100%"}),
        ("/api/v1/jobs", {"name": "a&b=c/d?e#f~g'(h)*!"}),
        ("/api/v1/jobs", {"name": "", "status": ""}),
        ("/api/v1/jobs", {"name": ["b", "a", "b"]}),
        ("/api/v1/jobs/%eb%b0%94%2F%2e", {}),
        ("/api/v1/jobs?name=%ea%b0%80", {"page": 1}),
        ("//api//v1/jobs/", {}),
        ("", {}),
    ],
)
def test_the_signature_is_of_the_bytes_that_are_sent(
    transport: Transport, path: str, query: dict[str, str | int]
) -> None:
    keys = NaverKeys("access", "secret")
    with wire_server(reply()) as server:
        transport.get(f"{server.endpoint}{path}", NaverAuth(keys, lambda: 1742523174.0), query)

    (sent,) = server.requests
    assert sign("GET", sent.target, keys, 1742523174000).items() <= sent.headers.items()


@pytest.mark.parametrize(
    ("send", "error", "words"),
    [
        (lambda t, url: t.get(url, None, {"name": "confidential"}), ProviderUnavailable, "{lost}"),
        (lambda t, url: t.post(url, None, read=as_it_is), ProviderUnavailable, "{lost}"),
        (lambda t, url: t.post_once(url), StartUnconfirmed, "The start was sent and its reply lost. {lost}"),
    ],
    ids=["get", "post", "start"],
)
def test_a_failure_names_the_host_and_no_value(
    transport: Transport, send: Send, error: type[Exception], words: str
) -> None:
    with wire_server(reset) as server, pytest.raises(error) as caught:
        send(transport, f"{server.endpoint}/a")

    lost = f"No whole reply from {urlsplit(server.endpoint).netloc}: ConnectionError."
    assert str(caught.value) == words.format(lost=lost)


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (429, Throttled, "The server asks for fewer requests."),
        (500, ProviderUnavailable, "The server answered 500."),
        (503, ProviderUnavailable, "The server answered 503."),
    ],
)
def test_a_server_that_asks_for_too_much_time_is_given_up_at_once(
    transport: Transport, status: int, error: type[Exception], words: str
) -> None:
    with wire_server(reply(status, Retry_After="21")) as server, pytest.raises(error) as caught:
        transport.get(server.endpoint)

    assert (str(caught.value), len(server.requests)) == (words, 1)
    assert vars(caught.value)["retry_after_seconds"] == 21
