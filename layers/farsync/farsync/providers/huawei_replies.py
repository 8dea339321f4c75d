"""What a reply of Huawei Cloud says beside its content: code, message, request id, and the vendor's clock."""

import json
from collections.abc import Mapping

from farsync.errors import VendorReply
from farsync.replies import Reply

LONGEST_MESSAGE = 500
BODY_SHOWN_BYTES = 4096


def vendor_reply(reply: Reply) -> VendorReply:
    """Code, message and request id of a reply, under whichever of the documented keys they stand."""
    try:
        content = json.loads(reply.body)
    except (ValueError, RecursionError):
        shown = reply.body[:BODY_SHOWN_BYTES].decode(errors="replace").strip()
        return VendorReply(reply.status, None, shown[:LONGEST_MESSAGE] or None, reply.headers.get("X-Request-Id"))
    fields = content if isinstance(content, Mapping) else {}
    nested = fields.get("error")
    if isinstance(nested, Mapping):
        fields = nested
    message = _first(fields, "error_msg", "errorMsg", "message")
    return VendorReply(
        reply.status,
        _first(fields, "error_code", "errorCode", "code"),
        message and message[:LONGEST_MESSAGE],
        reply.headers.get("X-Request-Id") or _first(fields, "request_id"),
    )


def clock_gap_seconds(reply: Reply) -> float | None:
    """How far our clock is ahead of the vendor's; None where the reply does not tell the vendor's."""
    return None if reply.served_at is None else reply.received_at - reply.served_at.timestamp()


def _first(fields: Mapping[str, object], *names: str) -> str | None:
    found = (fields.get(name) for name in names)
    return next((str(value) for value in found if isinstance(value, str | int) and value != ""), None)
