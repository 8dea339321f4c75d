"""NAVER Cloud: its connections, and its job service Data Flow."""

from collections.abc import Callable

from farsync.http_client.client import Transport
from farsync.providers.base import Provider
from farsync.providers.naver.connection import NaverConnection

CONNECTION = NaverConnection


def open_provider(connection: NaverConnection, transport: Transport, clock: Callable[[], float]) -> Provider:
    # Imported late: a cold start reads a connection before it speaks to the provider, or never does.
    from farsync.providers.naver.dataflow import NaverDataFlow

    return NaverDataFlow(connection, transport, clock)
