"""One request in, one reply out: the route, the provider's checks, the operation, and the faults in between."""

import secrets
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from email.utils import formatdate
from typing import ClassVar, Protocol

from sandbox.provider_service import object_storage
from sandbox.provider_service.bucket_files import BucketFiles
from sandbox.provider_service.control import CONTROL_PREFIX, ControlRoutes
from sandbox.provider_service.fault_effects import FaultEffects
from sandbox.provider_service.faults import Fault, FaultBook, FaultRule
from sandbox.provider_service.http_messages import ConnectionDropped, Reply, Request, json_reply
from sandbox.provider_service.object_storage import ObjectStorage
from sandbox.provider_service.pace import Pace, PaceBook
from sandbox.provider_service.records import Storage
from sandbox.provider_service.request_log import RequestLog
from sandbox.provider_service.routing import Call, Route, find_call
from sandbox.provider_service.settings import ServiceSettings
from sandbox.provider_service.validation import ControlRejected


class Rejection(Exception):
    """A request that the provider rejects; the provider's service knows how to say it."""


class Worker(Protocol):
    def resume(self) -> None:
        """Takes up what a service that stopped left open."""

    def stop(self) -> None: ...


class ProviderService(ABC):
    """A provider's stand-in, behind its front. `clock` gives epoch seconds."""

    request_id_header: ClassVar[str]
    start_operation: ClassVar[str]
    job_key: ClassVar[str]
    """What the sandbox's own routes call the name of a job."""
    maximum_body_bytes: ClassVar[int]
    operations: Mapping[str, Callable[[Call], Reply]]
    """Each may raise `Rejection`."""
    worker: Worker
    object_storage: ObjectStorage
    """Of the same buckets, at the same address."""

    def __init__(
        self, settings: ServiceSettings, database: str, routes: Sequence[Route], clock: Callable[[], float]
    ) -> None:
        folder = settings.folder.resolve()
        self.buckets = BucketFiles(folder / "buckets")
        self.staging = folder / "staging"
        self.storage = Storage(folder / database)
        self.paces = PaceBook(Pace(settings.queue_seconds, settings.run_seconds))
        self._routes = routes
        faults = FaultBook([route.operation for route in routes], self.start_operation)
        requests = RequestLog()
        self._control = ControlRoutes(faults, self.paces, requests, self.execution_log, self.job_key)
        self._stopping = threading.Event()
        self.front = Front(self, faults, requests, clock, self._stopping)

    def start(self) -> None:
        self.worker.resume()

    def stop(self) -> None:
        """Ends waits and worker threads, then closes the database."""
        self._stopping.set()
        self.worker.stop()
        self.storage.close()

    def find_call(self, request: Request) -> Call | None:
        return find_call(self._routes, request)

    def control(self, request: Request) -> Reply | None:
        """The sandbox's own routes; None where no such route exists. Raises `ControlRejected`."""
        return self._control.answer(request)

    @abstractmethod
    def execution_log(self) -> list[dict[str, object]]:
        """Every execution truly started, oldest first, for tests to count."""

    @abstractmethod
    def check(self, call: Call, gateway_time: float) -> None:
        """What the gateway checks before the service sees the request. Raises `Rejection`."""

    @abstractmethod
    def rejection_for(self, fault: Fault, call: Call) -> Rejection | None:
        """The rejection that a fault asks for; None where the fault is of another kind."""

    @abstractmethod
    def unreadable(self, status: int) -> Rejection:
        """Of what is no request: 404 for an unknown route, 413 for too large a body, 501 for an unknown method."""

    @abstractmethod
    def rejected(self, rejection: Rejection) -> Reply: ...


class Front:
    """Once `stopping` is set, every connection is dropped."""

    def __init__(
        self,
        service: ProviderService,
        faults: FaultBook,
        requests: RequestLog,
        clock: Callable[[], float],
        stopping: threading.Event,
    ) -> None:
        self._service = service
        self._faults = faults
        self._requests = requests
        self._clock = clock
        self._stopping = stopping
        self._effects = FaultEffects(stopping)

    def answer(self, request: Request) -> Reply:
        """Raises `ConnectionDropped` where a fault rule wants it, and once the service stops."""
        if self._stopping.is_set():
            raise ConnectionDropped
        if request.path.startswith(CONTROL_PREFIX):
            return self._control(request)
        if request.headers.get("authorization", "").startswith(object_storage.SCHEME):
            return self._service.object_storage.answer(request)
        received_at = self._clock()
        call = self._service.find_call(request)
        rule = self._faults.take(call.operation, call.job) if call else None
        gateway_time = received_at + (rule.duration_seconds if rule and rule.fault == "clock_skew" else 0)
        reply: Reply | None = None
        try:
            reply = self._guarded(lambda: self._checked(call, rule, gateway_time))
        finally:
            self._requests.note(received_at, call, reply)
        headers = {
            "Date": formatdate(gateway_time, usegmt=True),
            self._service.request_id_header: secrets.token_hex(16),
            **reply.headers,
        }
        return replace(reply, headers=headers)

    def _checked(self, call: Call | None, rule: FaultRule | None, gateway_time: float) -> Reply:
        service = self._service
        if call is None:
            raise service.unreadable(404)
        service.check(call, gateway_time)
        if rule is None:
            return service.operations[call.operation](call)
        if rule.fault == "late_visibility":
            call = replace(call, hidden_seconds=rule.duration_seconds)
        rejection = service.rejection_for(rule.fault, call)
        return self._effects.apply(
            rule,
            None if rejection is None else service.rejected(rejection),
            lambda: self._guarded(lambda: service.operations[call.operation](call)),
        )

    def _guarded(self, answer: Callable[[], Reply]) -> Reply:
        try:
            return answer()
        except Rejection as rejection:
            return self._service.rejected(rejection)

    def _control(self, request: Request) -> Reply:
        try:
            reply = self._service.control(request)
        except ControlRejected as error:
            return json_reply({"detail": str(error)}, 400)
        return reply if reply is not None else self._service.rejected(self._service.unreadable(404))
