"""Dates in the sandbox's own replies, which are no provider's."""

from datetime import UTC, datetime


def log_date(epoch_seconds: float | None) -> str | None:
    """UTC with milliseconds, for counting and comparing."""
    if epoch_seconds is None:
        return None
    return datetime.fromtimestamp(epoch_seconds, UTC).isoformat(timespec="milliseconds")
