"""The clouds that run jobs, behind one protocol: `base`, and a package for each of them."""

from collections.abc import Callable
from importlib import import_module

from farsync.connections.connection import Connection
from farsync.http_client.client import Transport
from farsync.providers.base import Provider


def open_provider(connection: Connection, transport: Transport, clock: Callable[[], float]) -> Provider:
    """The provider of a connection. `clock` returns seconds since the Unix epoch and dates the signatures."""
    cloud = import_module(f"farsync.providers.{connection.provider}")
    provider: Provider = cloud.open_provider(connection, transport, clock)
    return provider
