"""How many calls a second a user has, and the lock on a key whose signatures keep being wrong.

https://support.huaweicloud.com/api-dataartsstudio/apiOverview_DLF_V1.html
https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html
"""

import threading
from collections import defaultdict, deque

WINDOW_SECONDS = 1.0
FAILURES_ALLOWED = 5
LOCK_SECONDS = 300.0


class CallLimits:
    """Counts the calls that were let in, by operation, over the second before each call."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._let_in_at: defaultdict[str, deque[float]] = defaultdict(deque)

    def lets_in(self, operation: str, limit: int, now: float) -> bool:
        with self._mutex:
            # A request whose clock was skewed on demand may have been let in minutes ahead.
            recent = deque(at for at in self._let_in_at[operation] if abs(now - at) < WINDOW_SECONDS)
            self._let_in_at[operation] = recent
            if len(recent) >= limit:
                return False
            recent.append(now)
            return True


class KeyLock:
    """Locks after more than five consecutive failures, for five minutes by the gateway's clock, divided by `speed`."""

    def __init__(self, speed: float) -> None:
        self._lock_seconds = LOCK_SECONDS / speed
        self._mutex = threading.Lock()
        self._failures = 0
        self._locked_until = float("-inf")

    def is_locked(self, now: float) -> bool:
        with self._mutex:
            return now < self._locked_until

    def note(self, now: float, *, is_right: bool) -> None:
        with self._mutex:
            self._failures = 0 if is_right else self._failures + 1
            if self._failures > FAILURES_ALLOWED:
                self._failures = 0
                self._locked_until = now + self._lock_seconds
