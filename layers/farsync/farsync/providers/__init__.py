"""The clouds that run jobs, behind one protocol."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from farsync.connections import Connection
from farsync.transport import Transport

if TYPE_CHECKING:
    from farsync.providers.protocol import Provider


def open_provider(connection: Connection, transport: Transport, clock: Callable[[], float]) -> "Provider":
    """The provider of a connection. `clock` returns seconds since the Unix epoch and dates the signatures."""
    cloud = import_module(f"farsync.providers.clouds.{connection.provider}")
    provider: Provider = cloud.open_provider(connection, transport, clock)
    return provider
