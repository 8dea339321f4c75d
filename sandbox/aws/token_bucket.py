"""A token bucket, as AWS throttles: a burst at once, then a rate."""

import threading
import time
from collections.abc import Callable


class TokenBucket:
    """Holds at most `size` calls and gains `rate` a second. `clock` gives seconds."""

    def __init__(self, size: int, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._rate = rate
        self._clock = clock
        self._left = float(size)
        self._filled_at = clock()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Whether one more call may pass now."""
        with self._lock:
            now = max(self._clock(), self._filled_at)
            self._left = min(self._size, self._left + (now - self._filled_at) * self._rate)
            self._filled_at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True
