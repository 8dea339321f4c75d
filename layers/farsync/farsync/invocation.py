"""Who is calling: an HTTP API, a schedule or rule, or a state machine. One adapter for every function."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from farsync.errors import FarsyncError, InvalidRequest
from farsync.execution import WireModel
from farsync.telemetry import log_refusal, telling_of

Way = Literal["http", "schedule", "state_machine"]


class Invocation(NamedTuple):
    """What was asked, whoever asked it."""

    way: Way
    payload: Mapping[str, object]
    route: str | None = None
    """The HTTP API's route key, `GET /runs/{name}`; None for the other ways."""
    caller: str = ""
    """The IAM principal or token subject behind an HTTP call; empty for the other ways."""
    idempotency_key: str | None = None

    @property
    def is_of_run(self) -> bool:
        """Whether a run asks. Over HTTP nobody may speak for a run: it could be one of another connection."""
        return self.way != "http" and "run" in self.payload

    @property
    def run_in_path(self) -> object:
        """Which run an HTTP call is about, where its path says so."""
        return self.payload.get("name") if "/runs/{name}" in (self.route or "") else None


class Answer(NamedTuple):
    """A function's result, with what an HTTP caller needs beside the body."""

    body: WireModel
    http_status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})


Action = Callable[[Invocation], Answer]


def serve(event: object, action: Action) -> dict[str, object]:
    """Reads the event, acts, and answers in the caller's own way.

    HTTP callers get a response in payload format 2.0, and refusals as application/problem+json (RFC 9457).
    The others get the body itself, and refusals as exceptions, whose class name a state machine catches.
    """
    is_http = is_http_event(event)
    try:
        invocation = read_invocation(event)
    except InvalidRequest as error:
        with telling_of(None):
            return _refuse(error, is_http)
    with telling_of(invocation.payload, invocation.run_in_path):
        try:
            answer = action(invocation)
        except FarsyncError as error:
            return _refuse(error, is_http)
    body = answer.body.model_dump(mode="json", by_alias=True, exclude_none=True)
    if not is_http:
        return body
    from farsync.http_calls import http_response  # a state machine's call does not pay for it

    return http_response(answer.http_status, body, answer.headers)


def read_invocation(event: object) -> Invocation:
    """Raises InvalidRequest for an event of no known shape."""
    if not isinstance(event, dict):
        raise InvalidRequest("the event must be a JSON object", field="$")
    if is_http_event(event):
        from farsync.http_calls import read_http  # a state machine's call does not pay for it

        return read_http(event)
    if "detail-type" in event:
        return Invocation("schedule", _object(event.get("detail"), "detail"))
    if "scheduledTime" in event:
        return Invocation("schedule", _object(event.get("input"), "input"))
    if "Records" in event or "httpMethod" in event:
        raise InvalidRequest(
            "the event is of no known shape; send an HTTP API event (payload format 2.0), an EventBridge or "
            "Scheduler event, or the input object itself",
            field="$",
        )
    return Invocation("state_machine", event)


def is_http_event(event: object) -> bool:
    """Whether the event is an HTTP API request in payload format 2.0."""
    if not isinstance(event, dict) or event.get("version") != "2.0":
        return False
    context = event.get("requestContext")
    return isinstance(context, dict) and "http" in context


def object_in(event: Mapping[str, object], member: str, name: str | None = None) -> Mapping[str, object]:
    """A member that is an object; an empty one where an HTTP API leaves it out. Raises InvalidRequest."""
    return _object(event.get(member) or {}, name or member)


def _object(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidRequest(f"{name}: must be a JSON object", field=name)
    return value


def _refuse(error: FarsyncError, is_http: bool) -> dict[str, object]:
    log_refusal(error)
    if not is_http:
        raise error
    from farsync.http_calls import problem_response  # a state machine's call does not pay for it

    return problem_response(error)
