"""Data Flow on a socket."""

import time
from collections.abc import Callable

from sandbox.naver_dataflow.service import Service
from sandbox.naver_dataflow.settings import Settings, resolve_keys
from sandbox.provider_service.server import ProviderServer


class Server(ProviderServer):
    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self.settings = settings
        self.keys = resolve_keys(settings)
        super().__init__(settings, Service(settings, self.keys, clock))

    def describe(self) -> dict[str, str]:
        return {
            "endpoint": self.endpoint,
            "accessKey": self.keys.access_key,
            "secretKey": self.keys.secret_key,
            "bucketsDir": str(self.settings.buckets_folder.resolve()),
        }


def serve(settings: Settings, clock: Callable[[], float] = time.time) -> Server:
    """Makes the folder, binds the port and answers from the return on. `clock` gives epoch seconds."""
    server = Server(settings, clock)
    server.start()
    return server
