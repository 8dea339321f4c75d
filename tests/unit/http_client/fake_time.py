"""A clock that only a pause moves, and a transport that lives by it."""

import socket

from farsync.http_client.client import Bounds, Transport
from farsync.http_client.response import Reply

HASTY = Bounds(connect_timeout_seconds=1, read_timeout_seconds=0.1)


class FakeTime:
    """A clock that only a pause moves."""

    def __init__(self) -> None:
        self.now = 1742523174.0
        self.pauses: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def make_transport(time: FakeTime, bounds: Bounds | None = None, jitter: float = 1.0) -> Transport:
    return Transport(clock=time.clock, sleep=time.sleep, random=lambda: jitter, bounds=bounds)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def as_it_is(reply: Reply) -> Reply:
    """Reads nothing out of it."""
    return reply
