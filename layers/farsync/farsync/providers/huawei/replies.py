"""What a reply of Huawei Cloud says beside its content: code, message, request id, and the provider's clock."""

import json
from collections.abc import Mapping

from farsync.http_client.response import Reply
from farsync.model.errors import ProviderReply

LONGEST_MESSAGE = 500
LONGEST_CODE = 100


def provider_reply(reply: Reply) -> ProviderReply:
    """Code, message and request id of a rejection, under whichever of the documented keys they stand; of every other
    body no more than its length and type, since it may repeat the values of parameters.
    """
    fields = _fields(reply.body) if reply.status >= 400 else {}
    code = _first(fields, "error_code", "errorCode", "code")
    message = _first(fields, "error_msg", "errorMsg", "message")
    trace_id = reply.headers.get("X-Request-Id") or _first(fields, "request_id")
    if code is None and message is None:
        message = reply.size_and_type
    return ProviderReply(
        reply.status,
        code and code[:LONGEST_CODE],
        message and message[:LONGEST_MESSAGE],
        trace_id and trace_id[:LONGEST_CODE],
    )


def clock_gap_seconds(reply: Reply) -> float | None:
    """How far our clock is ahead of the provider's; None where the reply does not say the provider's."""
    return None if reply.served_at is None else reply.received_at - reply.served_at.timestamp()


def _fields(body: bytes) -> Mapping[str, object]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, Mapping):
        return {}
    nested = content.get("error")
    return nested if isinstance(nested, Mapping) else content


def _first(fields: Mapping[str, object], *names: str) -> str | None:
    found = (fields.get(name) for name in names)
    return next((str(value) for value in found if isinstance(value, str | int) and value != ""), None)
