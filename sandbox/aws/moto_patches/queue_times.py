"""When a message of a standard queue is next to be received: kept as a heap, at the sandbox's speed.

A delay or a visibility time-out of n seconds takes n / speed. Functions work at real speed, though: while the call that
received a message is under way (the message is held), its visibility takes the whole n seconds, so that a fast sandbox
does not hand out twice what one call has not finished.
"""

import heapq
import itertools
import math
import time
from dataclasses import dataclass, field
from typing import Any

from sandbox.aws.moto_patches.wiring import current

# Below, calls overtake each other that AWS keeps a second apart.
_SHORTEST_SECONDS = 0.02


@dataclass
class _Times:
    """`hidden_seconds` since `hidden_at`, in seconds since 1970; `received_at` is that of the last receive."""

    hidden_at: float
    hidden_seconds: float
    received_at: float = 0.0
    is_held: bool = False
    ready_at: float = 0.0


@dataclass
class Line:
    """The messages of one queue by id, and the order in which they become visible. Guarded by the queue's lock."""

    is_scaled: bool
    messages: dict[str, Any] = field(default_factory=dict)
    is_closed: bool = False
    _times: dict[str, _Times] = field(default_factory=dict)
    _heap: list[tuple[float, int, str]] = field(default_factory=list)
    _order: "itertools.count[int]" = field(default_factory=itertools.count)

    def add(self, message: Any, delay_seconds: float) -> None:
        self.messages[message.id] = message
        self._times[message.id] = times = _Times(time.time(), delay_seconds)
        self._push(message.id)
        message.visible_at = 0.0
        message.delayed_until = times.ready_at * 1000

    def remove(self, message: Any) -> None:
        self.messages.pop(message.id, None)
        self._times.pop(message.id, None)

    def clear(self) -> None:
        for part in (self.messages, self._times, self._heap):
            part.clear()

    def pop_ready(self) -> Any | None:
        """The message that has been visible longest; it must be hidden, removed or added again."""
        while self._heap and self._heap[0][0] <= time.time():
            ready_at, _, message_id = heapq.heappop(self._heap)
            times = self._times.get(message_id)
            if times and times.ready_at == ready_at:
                times.ready_at = math.inf
                return self.messages[message_id]
        return None

    def seconds_to_next(self) -> float | None:
        """None in an empty queue. An entry that is out of date wakes a receiver once too often."""
        return max(0.0, self._heap[0][0] - time.time()) if self._heap else None

    def receive(self, message: Any, visibility_seconds: float, is_held: bool) -> None:
        times = self._times[message.id]
        times.received_at, times.is_held = time.time(), is_held
        self.hide(message, visibility_seconds)

    def hide(self, message: Any, seconds: float) -> None:
        times = self._times[message.id]
        times.hidden_at, times.hidden_seconds = time.time(), seconds
        self._push(message.id)

    def release(self, message: Any) -> None:
        """The call that received the message has ended."""
        self._times[message.id].is_held = False
        self._push(message.id)

    def is_in_flight(self, message: Any) -> bool:
        times = self._times[message.id]
        return times.received_at > 0 and times.ready_at > time.time()

    def seconds_since_receive(self, message: Any) -> float:
        return time.time() - self._times[message.id].received_at

    def _push(self, message_id: str) -> None:
        times = self._times[message_id]
        is_scaled = self.is_scaled and not times.is_held
        seconds = _scaled(times.hidden_seconds) if is_scaled else times.hidden_seconds
        times.ready_at = times.hidden_at + seconds
        self.messages[message_id].visible_at = times.ready_at * 1000
        heapq.heappush(self._heap, (times.ready_at, next(self._order), message_id))


def _scaled(seconds: float) -> float:
    return max(seconds / current().speed, min(seconds, _SHORTEST_SECONDS))
