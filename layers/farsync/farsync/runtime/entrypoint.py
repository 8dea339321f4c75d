"""Who is calling: an HTTP API, a schedule or rule, or a state machine. One adapter for every function."""

from collections.abc import Callable

from farsync.model.errors import FarsyncError, InvalidRequest
from farsync.runtime.http_api import http_response, problem_response, read_http
from farsync.runtime.observability import log_context, log_rejection
from farsync.runtime.request import Answer, Invocation, as_object

Action = Callable[[Invocation], Answer]


def serve(event: object, action: Action) -> dict[str, object]:
    """Reads the event, acts, and answers in the caller's own way.

    HTTP callers get a response in payload format 2.0, and rejections as application/problem+json (RFC 9457).
    The others get the body itself, and rejections as exceptions, whose class name a state machine catches.
    """
    is_http = is_http_event(event)
    try:
        invocation = read_invocation(event)
    except InvalidRequest as error:
        with log_context(None):
            return _reject(error, is_http)
    with log_context(invocation.payload, invocation.run_in_path):
        try:
            answer = action(invocation)
        except FarsyncError as error:
            return _reject(error, is_http)
    body = answer.body.model_dump(mode="json", by_alias=True, exclude_none=True)
    return http_response(answer.http_status, body, answer.headers) if is_http else body


def read_invocation(event: object) -> Invocation:
    """Raises InvalidRequest for an event of no known shape."""
    if not isinstance(event, dict):
        raise InvalidRequest("the event must be a JSON object", field="$")
    if is_http_event(event):
        return read_http(event)
    if "detail-type" in event:
        return Invocation("schedule", as_object(event.get("detail"), "detail"))
    if "scheduledTime" in event:
        return Invocation("schedule", as_object(event.get("input"), "input"))
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


def _reject(error: FarsyncError, is_http: bool) -> dict[str, object]:
    log_rejection(error)
    if not is_http:
        raise error
    return problem_response(error)
