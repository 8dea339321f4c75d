"""A server on a real socket, whose every connection and request line a test can see."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Respond = Callable[[socket.socket, "Request"], bool]
"""Answers a request on its connection; False ends the connection."""


@dataclass(frozen=True)
class Request:
    """A request as it came over the wire."""

    line: bytes
    headers: dict[str, str]
    body: bytes

    @property
    def target(self) -> str:
        return self.line.split(b" ")[1].decode()


def reply(status: int = 200, body: bytes = b"{}", **headers: str) -> Respond:
    """Answers with this status, body and headers (`_` in their names stands for `-`), and keeps the connection."""

    def respond(connection: socket.socket, _: Request) -> bool:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{name}: {value}\r\n" for name, value in {"Content-Length": len(body), **names}.items()]
        connection.sendall(f"HTTP/1.1 {status} Status\r\n{''.join(lines)}\r\n".encode() + body)
        return True

    return respond


def after_interim(final: Respond, *statuses: int) -> Respond:
    """Answers with these interim replies first."""

    def respond(connection: socket.socket, request: Request) -> bool:
        for status in statuses:
            connection.sendall(f"HTTP/1.1 {status} Status\r\nLink: </style.css>\r\n\r\n".encode())
        return final(connection, request)

    return respond


def with_a_late_one(first: Respond, late: Respond) -> Respond:
    """Answers, and answers once more when the next request is there, before its own answer."""

    def respond(connection: socket.socket, request: Request) -> bool:
        first(connection, request)
        if not connection.recv(1, socket.MSG_PEEK):
            return False
        return late(connection, request)

    return respond


def reset(connection: socket.socket, _: Request) -> bool:
    """Drops the connection with a TCP reset once the whole request is there."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def truncate(connection: socket.socket, _: Request) -> bool:
    """Promises more body than it sends."""
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"jobId"')
    return False


def stay_silent_until(released: threading.Event) -> Respond:
    """Answers nothing until the test lets go."""

    def respond(_: socket.socket, __: Request) -> bool:
        released.wait(10)
        return False

    return respond


@dataclass
class WireServer:
    """Answers with `script` in order, its last entry for ever."""

    endpoint: str
    script: list[Respond]
    requests: list[Request] = field(default_factory=list)
    connections_opened: int = 0

    def next_response(self) -> Respond:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


@contextmanager
def wire_server(*script: Respond, tls: ssl.SSLContext | None = None) -> Iterator[WireServer]:
    plain = socket.create_server(("127.0.0.1", 0))
    with tls.wrap_socket(plain, server_side=True) if tls else plain as listener:
        server = WireServer(f"http{'s' if tls else ''}://127.0.0.1:{listener.getsockname()[1]}", list(script))
        threading.Thread(target=_accept, args=(listener, server), daemon=True).start()
        yield server


def _accept(listener: socket.socket, server: WireServer) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except ssl.SSLError:
            continue
        except OSError:
            return
        server.connections_opened += 1
        threading.Thread(target=_serve, args=(connection, server), daemon=True).start()


def _serve(connection: socket.socket, server: WireServer) -> None:
    with connection, connection.makefile("rb") as stream:
        while line := stream.readline().strip():
            headers = {}
            while header := stream.readline().strip():
                name, _, value = header.decode("latin-1").partition(": ")
                headers[name.lower()] = value
            request = Request(line, headers, stream.read(int(headers.get("content-length", 0))))
            server.requests.append(request)
            if not server.next_response()(connection, request):
                return
