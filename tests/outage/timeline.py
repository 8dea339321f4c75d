"""What happened when, by the scaled clock, as lines to print."""

import time
from collections.abc import Callable


class Timeline:
    """Begins at the outage's begin; before, its clock is below zero."""

    def __init__(self, speed: int, tell: Callable[[str], None]) -> None:
        self._speed = speed
        self._tell = tell
        self._begun_at = time.monotonic()

    def begin(self) -> None:
        self._begun_at = time.monotonic()

    @property
    def seconds(self) -> float:
        """Scaled ones since the begin."""
        return (time.monotonic() - self._begun_at) * self._speed

    def note(self, who: str, what: str) -> None:
        minutes = int(self.seconds // 60)
        sign = "-" if minutes < 0 else " "
        self._tell(f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}  {who:<7} {what}")
