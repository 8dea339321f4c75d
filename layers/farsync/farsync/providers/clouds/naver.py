"""NAVER Cloud: its connections, and its job service Data Flow."""

from collections.abc import Callable

from farsync.providers.naver_connection import NaverConnection
from farsync.providers.protocol import Provider
from farsync.transport import Transport

CONNECTION = NaverConnection


def open_provider(connection: NaverConnection, transport: Transport, clock: Callable[[], float]) -> Provider:
    # Imported late: a cold start reads a connection before it speaks to the vendor, or never does.
    from farsync.providers.naver_dataflow import NaverDataFlow

    return NaverDataFlow(connection, transport, clock)
