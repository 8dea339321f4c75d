"""The service and its socket."""

import time
from collections.abc import Callable
from http import HTTPStatus

from sandbox.naver_dataflow.rejections import GatewayRejection, bad_request, rejection_reply, url_not_found
from sandbox.naver_dataflow.service import Service
from sandbox.naver_dataflow.settings import Settings, resolve_keys
from sandbox.provider_service.http_messages import Reply
from sandbox.provider_service.http_server import HttpServer, Responder
from sandbox.provider_service.keys import Keys

MAXIMUM_BODY_BYTES = 10 * 1024 * 1024


class Server:
    """A Data Flow service on a port of its own. `endpoint` has no trailing slash."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        settings.buckets_folder.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.keys: Keys = resolve_keys(settings)
        self._service = Service(settings, self.keys, clock)
        responder = Responder(self._service.front.answer, _answer_unreadable, MAXIMUM_BODY_BYTES)
        self._http = HttpServer(settings.host, settings.port, responder)

    @property
    def endpoint(self) -> str:
        return self._http.endpoint

    def start(self) -> None:
        self._service.start()
        self._http.start()

    def stop(self) -> None:
        """Closes every connection and ends every thread; open executions go on at the next start."""
        self._http.stop()
        self._service.stop()


def serve(settings: Settings, clock: Callable[[], float] = time.time) -> Server:
    """Makes the folder, binds the port and answers from the return on. `clock` gives epoch seconds."""
    server = Server(settings, clock)
    server.start()
    return server


def _answer_unreadable(status: int) -> Reply:
    match status:
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            rejection = GatewayRejection(413, "430", "Request Entity Too Large", "Request entity too large.")
        case HTTPStatus.NOT_IMPLEMENTED:
            rejection = url_not_found()
        case _:
            rejection = bad_request()
    return rejection_reply(rejection, "detail")
