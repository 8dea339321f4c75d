"""What a fault does to one request, before and after the service has done its work."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace

from sandbox.provider_service.faults import DONE_FIRST, FaultRule
from sandbox.provider_service.http_messages import ConnectionDropped, Reply

ELSEWHERE = {"Location": "https://elsewhere.example.com/"}
BAD_GATEWAY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
OF_SOMETHING_IN_BETWEEN = {
    "http_302": Reply(302, b"", headers=ELSEWHERE),
    "http_303": Reply(303, b"", headers=ELSEWHERE),
    "http_307": Reply(307, b"", headers=ELSEWHERE),
    "http_408": Reply(408, b"", headers={"Connection": "close"}),
    "http_502_html": Reply(502, BAD_GATEWAY_PAGE, "text/html"),
    "http_520": Reply(520, b"error code: 520", "text/plain"),
    "http_524": Reply(524, b"error code: 524", "text/plain"),
}
"""What neither the provider's gateway nor its service answers, but a proxy or cache before them."""
EXECUTION_IDS = ("jobExecutionId", "instanceId")
UNKNOWN_STATUS = "SOMETHING_NEW"


class FaultEffects:
    """Waits end early when `stopping` is set."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping

    def apply(self, rule: FaultRule, rejection: Reply | None, answer: Callable[[], Reply]) -> Reply:
        """The reply to a request that a rule hits; `rejection`, where the fault is one, in the provider's words.

        Raises `ConnectionDropped`.
        """
        if rule.fault == "reset_before":
            raise ConnectionDropped
        # A service that stops closes its database: what it wakes must not begin its work then.
        if rule.fault == "slow" and self._stopping.wait(rule.duration_seconds):
            raise ConnectionDropped
        if rule.fault in DONE_FIRST and rule.done:
            answer()
        if rule.fault in OF_SOMETHING_IN_BETWEEN:
            return OF_SOMETHING_IN_BETWEEN[rule.fault]
        if rejection is None:
            return self._after(rule, answer())
        if rule.retry_after is None:
            return rejection
        return replace(rejection, headers={**rejection.headers, "Retry-After": str(rule.retry_after)})

    def _after(self, rule: FaultRule, reply: Reply) -> Reply:
        match rule.fault:
            case "reset_after":
                raise ConnectionDropped
            case "timeout_after":
                self._stopping.wait(rule.duration_seconds)
                raise ConnectionDropped
            case "early_hints":
                return replace(reply, interim=(103,))
            case "other_execution" if reply.body:
                return replace(reply, body=_about_another_execution(reply.body))
            case "truncated_json":
                return replace(reply, body=reply.body[: len(reply.body) // 2])
            case "unknown_status" if reply.body:
                return replace(reply, body=_with_unknown_status(reply.body))
        return reply


def _with_unknown_status(body: bytes) -> bytes:
    """Changes the status of the thing shown, or of each one listed."""
    value = json.loads(body)
    if isinstance(value, dict):
        listed = [item for items in value.values() if isinstance(items, list) for item in items]
        for item in [value] if "status" in value else listed:
            if isinstance(item, dict) and "status" in item:
                item["status"] = UNKNOWN_STATUS
    return json.dumps(value).encode()


def _about_another_execution(body: bytes) -> bytes:
    value = json.loads(body)
    for name in EXECUTION_IDS:
        if isinstance(value, dict) and name in value:
            shown = value[name]
            value[name] = shown + 1 if isinstance(shown, int) else f"{shown[1:]}{shown[0]}x"
    return json.dumps(value).encode()
