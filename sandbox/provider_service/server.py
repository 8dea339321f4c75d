"""A provider's service and its socket."""

from abc import abstractmethod

from sandbox.provider_service.front import ProviderService
from sandbox.provider_service.http_server import HttpServer, Responder
from sandbox.provider_service.settings import ServiceSettings


class ProviderServer:
    """Answers on a port of its own from `start` on. `endpoint` has no trailing slash."""

    def __init__(self, settings: ServiceSettings, service: ProviderService) -> None:
        self._service = service
        responder = Responder(
            answer=service.front.answer,
            answer_unreadable=lambda status: service.rejected(service.unreadable(status)),
            maximum_body_bytes=service.maximum_body_bytes,
        )
        self._http = HttpServer(settings.host, settings.port, responder)

    @property
    def endpoint(self) -> str:
        return self._http.endpoint

    @abstractmethod
    def describe(self) -> dict[str, str]:
        """What a client needs to know."""

    def start(self) -> None:
        self._service.start()
        self._http.start()

    def stop(self) -> None:
        """Closes every connection and ends every thread; open executions go on at the next start."""
        self._http.stop()
        self._service.stop()
