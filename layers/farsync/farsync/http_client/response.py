"""A reply read to its end, within bounds."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import requests

from farsync.model.dates import LATEST_DATE, OLDEST_DATE

READ_CHUNK_BYTES = 64 * 1024
LONGEST_RETRY_AFTER_SECONDS = 24 * 3600.0
MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+-]{1,40}/[A-Za-z0-9.+-]{1,80}")


class ReplyTooLarge(requests.RequestException):
    """The reply is longer than what we are ready to hold."""


class Reply(NamedTuple):
    """An HTTP reply. `received_at` is in epoch seconds; names of headers may come in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    received_at: float
    round_trip_seconds: float = 0.0

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def size_and_type(self) -> str:
        """All that may be logged of a body that cannot be read: it may repeat the values of secret parameters."""
        media_type = MEDIA_TYPE.match(self.headers.get("Content-Type", "").strip())
        return f"{len(self.body)} bytes of {media_type.group().lower() if media_type else 'no known type'}"

    @property
    def retry_after_seconds(self) -> float | None:
        """How long the server asks us to stay away, a day at most; None when it does not say so legibly."""
        text = self.headers.get("Retry-After", "").strip()
        if text.isascii() and text.isdigit():
            return min(float(text), LONGEST_RETRY_AFTER_SECONDS)
        moment = _moment(text)
        if moment is None:
            return None
        return min(max(0.0, moment.timestamp() - self.received_at), LONGEST_RETRY_AFTER_SECONDS)

    @property
    def served_at(self) -> datetime | None:
        """The server's own time when it answered, in whole seconds; None where the reply does not say it.

        `Date` is when a message was originated (RFC 9110, 6.6.1), and an `Age` beside it says that this was so many
        seconds ago, at a server behind a cache (RFC 9111, 5.1): such a date says nothing of now.
        """
        if self.headers.get("Age", "0").strip().strip("0"):
            return None
        moment = _moment(self.headers.get("Date", ""))
        return moment if moment and OLDEST_DATE <= moment < LATEST_DATE else None


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_body(response: requests.Response, max_bytes: int) -> bytes:
    """Read the decompressed body; raise `ReplyTooLarge` as soon as it outgrows `max_bytes`."""
    chunks: list[bytes] = []
    size_bytes = 0
    for chunk in response.iter_content(READ_CHUNK_BYTES):
        size_bytes += len(chunk)
        if size_bytes > max_bytes:
            raise ReplyTooLarge(f"the reply is larger than {max_bytes} bytes")
        chunks.append(chunk)
    return b"".join(chunks)
