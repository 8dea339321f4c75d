"""How many calls a second a user has: 30 of each operation, but 10 of job details.

https://support.huaweicloud.com/api-dataartsstudio/apiOverview_DLF_V1.html
"""

import threading
from collections import defaultdict, deque
from collections.abc import Mapping

WINDOW_SECONDS = 1.0


class CallLimits:
    """Counts the calls that were let in, over the second before each call."""

    def __init__(self, calls_per_second: int | None, own_limits: Mapping[str, int | None]) -> None:
        self._calls_per_second = calls_per_second
        self._own_limits = own_limits
        self._mutex = threading.Lock()
        self._let_in_at: defaultdict[str, deque[float]] = defaultdict(deque)

    def limit_of(self, operation: str) -> int | None:
        return self._own_limits.get(operation, self._calls_per_second)

    def lets_in(self, operation: str, now: float) -> bool:
        limit = self.limit_of(operation)
        if limit is None:
            return True
        with self._mutex:
            # A request whose clock was skewed on order may have been let in minutes ahead.
            let_in = self._let_in_at[operation]
            recent = deque(at for at in let_in if abs(now - at) < WINDOW_SECONDS)
            self._let_in_at[operation] = recent
            if len(recent) >= limit:
                return False
            recent.append(now)
            return True
