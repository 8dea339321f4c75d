"""Waiting for a condition, with a bound."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(ask: Callable[[], T | None], seconds: float = 60, *, every_seconds: float = 0.02) -> T:
    """What `ask` gives as soon as it gives something; fails after `seconds`."""
    give_up_at = time.monotonic() + seconds
    while True:
        seen = ask()
        if seen:
            return seen
        assert time.monotonic() < give_up_at, f"nothing seen within {seconds} s"
        time.sleep(every_seconds)
