"""Serving as a process: one JSON line on standard output, then work until a signal."""

import json
from collections.abc import Mapping
from typing import Protocol

from sandbox.interruption import until_signalled


class Stoppable(Protocol):
    def stop(self) -> None: ...


def serve_until_signalled(server: Stoppable, description: Mapping[str, str]) -> None:
    """Prints the description and returns after SIGTERM or SIGINT, with the server stopped."""
    wait = until_signalled()
    print(json.dumps(description), flush=True)
    wait()
    server.stop()
