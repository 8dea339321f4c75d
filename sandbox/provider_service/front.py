"""One request in, one reply out: the route, the provider's checks, the operation, and the faults in between."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from typing import NamedTuple, Protocol

from sandbox.provider_service.control import CONTROL_PREFIX, ControlRejected
from sandbox.provider_service.fault_effects import FaultEffects
from sandbox.provider_service.faults import FaultBook, FaultRule
from sandbox.provider_service.http_messages import ConnectionDropped, Reply, Request, json_reply
from sandbox.provider_service.request_log import RequestLog


class Route(NamedTuple):
    """Which operation a request asks for, and the job and execution in its path, empty where there is none."""

    operation: str
    job: str
    execution: str


class Rejection(Exception):
    """A request that the provider rejects; the provider's service knows how to say it."""


class ProviderService(Protocol):
    """What a provider's stand-in is, behind its front."""

    request_id_header: str

    def route(self, request: Request) -> Route | None: ...

    def unknown_route(self) -> Rejection: ...

    def check(self, request: Request, route: Route, gateway_time: float) -> None:
        """What the gateway checks before the service sees the request. Raises `Rejection`."""

    def perform(self, request: Request, route: Route, hidden_seconds: float) -> Reply:
        """`hidden_seconds`: for how long lists do not show an execution that this starts. Raises `Rejection`."""
        ...

    def rejection_for(self, rule: FaultRule, route: Route) -> Rejection | None:
        """The rejection that a fault asks for; None where the fault is of another kind."""
        ...

    def rejected(self, rejection: Rejection) -> Reply: ...

    def control(self, request: Request) -> Reply | None:
        """The sandbox's own routes; None where no such route exists. Raises `ControlRejected`."""
        ...


class Front:
    """`clock` gives epoch seconds. Once `stopping` is set, every connection is dropped."""

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
        received_at = self._clock()
        route = self._service.route(request)
        operation, job, execution = route or ("unknown", "", "")
        rule = self._faults.take(route.operation, route.job) if route else None
        is_skewed = rule is not None and rule.fault == "clock_skew"
        gateway_time = received_at + (rule.duration_seconds if rule and is_skewed else 0)
        try:
            reply = self._guarded(lambda: self._checked(request, route, rule, gateway_time))
        except ConnectionDropped:
            self._requests.note(received_at, operation, None, job, execution)
            raise
        self._requests.note(received_at, operation, reply.status, job, execution, reply.headers.get("Retry-After"))
        headers = {
            "Date": formatdate(gateway_time, usegmt=True),
            self._service.request_id_header: secrets.token_hex(16),
            **reply.headers,
        }
        return replace(reply, headers=headers)

    def _checked(self, request: Request, route: Route | None, rule: FaultRule | None, gateway_time: float) -> Reply:
        service = self._service
        if route is None:
            raise service.unknown_route()
        service.check(request, route, gateway_time)
        if rule is None:
            return service.perform(request, route, hidden_seconds=0)
        hidden_seconds = rule.duration_seconds if rule.fault == "late_visibility" else 0
        rejection = service.rejection_for(rule, route)
        return self._effects.apply(
            rule,
            None if rejection is None else service.rejected(rejection),
            lambda: self._guarded(lambda: service.perform(request, route, hidden_seconds)),
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
        return reply if reply is not None else self._service.rejected(self._service.unknown_route())
