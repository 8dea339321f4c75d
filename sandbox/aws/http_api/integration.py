"""Hands an event to a function and waits for it no longer than the route says."""

import queue
import threading
from collections.abc import Callable

from sandbox.aws.events.targets import invoke_request
from sandbox.aws.http_server import ConnectionDropped, HttpReply, HttpRequest
from sandbox.aws.template.model import Route

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


def invoke(call_aws: CallAws, route: Route, event: bytes) -> bytes:
    """The function's result as JSON. It goes on when the gateway has given up. Raises IntegrationFailed."""
    if not route.is_permitted:
        raise IntegrationFailed(500, _NOT_PERMITTED)
    replies: queue.SimpleQueue[HttpReply | None] = queue.SimpleQueue()

    def call() -> None:
        try:
            replies.put(call_aws(invoke_request(route.function, event, waits=True)))
        except ConnectionDropped:
            replies.put(None)

    threading.Thread(target=call, daemon=True).start()
    try:
        reply = replies.get(timeout=route.timeout_seconds)
    except queue.Empty:
        raise IntegrationFailed(503, f"Integration timed out after {route.timeout_seconds:g} seconds") from None
    if reply is None:
        raise IntegrationFailed(500, "The connection to the function was lost")
    if reply.status != 200 or "X-Amz-Function-Error" in dict(reply.headers):
        raise IntegrationFailed(500, "The function failed; its log says why")
    return reply.body
