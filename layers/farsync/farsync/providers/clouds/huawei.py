"""Huawei Cloud: its connections, and its job service DataArts Factory."""

from collections.abc import Callable

from farsync.providers.huawei_connection import HuaweiConnection
from farsync.providers.protocol import Provider
from farsync.transport import Transport

CONNECTION = HuaweiConnection


def open_provider(connection: HuaweiConnection, transport: Transport, clock: Callable[[], float]) -> Provider:
    # Imported late: a cold start reads a connection before it speaks to the vendor, or never does.
    from farsync.providers.huawei_dataarts import HuaweiDataArts

    return HuaweiDataArts(connection, transport, clock)
