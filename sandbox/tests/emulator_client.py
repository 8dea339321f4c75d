"""What test clients of both providers share: the sandbox's own routes, and waiting."""

import time
from abc import abstractmethod
from collections.abc import Callable
from typing import Any

import requests

from sandbox.provider_service.server import ProviderServer


class EmulatorClient:
    """Signed calls to one server, by somebody who knows nothing of farsync."""

    server: ProviderServer

    @abstractmethod
    def call(self, method: str, path: str, body: object = None) -> requests.Response: ...

    def control(self, method: str, name: str, body: object = None) -> requests.Response:
        return requests.request(method, f"{self.server.endpoint}/_sandbox/{name}", json=body, timeout=10)

    def faults(self, *rules: dict[str, object]) -> None:
        reply = self.control("PUT", "faults", list(rules))
        assert reply.ok, reply.text

    def executions(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.control("GET", "executions").json()
        return entries


def poll(ask: Callable[[], Any], is_done: Callable[[Any], bool], seconds: float = 30) -> Any:
    """What `ask` gives once `is_done`; fails after `seconds`."""
    until = time.monotonic() + seconds
    while True:
        seen = ask()
        if is_done(seen):
            return seen
        assert time.monotonic() < until, f"still {seen}"
        time.sleep(0.01)
