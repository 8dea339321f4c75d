"""Questions over a connection, answered by a test."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from farsync.connections.connection import Connection
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.runtime.connected_provider import ConnectedProvider

Act = Callable[[Connection], Any]


class AnsweredProvider(ConnectedProvider):
    def __init__(self, store: ConnectionStore, act: Act) -> None:
        super().__init__(store, Transport(), "default")
        self._act = act

    def _open(self, connection: Connection) -> Any:
        return SimpleNamespace(get_execution=lambda *_: self._act(connection))


def ask(store: ConnectionStore, act: Act) -> Any:
    """What `act` answers, given the connection that is used."""
    return AnsweredProvider(store, act).get_execution("a-job", "an-execution")
