"""Servers for tests, with small waits, all stopped in the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sandbox.provider_service.server import ProviderServer

ServerT = TypeVar("ServerT", bound=ProviderServer)


@contextmanager
def serving(serve: Callable[..., ServerT], **defaults: Any) -> Iterator[Callable[..., ServerT]]:
    """Gives a maker of servers, which takes settings that are to be others."""
    servers: list[ServerT] = []

    def make(**settings: Any) -> ServerT:
        servers.append(serve(**{"queue_seconds": 0.02, "run_seconds": 0.02, **defaults, **settings}))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()
