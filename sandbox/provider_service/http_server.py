"""A service on a socket. The standard library's server, because werkzeug's closes every connection."""

import contextlib
import re
import socket
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sandbox.provider_service.http_messages import ConnectionDropped, Reply, Request

# Closing a socket with this option resets the connection.
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Responder:
    """What answers the requests of a server."""

    answer: Callable[[Request], Reply]
    """May raise `ConnectionDropped`."""
    answer_unreadable: Callable[[int], Reply]
    """The reply to what is no request: 413 for a body that is too large, 501 for an unknown method, else 400."""
    maximum_body_bytes: int


class HttpServer(ThreadingHTTPServer):
    """A listening socket and its thread. `endpoint` has no trailing slash."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, host: str, port: int, responder: Responder) -> None:
        self.responder = responder
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        super().__init__((host, port), RequestHandler)

    @property
    def endpoint(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Closes every connection, those that clients keep alive as well; also where it was never started."""
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):  # gone already
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without it a small reply waits 40 ms for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1
    server: HttpServer

    def _answer(self) -> None:
        body = self._read_body()
        if isinstance(body, Reply):
            self.close_connection = True
            self._send(body)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            self._send(self.server.responder.answer(Request(self.command, self.path, headers, body)))
        except ConnectionDropped:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _answer

    def _read_body(self) -> bytes | Reply:
        """The body, or the rejection of one that cannot be read."""
        responder = self.server.responder
        length = self.headers.get("Content-Length", "0")
        if not re.fullmatch(r"[0-9]{1,12}", length) or "Transfer-Encoding" in self.headers:
            return responder.answer_unreadable(HTTPStatus.BAD_REQUEST)
        if int(length) > responder.maximum_body_bytes:
            return responder.answer_unreadable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise ConnectionResetError("the client was gone before its request was whole")
        return body

    def _send(self, reply: Reply) -> None:
        for status in reply.interim:
            self.send_response_only(status)
            self.end_headers()
            self.wfile.flush()
        self.send_response_only(reply.status)
        if reply.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        self.wfile.flush()

    def send_error(self, code: int, *_: Any, **__: Any) -> None:
        """The library's own rejections, of unknown methods and of what is no HTTP, in the provider's words."""
        self.close_connection = True
        self._send(self.server.responder.answer_unreadable(code))

    def log_message(self, format: str, *args: Any) -> None:
        """Standard output and error belong to whoever started the service."""
