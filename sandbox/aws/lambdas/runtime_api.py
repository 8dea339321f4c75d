"""The Runtime API of one function process: hands out invocations and takes their results.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import queue
import threading
from dataclasses import dataclass

from sandbox.aws.http_server import ConnectionDropped, HttpReply, HttpRequest, HttpServer

_PREFIX = "/2018-06-01/runtime/"


@dataclass(frozen=True)
class Invocation:
    request_id: str
    function_arn: str
    deadline_ms: int
    payload: bytes


@dataclass(frozen=True)
class InvocationResult:
    """`payload` is the function's JSON; with `is_error` an object with errorType and errorMessage."""

    payload: bytes
    is_error: bool = False

    @classmethod
    def failure(cls, error_type: str, message: str) -> "InvocationResult":
        return cls(json.dumps({"errorType": error_type, "errorMessage": message}).encode(), is_error=True)


class RuntimeApi:
    """One server for one process, which asks for one invocation at a time."""

    def __init__(self) -> None:
        self._next: queue.SimpleQueue[Invocation | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[InvocationResult] = queue.SimpleQueue()
        self.is_ready = threading.Event()
        self.has_failed_to_load = False
        self._server = HttpServer(self._handle)
        self._server.start()

    @property
    def address(self) -> str:
        return self._server.endpoint.removeprefix("http://")

    def run(self, invocation: Invocation, timeout_seconds: float) -> InvocationResult:
        """Raises TimeoutError when the process has not answered in time."""
        self._next.put(invocation)
        try:
            return self._results.get(timeout=timeout_seconds)
        except queue.Empty:
            raise TimeoutError from None

    def give_up(self, result: InvocationResult) -> None:
        """Ends whatever waits for this process: it exited, or could not load its handler."""
        self._results.put(result)
        self.is_ready.set()

    def close(self) -> None:
        self._next.put(None)
        self._server.stop()

    def _handle(self, request: HttpRequest) -> HttpReply:
        route = request.path.removeprefix(_PREFIX)
        if route == "invocation/next":
            return self._hand_out()
        if route == "init/error":
            self.has_failed_to_load = True
            self.give_up(InvocationResult(request.body, is_error=True))
            return _accepted()
        if route.startswith("invocation/") and route.endswith(("/response", "/error")):
            self._results.put(InvocationResult(request.body, is_error=route.endswith("/error")))
            return _accepted()
        return HttpReply(404)

    def _hand_out(self) -> HttpReply:
        self.is_ready.set()
        invocation = self._next.get()
        if invocation is None:
            raise ConnectionDropped
        return HttpReply(
            200,
            invocation.payload,
            (
                ("Content-Type", "application/json"),
                ("Lambda-Runtime-Aws-Request-Id", invocation.request_id),
                ("Lambda-Runtime-Deadline-Ms", str(invocation.deadline_ms)),
                ("Lambda-Runtime-Invoked-Function-Arn", invocation.function_arn),
            ),
        )


def _accepted() -> HttpReply:
    return HttpReply(202, b'{"status":"OK"}', (("Content-Type", "application/json"),))
