"""What a rejection of Data Flow or of the API gateway before it means, as one of our errors.

Two layers answer. The gateway: https://api.ncloud-docs.com/docs/en/ai-application-service-apigateway Data
Flow: https://api.ncloud-docs.com/docs/en/analytics-dataflow, with a body that only an official sample shows
(`detail`, `errorType`). Neither labels its bodies reliably, so Content-Type is not asked.
"""

import re

from farsync.http_client.response import Reply
from farsync.model import errors
from farsync.model.errors import FarsyncError, ProviderReply
from farsync.providers.odd_statuses import RETRIABLE, redirection
from farsync.providers.replies import Operation, Reader, bounded_reply, fields_in, first_text

__all__ = ["Operation", "provider_reply", "reading", "rejection"]

DOCUMENTED_WORDS = frozenset({"bad-parameter", "bad-state"})
STARTED_NOTHING = frozenset({401, 403, 404, 409, 413, 429})
"""Documented statuses by which a request is rejected before anything is done, whatever stands in the body."""
SERVICE_FAILED = frozenset({"500", "510", "900"})
"""Codes of the gateway for a service that failed or was silent, amid whatever it did."""


def rejection(reply: Reply, operation: Operation) -> FarsyncError:
    """The error for a reply outside 2xx. Whatever is no rejection of a known kind leaves a start unconfirmed."""
    said = provider_reply(reply)
    status, code = reply.status, said.code
    wait_seconds = reply.retry_after_seconds
    if operation is Operation.START and not _is_known_rejection(reply, said):
        return errors.StartUnconfirmed(f"The start was answered by {status}.", said=said)
    match status:
        case _ if 300 <= status < 400:
            return redirection("Data Flow", status, said)
        case 401 if code != "210":
            return errors.AuthenticationFailed(
                "NAVER Cloud rejected the keys or the signature; check accessKey, secretKey and the clock.",
                said=said,
            )
        case 401 | 403:
            return errors.PermissionDenied(
                "The keys are not allowed to do this; check the account's policies.", said=said
            )
        case 404:
            return _not_found(operation, said)
        case 400 | 409 if _is_bad_state(said, status):
            return _bad_state(operation, said)
        case 429 if code == "400":
            return errors.QuotaExceeded("The account's quota is used up.", said=said, retry_after_seconds=wait_seconds)
        case 429:
            return errors.Throttled("NAVER Cloud asks for fewer requests.", said=said, retry_after_seconds=wait_seconds)
        case _ if 400 <= status < 500 and status not in RETRIABLE:
            return errors.InvalidRequest(f"Data Flow rejected the request{_words(said)}.", said=said)
        case _:
            return errors.ProviderUnavailable(
                f"Data Flow answered {status}.", said=said, retry_after_seconds=wait_seconds
            )


def provider_reply(reply: Reply) -> ProviderReply:
    """Code, message and trace id of a rejection in one of the known shapes."""
    code, message = _code_and_message(reply.body) if reply.status >= 400 else (None, None)
    trace_id = reply.headers.get("x-ncp-trace-id") or reply.headers.get("x-ncp-request-id")
    return bounded_reply(reply, code, message, trace_id)


reading = Reader("Data Flow", rejection, provider_reply).reading


def _is_known_rejection(reply: Reply, said: ProviderReply) -> bool:
    """Whether nothing was started: by a status that always says so, or a 400 in words of Data Flow or its gateway."""
    if said.code in SERVICE_FAILED:
        return False
    return reply.status in STARTED_NOTHING or (reply.status == 400 and _code_and_message(reply.body) != (None, None))


def _code_and_message(body: bytes) -> tuple[str | None, str | None]:
    fields = fields_in(body, "error", "responseError", "status")
    code = first_text(fields, "errorCode", "returnCode", "errorType", "code")
    texts = [first_text(fields, "message", "returnMessage", "msg"), first_text(fields, "details", "detail")]
    return code, ": ".join(text for text in texts if text) or first_text(fields, "error")


def _not_found(operation: Operation, said: ProviderReply) -> FarsyncError:
    if said.code == "300" or operation is Operation.LIST_JOBS:
        return errors.ConnectionInvalid(
            "endpoint: there is no Data Flow service at this address; correct it in the connection's secret.",
            said=said,
        )
    if operation in (Operation.GET_EXECUTION, Operation.CANCEL):
        return errors.ExecutionNotFound("Data Flow knows no such execution of the job.", said=said)
    return errors.JobNotFound("Data Flow knows no such job.", said=said)


def _is_bad_state(said: ProviderReply, status: int) -> bool:
    """`bad-state` is documented without the key that carries it."""
    return status == 409 or "bad-state" in f"{said.code} {said.message}".lower()


def _bad_state(operation: Operation, said: ProviderReply) -> FarsyncError:
    if operation is Operation.CANCEL:
        return errors.ProviderUnavailable("The execution cannot be cancelled in its present state.", said=said)
    if operation is not Operation.START:
        return errors.InvalidRequest("Data Flow rejects this in the job's present state.", said=said)
    if re.search(r"\brunning\b|concurren", said.message or "", re.IGNORECASE):
        return errors.AlreadyRunning("The job runs already, and Data Flow allows no second execution.", said=said)
    return errors.JobNotRunnable("The job cannot be started in its present state.", said=said)


def _words(said: ProviderReply) -> str:
    """The provider's code, if it is one: free text may repeat a parameter's value, which may be a secret."""
    code = said.code or (said.message if said.message in DOCUMENTED_WORDS else "") or ""
    return f" ({code})" if re.fullmatch(r"[\w.-]{1,60}", code, re.ASCII) else ""
