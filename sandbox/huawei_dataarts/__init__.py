"""Huawei Cloud DataArts Factory as a server on one machine, from the provider's pages; it runs jobs for real."""

from sandbox.huawei_dataarts.server import Server, serve
from sandbox.huawei_dataarts.settings import Settings

__all__ = ["Server", "Settings", "serve"]
