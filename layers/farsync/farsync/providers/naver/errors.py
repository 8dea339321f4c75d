"""What a rejection of Data Flow or of the API gateway before it means, as one of our errors.

Two layers answer. The gateway: https://api.ncloud-docs.com/docs/en/ai-application-service-apigateway Data
Flow: https://api.ncloud-docs.com/docs/en/analytics-dataflow, with a body that only an official sample shows
(`detail`, `errorType`). Neither labels its bodies reliably, so Content-Type is not asked.
"""

import re

from farsync.http_client.response import Reply
from farsync.model import errors
from farsync.model.errors import FarsyncError, ProviderReply
from farsync.providers.rejections import Operation, no_such_service, rejected_state
from farsync.providers.replies import Reader, bounded_reply, fields_in, first_text

__all__ = ["Operation", "provider_reply", "reading", "rejection"]

SERVICE = "Data Flow"
STARTED_NOTHING = frozenset({401, 403, 404, 409, 413, 429})
"""Documented statuses by which a request is rejected before anything is done, whatever stands in the body."""
SERVICE_FAILED = frozenset({"500", "510", "900"})
"""Codes of the gateway for a service that failed or was silent, amid whatever it did."""


def provider_reply(reply: Reply) -> ProviderReply:
    """Code, message and trace id of a rejection in one of the known shapes."""
    code, message = _code_and_message(reply.body) if reply.status >= 400 else (None, None)
    trace_id = reply.headers.get("x-ncp-trace-id") or reply.headers.get("x-ncp-request-id")
    return bounded_reply(reply, code, message, trace_id)


def _started_nothing(reply: Reply, said: ProviderReply) -> bool:
    """By a status that always says so, or a 400 in words of Data Flow or its gateway."""
    if said.code in SERVICE_FAILED:
        return False
    return reply.status in STARTED_NOTHING or (reply.status == 400 and _code_and_message(reply.body) != (None, None))


def _named(reply: Reply, operation: Operation, said: ProviderReply) -> FarsyncError | None:
    code = said.code
    match reply.status:
        case 401 if code != "210":
            return errors.AuthenticationFailed(
                "NAVER Cloud rejected the keys or the signature; check accessKey, secretKey and the clock.",
                said=said,
            )
        case 401 | 403:
            return errors.PermissionDenied(
                "The keys are not allowed to do this; check the account's policies.", said=said
            )
        case 404 if code == "300":
            return no_such_service(SERVICE, said)
        case 400 | 409 if _is_bad_state(said, reply.status):
            return _bad_state(operation, said)
        case 400 if code is None and said.message == "bad-parameter":
            return errors.InvalidRequest("Data Flow rejected the request (bad-parameter).", said=said)
        case 429 if code == "400":
            return errors.QuotaExceeded(
                "The account's quota is used up.", said=said, retry_after_seconds=reply.retry_after_seconds
            )
    return None


_reader = Reader(SERVICE, provider_reply, _started_nothing, _named)
reading, rejection = _reader.reading, _reader.rejection


def _code_and_message(body: bytes) -> tuple[str | None, str | None]:
    fields = fields_in(body, "error", "responseError", "status")
    code = first_text(fields, "errorCode", "returnCode", "errorType", "code")
    texts = [first_text(fields, "message", "returnMessage", "msg"), first_text(fields, "details", "detail")]
    return code, ": ".join(text for text in texts if text) or first_text(fields, "error")


def _is_bad_state(said: ProviderReply, status: int) -> bool:
    """`bad-state` is documented without the key that carries it."""
    return status == 409 or "bad-state" in f"{said.code} {said.message}".lower()


def _bad_state(operation: Operation, said: ProviderReply) -> FarsyncError:
    is_running = re.search(r"\brunning\b|concurren", said.message or "", re.IGNORECASE)
    if operation is Operation.START and is_running:
        return errors.AlreadyRunning("The job runs already, and Data Flow allows no second execution.", said=said)
    return rejected_state(SERVICE, operation, said)
