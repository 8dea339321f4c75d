"""HTTP on a free loopback port, by the server of the providers' services: requests in, replies out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from sandbox.provider_service import http_server
from sandbox.provider_service.http_messages import ConnectionDropped, Reply, Request

__all__ = ["ConnectionDropped", "HttpReply", "HttpRequest", "HttpServer", "error_reply", "json_reply"]

# Above what API Gateway takes, so that it can say so.
_LARGEST_BODY_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class HttpRequest:
    """`path` and `query` are as sent, still percent-encoded; header names are in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class HttpReply:
    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


def json_reply(status: int, content: object, *headers: tuple[str, str]) -> HttpReply:
    body = json.dumps(content, separators=(",", ":")).encode()
    return HttpReply(status, body, (("Content-Type", "application/json"), *headers))


def error_reply(status: int, code: str, message: str) -> HttpReply:
    """As AWS' JSON protocols share it: SDKs read the code from the header (rest-json) or from `__type` (json)."""
    return json_reply(status, {"__type": code, "message": message, "Message": message}, ("x-amzn-ErrorType", code))


class HttpServer(http_server.HttpServer):
    """Serves `handler`, which may raise ConnectionDropped, one thread per connection, connections kept alive."""

    def __init__(self, handler: Callable[[HttpRequest], HttpReply]) -> None:
        def answer(request: Request) -> Reply:
            path, _, query = request.target.partition("?")
            reply = handler(HttpRequest(request.method, path, query, request.headers, request.body))
            headers = {name.lower(): value for name, value in reply.headers}
            content_type = headers.pop("content-type", "application/json")
            return Reply(reply.status, reply.body, content_type, headers)

        super().__init__("127.0.0.1", 0, http_server.Responder(answer, _unreadable, _LARGEST_BODY_BYTES))


def _unreadable(status: int) -> Reply:
    # To AWS a method that the library does not know is one without a route.
    status = HTTPStatus.NOT_FOUND if status == HTTPStatus.NOT_IMPLEMENTED else status
    return Reply(status, json.dumps({"message": HTTPStatus(status).phrase}).encode())
