"""A small HTTP/1.1 server on loopback: requests in, replies out, connections that can be dropped."""

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class HttpRequest:
    """`path` and `query` are as sent, still percent-encoded; header names are in lower case, values of headers that
    are sent more than once joined by a comma (cookies by a semicolon)."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    source_ip: str = "127.0.0.1"


@dataclass(frozen=True)
class HttpReply:
    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


def json_reply(status: int, content: object, *headers: tuple[str, str]) -> HttpReply:
    body = json.dumps(content, separators=(",", ":")).encode()
    return HttpReply(status, body, (("Content-Type", "application/json"), *headers))


class ConnectionDropped(Exception):
    """Raised by a handler: the connection is reset and the client gets no reply."""


Handler = Callable[[HttpRequest], HttpReply]


class HttpServer:
    """Serves `handler` on a free loopback port, one thread per connection, connections kept alive."""

    def __init__(self, handler: Handler) -> None:
        self._server = _Server(("127.0.0.1", 0), _handler_class(handler))
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()
        self._server.close_connections()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    block_on_close = False

    def __init__(self, address: tuple[str, int], handler_class: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler_class)
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Ends connections that a client keeps alive; otherwise they would answer after the stop."""
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def _handler_class(handler: Handler) -> type[BaseHTTPRequestHandler]:
    class RequestHandler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # status line, headers and body leave in one packet

        def handle(self) -> None:
            # The peer may go away at any time: a killed worker, a client that gave up.
            with contextlib.suppress(ConnectionError):
                super().handle()

        def finish(self) -> None:
            with contextlib.suppress(ConnectionError):
                super().finish()

        def _answer(self) -> None:
            path, _, query = self.path.partition("?")
            length = self.headers.get("Content-Length") or "0"
            if not length.isdecimal() or "Transfer-Encoding" in self.headers:
                self.close_connection = True
                self.send_error(411)
                return
            request = HttpRequest(
                method=self.command,
                path=path,
                query=query,
                headers=_joined(self.headers),
                body=self.rfile.read(int(length)),
                source_ip=str(self.client_address[0]),
            )
            try:
                reply = handler(request)
            except ConnectionDropped:
                self._reset()
                return
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_TRACE = do_QUERY = _answer

        def _reset(self) -> None:
            self.close_connection = True
            # Linger of zero seconds makes close() send RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

        def log_message(self, format: str, *args: Any) -> None:
            """The log of calls and the functions' logs say more than access lines would."""

    return RequestHandler


def _joined(headers: Message) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        joined[key] = f"{joined[key]}{'; ' if key == 'cookie' else ','}{value}" if key in joined else value
    return joined
