"""The service and its socket."""

import time
from collections.abc import Callable
from http import HTTPStatus

from sandbox.huawei_dataarts.account import Account, resolve_account
from sandbox.huawei_dataarts.rejections import GatewayRejection, api_not_found
from sandbox.huawei_dataarts.service import Service
from sandbox.huawei_dataarts.settings import Settings
from sandbox.provider_service.http_messages import Reply
from sandbox.provider_service.http_server import HttpServer, Responder

MAXIMUM_BODY_BYTES = 12 * 1024 * 1024


class Server:
    """A DataArts Factory service on a port of its own. `endpoint` has no trailing slash."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        settings.buckets_folder.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.account: Account = resolve_account(settings)
        self._service = Service(settings, self.account, clock)
        responder = Responder(self._service.front.answer, self._answer_unreadable, MAXIMUM_BODY_BYTES)
        self._http = HttpServer(settings.host, settings.port, responder)

    @property
    def endpoint(self) -> str:
        return self._http.endpoint

    def start(self) -> None:
        self._service.start()
        self._http.start()

    def stop(self) -> None:
        """Closes every connection and ends every thread; open instances go on at the next start."""
        self._http.stop()
        self._service.stop()

    def _answer_unreadable(self, status: int) -> Reply:
        match status:
            case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                rejection = GatewayRejection(413, "0201", "Request entity too large")
            case HTTPStatus.NOT_IMPLEMENTED:
                rejection = api_not_found()
            case _:
                rejection = GatewayRejection(400, "0201", "Bad request")
        return self._service.rejected(rejection)


def serve(settings: Settings, clock: Callable[[], float] = time.time) -> Server:
    """Makes the folder, binds the port and answers from the return on. `clock` gives epoch seconds."""
    server = Server(settings, clock)
    server.start()
    return server
