"""Between which dates a moment lies that somebody else reports: what is earlier or later is a word for "never"."""

from datetime import UTC, datetime

OLDEST_DATE = datetime(2000, 1, 1, tzinfo=UTC)
"""What services write in place of a date that they do not know: the year 1, or the beginning of the epoch."""
LATEST_DATE = datetime(2100, 1, 1, tzinfo=UTC)
"""Or the year 9999. Time zones and margins can be added to all that is earlier."""
