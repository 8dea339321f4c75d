"""Huawei Cloud: its connections, and its job service DataArts Factory."""

from collections.abc import Callable

from farsync.http_client.client import Transport
from farsync.providers.base import Provider
from farsync.providers.huawei.connection import HuaweiConnection

CONNECTION = HuaweiConnection


def open_provider(connection: HuaweiConnection, transport: Transport, clock: Callable[[], float]) -> Provider:
    # Imported late: a cold start reads a connection before it speaks to the provider, or never does.
    from farsync.providers.huawei.dataarts import HuaweiDataArts

    return HuaweiDataArts(connection, transport, clock)
