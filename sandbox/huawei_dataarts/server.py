"""DataArts Factory on a socket."""

import time
from collections.abc import Callable

from sandbox.huawei_dataarts.account import resolve_account
from sandbox.huawei_dataarts.service import Service
from sandbox.huawei_dataarts.settings import Settings
from sandbox.provider_service.server import ProviderServer


class Server(ProviderServer):
    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self.settings = settings
        self.account = resolve_account(settings)
        super().__init__(settings, Service(settings, self.account, clock))

    def describe(self) -> dict[str, str]:
        return {
            "endpoint": self.endpoint,
            "projectId": self.account.project_id,
            "workspace": self.account.workspace,
            "accessKey": self.account.keys.access_key,
            "secretKey": self.account.keys.secret_key,
            "bucketsDir": str(self.settings.buckets_folder.resolve()),
        }


def serve(settings: Settings, clock: Callable[[], float] = time.time) -> Server:
    """Makes the folder, binds the port and answers from the return on. `clock` gives epoch seconds."""
    server = Server(settings, clock)
    server.start()
    return server
