"""The lock on an access key whose signatures keep being wrong.

https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html
"""

import threading

FAILURES_ALLOWED = 5
LOCK_SECONDS = 300.0


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

    def note_failure(self, now: float) -> None:
        with self._mutex:
            self._failures += 1
            if self._failures > FAILURES_ALLOWED:
                self._failures = 0
                self._locked_until = now + self._lock_seconds

    def note_success(self) -> None:
        with self._mutex:
            self._failures = 0
