"""The sandbox that the patches serve at the moment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Wiring:
    """`on_status_change` gets moto's execution after each change of its status, on the execution's thread.

    `scaled_queues` are the names of the queues whose delays and visibility time-outs `speed` divides.
    """

    endpoint: str
    speed: float
    on_status_change: Callable[[Any], None]
    scaled_queues: frozenset[str] = frozenset()


class AlreadyRunning(RuntimeError):
    """Another sandbox of AWS runs in this process."""


class _Connection:
    wiring: Wiring | None = None
    is_in_use = False


def connect(wiring: Wiring) -> None:
    """Raises AlreadyRunning."""
    if _Connection.is_in_use:
        raise AlreadyRunning("stop the other sandbox of AWS first, or start this one in another process")
    _Connection.wiring, _Connection.is_in_use = wiring, True


def disconnect() -> None:
    """The next sandbox may connect. The old wiring stays: executions that were stopped may still need it."""
    _Connection.is_in_use = False


def current() -> Wiring:
    if _Connection.wiring is None:
        raise RuntimeError("no sandbox of AWS has been started in this process")
    return _Connection.wiring
