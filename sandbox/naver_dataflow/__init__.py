"""NAVER Cloud Data Flow as a server on one machine, written from the provider's pages; it runs jobs for real."""

from sandbox.naver_dataflow.server import Server, serve
from sandbox.naver_dataflow.settings import Settings

__all__ = ["Server", "Settings", "serve"]
