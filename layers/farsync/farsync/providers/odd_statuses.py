"""Statuses that no provider documents, and what HTTP itself says of them."""

from farsync.model.errors import ConnectionInvalid, FarsyncError, ProviderReply, ProviderUnavailable

RETRIABLE = frozenset({408, 421, 425})
"""The request was right and did not arrive as it should: RFC 9110, 15.5.9 and 15.5.20; RFC 8470, 5.2."""
MOVED_FOR_GOOD = frozenset({301, 308})


def redirection(service: str, status: int, said: ProviderReply) -> FarsyncError:
    """The error for a 3xx. None is followed: who answers there is not whom the connection names."""
    if status in MOVED_FOR_GOOD:
        return ConnectionInvalid(
            f"endpoint: {service} has moved to another address ({status}); correct it in the connection's secret.",
            said=said,
        )
    return ProviderUnavailable(
        f"{service} answered {status}, which leads to another address and is never followed; if it stays so, correct "
        "'endpoint' in the connection's secret.",
        said=said,
    )
