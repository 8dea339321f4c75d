"""Hands an event to a function and waits for it no longer than the route says."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.aws.http_server import ConnectionDropped, HttpReply, HttpRequest

_NOT_PERMITTED = (
    "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. "
    "Check the permissions and try again."
)

CallAws = Callable[[HttpRequest], HttpReply]


class IntegrationFailed(Exception):
    """There is no result of the function. `status` is the gateway's; the message is for its log."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Integration:
    """`call_aws` is the sandbox's AWS endpoint."""

    call_aws: CallAws

    def invoke(self, function: str, event: bytes, timeout_seconds: float, is_permitted: bool) -> bytes:
        """The function's result as JSON. It goes on when the gateway has given up. Raises IntegrationFailed."""
        if not is_permitted:
            raise IntegrationFailed(500, _NOT_PERMITTED)
        request = HttpRequest("POST", f"/2015-03-31/functions/{function}/invocations", body=event)
        replies: queue.SimpleQueue[HttpReply | None] = queue.SimpleQueue()

        def call() -> None:
            try:
                replies.put(self.call_aws(request))
            except ConnectionDropped:
                replies.put(None)

        threading.Thread(target=call, daemon=True).start()
        try:
            reply = replies.get(timeout=timeout_seconds)
        except queue.Empty:
            message = f"Integration timed out after {timeout_seconds:g} seconds"
            raise IntegrationFailed(503, message) from None
        if reply is None:
            raise IntegrationFailed(500, "The connection to the function was lost")
        if reply.status != 200 or any(name == "X-Amz-Function-Error" for name, _ in reply.headers):
            raise IntegrationFailed(500, "The function failed; its log says why")
        return reply.body
