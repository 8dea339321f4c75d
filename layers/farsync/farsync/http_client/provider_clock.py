"""A provider's time, as its replies give it."""

from collections.abc import Callable


class ProviderClock:
    """Our clock until a rejection shows that the provider's differs; from then on the provider's.

    It dates signatures and what else the provider compares with its own time. Our own waits and deadlines go by our own
    clock. `clock` returns seconds since the Unix epoch.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.offset_seconds = 0.0
        """How far the provider's clock is ahead of ours, as far as is known."""

    def __call__(self) -> float:
        return self._clock() + self.offset_seconds

    def may_be(self, now: float, most_seconds: float) -> bool:
        """Whether that is so near to our own clock."""
        return abs(now - self._clock()) <= most_seconds

    def set(self, now: float) -> None:
        """The provider's time at this moment."""
        self.offset_seconds = now - self._clock()
