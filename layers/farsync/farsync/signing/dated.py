"""What the signers of both clouds have in common: a vendor refuses a signature whose date is far from its own clock."""

from collections.abc import Callable
from typing import ClassVar

from requests.auth import AuthBase

from farsync.replies import Reply
from farsync.vendor_clock import VendorClock

UNCERTAINTY_SECONDS = 30.0
"""How far the time in a reply may be from that of the clock which judged the signature: `Date` has whole seconds, half
of the way there and back is a guess, and the nodes of a gateway have clocks of their own."""


class DatedAuth(AuthBase):
    """A signer that reads `clock` once per signature. Only a `VendorClock` is put right; any other is left alone."""

    allowed_skew_seconds: ClassVar[float]
    """How far a signature's date may be from the vendor's clock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._signed_at = 0.0

    def _date(self) -> float:
        self._signed_at = self._clock()
        return self._signed_at

    def is_put_right_by(self, reply: Reply) -> bool:
        """Whether the vendor refused the last signature and its reply shows the date to be why. The clock then goes by
        the vendor's time, so that the request is worth signing again; it was certainly not acted upon.

        That a date was the reason no vendor says reliably: Data Flow has no words for it, and Huawei Cloud answers as
        to wrong keys, so the reply's own date decides.
        """
        if reply.status != 401 or reply.served_at is None or not isinstance(self._clock, VendorClock):
            return False
        half_way_seconds = reply.round_trip_seconds / 2
        served_at = reply.served_at.timestamp()
        skew_seconds = served_at - (self._signed_at + half_way_seconds)
        is_date_wrong = abs(skew_seconds) > self.allowed_skew_seconds - UNCERTAINTY_SECONDS
        if is_date_wrong:
            self._clock.set(served_at + half_way_seconds)
        return is_date_wrong
