"""A request that was rejected for its date is signed again, by the provider's own time."""

from collections.abc import Callable

from requests.auth import AuthBase

from farsync.http_client.provider_clock import ProviderClock
from farsync.http_client.response import Reply
from farsync.signing.dated import DatedAuth

UNCERTAINTY_SECONDS = 30.0
"""How far the time in a reply may be from that of the clock which checked the signature: `Date` has whole seconds, half
of the way there and back is a guess, and the nodes of a gateway have clocks of their own."""
LARGEST_CORRECTION_SECONDS = 24 * 3600.0
"""Who answers in the provider's place would otherwise get signatures that hold in years."""
CLOCK_CORRECTIONS = 2
"""The second is for a gateway whose nodes disagree about the time."""


def rightly_dated(auth: AuthBase | None, send: Callable[[], Reply]) -> Reply:
    """The reply to a request; to the same request signed again, where the first was rejected for its date."""
    reply = send()
    for _ in range(CLOCK_CORRECTIONS):
        if not isinstance(auth, DatedAuth) or not is_clock_corrected(auth, reply):
            break
        reply = send()
    return reply


def is_clock_corrected(auth: DatedAuth, reply: Reply) -> bool:
    """Whether the provider rejected the last signature and its reply shows the date to be why. The clock then goes by
    the provider's time, so that the request is worth signing again; it was certainly not acted upon. Only a
    `ProviderClock` is put right, by LARGEST_CORRECTION_SECONDS at most; any other is left alone.

    That a date was the reason no provider says reliably: Data Flow has no words for it, and Huawei Cloud answers as to
    wrong keys, so the reply's own date decides.
    """
    if reply.status != 401 or reply.served_at is None or not isinstance(auth.clock, ProviderClock):
        return False
    half_way_seconds = reply.round_trip_seconds / 2
    served_at = reply.served_at.timestamp()
    skew_seconds = served_at - (auth.signed_at + half_way_seconds)
    is_date_wrong = abs(skew_seconds) > auth.allowed_skew_seconds - UNCERTAINTY_SECONDS
    if not is_date_wrong or not auth.clock.may_be(served_at + half_way_seconds, LARGEST_CORRECTION_SECONDS):
        return False
    auth.clock.set(served_at + half_way_seconds)
    return True
