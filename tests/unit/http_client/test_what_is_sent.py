"""A request's line, headers and body as they go over the wire, and the words of its failures."""

from urllib.parse import urlsplit

import pytest

from farsync.http_client.client import Query, Transport
from farsync.model.errors import ProviderUnavailable, StartUnconfirmed, Throttled
from tests.unit.http_client.wire_server import reply, reset, wire_server

QUERY: Query = {"page": 0, "name": "작업"}
QUERY_SENT = "page=0&name=%EC%9E%91%EC%97%85"


def test_every_request_asks_for_json(transport: Transport) -> None:
    with wire_server(reply()) as server:
        transport.get(server.endpoint)
        transport.post(server.endpoint)
        transport.post_once(server.endpoint)

    assert {request.headers["accept"] for request in server.requests} == {"application/json"}


def test_a_get_has_no_body_and_says_nothing_of_one(transport: Transport) -> None:
    with wire_server(reply()) as server:
        transport.get(f"{server.endpoint}/a")

    assert server.requests[0].line == b"GET /a HTTP/1.1"
    assert "content-type" not in server.requests[0].headers


def test_a_post_carries_its_query_and_its_json(transport: Transport) -> None:
    with wire_server(reply()) as server:
        transport.post(f"{server.endpoint}/a", None, QUERY, {"a": 1, "b": [2, 3]})

    sent = server.requests[0]
    assert sent.line == f"POST /a?{QUERY_SENT} HTTP/1.1".encode()
    assert sent.headers["content-type"] == "application/json"
    assert sent.body == b'{"a":1,"b":[2,3]}'


def test_a_post_with_nothing_to_say_has_no_body(transport: Transport) -> None:
    with wire_server(reply()) as server:
        transport.post(f"{server.endpoint}/a")

    assert server.requests[0].body == b""
    assert "content-type" not in server.requests[0].headers


def test_a_post_in_a_dialect_of_json_says_which(transport: Transport) -> None:
    with wire_server(reply()) as server:
        transport.post(server.endpoint, json={}, headers={"Content-Type": "application/x-amz-json-1.1"})

    assert server.requests[0].headers["content-type"] == "application/x-amz-json-1.1"


def test_a_start_carries_its_query_and_its_json(transport: Transport) -> None:
    with wire_server(reply()) as server:
        transport.post_once(f"{server.endpoint}/a", None, QUERY, {"a": 1, "b": 2})

    sent = server.requests[0]
    assert sent.line == f"POST /a?{QUERY_SENT} HTTP/1.1".encode()
    assert (sent.headers["content-type"], sent.body) == ("application/json", b'{"a":1,"b":2}')


def test_a_start_with_nothing_to_say_sends_an_empty_object(transport: Transport) -> None:
    with wire_server(reply()) as server:
        transport.post_once(server.endpoint)

    assert server.requests[0].body == b"{}"


def test_a_failure_names_the_host_and_what_happened(transport: Transport) -> None:
    with wire_server(reset) as server, pytest.raises(ProviderUnavailable) as caught:
        transport.post(f"{server.endpoint}/a")

    assert str(caught.value) == f"No whole reply from {urlsplit(server.endpoint).netloc}: ConnectionError."


def test_a_lost_reply_to_a_start_is_reported_as_one(transport: Transport) -> None:
    with wire_server(reset) as server, pytest.raises(StartUnconfirmed) as caught:
        transport.post_once(f"{server.endpoint}/a")

    host = urlsplit(server.endpoint).netloc
    assert str(caught.value) == (f"The start was sent and its reply lost. No whole reply from {host}: ConnectionError.")


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (429, Throttled, "The server asks for fewer requests."),
        (500, ProviderUnavailable, "The server answered 500."),
        (503, ProviderUnavailable, "The server answered 503."),
    ],
)
def test_a_server_that_stays_away_is_reported_with_the_time_it_asks_for(
    transport: Transport, status: int, error: type[Exception], words: str
) -> None:
    with wire_server(reply(status, Retry_After="21")) as server, pytest.raises(error) as caught:
        transport.get(server.endpoint)

    assert str(caught.value) == words
    assert vars(caught.value)["retry_after_seconds"] == 21
