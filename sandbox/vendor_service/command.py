"""Serving as a process: one JSON line on standard output, then work until a signal."""

import json
import signal
import threading
from collections.abc import Mapping
from typing import Protocol


class Stoppable(Protocol):
    def stop(self) -> None: ...


def serve_until_signalled(server: Stoppable, description: Mapping[str, str]) -> None:
    """Prints the description and returns after SIGTERM or SIGINT, with the server stopped."""
    ended = threading.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: ended.set())
    print(json.dumps(description), flush=True)
    ended.wait()
    server.stop()
