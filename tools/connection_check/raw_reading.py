"""Signed GETs whose replies are kept as the provider wrote them: a provider's decoding hides what it ignores."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from requests.auth import AuthBase

from farsync.http_client.client import Query, Transport
from farsync.http_client.response import Reply
from farsync.model.errors import FarsyncError, ProviderUnavailable


class RawReader:
    """`clock` returns seconds since the Unix epoch; `sign_with` makes a signer that reads such a clock before each
    request.
    """

    def __init__(
        self, transport: Transport, clock: Callable[[], float], sign_with: Callable[[Callable[[], float]], AuthBase]
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._auth = sign_with(self._note_sending)
        self._sent_at = 0.0
        self.clock_offset_seconds: float | None = None
        """How far the gateway's clock is ahead of ours, by the last reply; None where it held no date."""

    def get(
        self, url: str, rejection: Callable[[Reply], FarsyncError], query: Query | None = None
    ) -> Mapping[str, Any]:
        """Raises what `rejection` makes of a reply outside 2xx, and `ProviderUnavailable` for no JSON object."""
        return self._transport.get(url, self._auth, query, read=lambda reply: self._read(reply, rejection))

    def _read(self, reply: Reply, rejection: Callable[[Reply], FarsyncError]) -> Mapping[str, Any]:
        self.clock_offset_seconds = _clock_offset_seconds(reply, self._sent_at)
        if not reply.is_success:
            raise rejection(reply)
        try:
            content = json.loads(reply.body)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            raise ProviderUnavailable("The reply is no JSON object.")
        return content

    def _note_sending(self) -> float:
        """Signing reads the clock right before each attempt is sent."""
        self._sent_at = self._clock()
        return self._sent_at


def _clock_offset_seconds(reply: Reply, sent_at: float) -> float | None:
    try:
        sent: datetime = parsedate_to_datetime(reply.headers.get("Date", ""))
    except ValueError:
        return None
    # The header cuts off fractions of a second: on average the clock stood half a second later.
    return sent.timestamp() + 0.5 - (sent_at + reply.received_at) / 2
