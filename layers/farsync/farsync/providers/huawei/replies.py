"""What a reply of Huawei Cloud says beside its content: code, message, request id, and the provider's clock."""

from farsync.http_client.response import Reply
from farsync.model.errors import ProviderReply
from farsync.providers.replies import bounded_reply, fields_in, first_text


def provider_reply(reply: Reply) -> ProviderReply:
    """Code, message and request id of a rejection, under whichever of the documented keys they stand."""
    fields = fields_in(reply.body, "error") if reply.status >= 400 else {}
    return bounded_reply(
        reply,
        first_text(fields, "error_code", "errorCode", "code"),
        first_text(fields, "error_msg", "errorMsg", "message"),
        reply.headers.get("X-Request-Id") or first_text(fields, "request_id"),
    )


def clock_gap_seconds(reply: Reply) -> float | None:
    """How far our clock is ahead of the provider's; None where the reply does not say the provider's."""
    return None if reply.served_at is None else reply.received_at - reply.served_at.timestamp()
