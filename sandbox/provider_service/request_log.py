"""Which requests came, for tests to count."""

import threading
from collections import Counter, deque

from sandbox.provider_service.dates import log_date
from sandbox.provider_service.http_messages import Reply
from sandbox.provider_service.routing import Call

REQUESTS_KEPT = 1000


class RequestLog:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._of_executions: dict[str, Counter[str]] = {}
        self._last: deque[dict[str, object]] = deque(maxlen=REQUESTS_KEPT)
        self._asked_back_at: dict[tuple[str, str], float] = {}
        self._too_soon = 0

    def note(self, received_at: float, call: Call | None, reply: Reply | None) -> None:
        """`call` is None for an unknown route, `reply` where the connection was dropped without one."""
        operation, job, execution = (call.operation, call.job, call.execution) if call else ("unknown", "", "")
        status = reply.status if reply else None
        retry_after = reply.headers.get("Retry-After") if reply else None
        with self._lock:
            self._counts[operation] += 1
            if execution:
                self._of_executions.setdefault(operation, Counter())[execution] += 1
            self._statuses["dropped" if status is None else str(status)] += 1
            self._last.append({"time": log_date(received_at), "operation": operation, "job": job, "status": status})
            if received_at < self._asked_back_at.pop((operation, job), 0.0):
                self._too_soon += 1
            if job and retry_after is not None:
                self._asked_back_at[operation, job] = received_at + float(retry_after)

    def shown(self) -> dict[str, object]:
        with self._lock:
            return {
                "counts": dict(self._counts),
                "statuses": dict(self._statuses),
                "tooSoon": self._too_soon,
                "ofExecutions": {operation: dict(counts) for operation, counts in self._of_executions.items()},
                "last": list(self._last),
            }
