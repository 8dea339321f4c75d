"""What a rejection of Data Flow or of the API gateway before it means, as one of our errors.

Two layers answer. The gateway: https://api.ncloud-docs.com/docs/en/ai-application-service-apigateway Data
Flow: https://api.ncloud-docs.com/docs/en/analytics-dataflow, with a body that only an official sample shows
(`detail`, `errorType`). Neither labels its bodies reliably, so Content-Type is not asked.
"""

import json
import re
from collections.abc import Mapping
from enum import Enum, auto

from farsync.http_client.response import Reply
from farsync.model.errors import (
    AlreadyRunning,
    AuthenticationFailed,
    ConnectionInvalid,
    ExecutionNotFound,
    FarsyncError,
    InvalidRequest,
    JobNotFound,
    JobNotRunnable,
    PermissionDenied,
    ProviderReply,
    ProviderUnavailable,
    QuotaExceeded,
    StartUnconfirmed,
    Throttled,
)
from farsync.providers.odd_statuses import RETRIABLE, redirection

LONGEST_MESSAGE = 500
LONGEST_CODE = 100
DOCUMENTED_WORDS = frozenset({"bad-parameter", "bad-state"})
STARTED_NOTHING = frozenset({401, 403, 404, 409, 413, 429})
"""Documented statuses by which a request is rejected before anything is done, whatever stands in the body."""
SERVICE_FAILED = frozenset({"500", "510", "900"})
"""Codes of the gateway for a service that failed or was silent, amid whatever it did."""


class Operation(Enum):
    """What was asked; the same rejection of two operations may mean two things."""

    LIST_JOBS = auto()
    GET_JOB = auto()
    LIST_EXECUTIONS = auto()
    GET_EXECUTION = auto()
    START = auto()
    CANCEL = auto()


def rejection(reply: Reply, operation: Operation) -> FarsyncError:
    """The error for a reply outside 2xx; `provider` holds what was said, for the log.

    A start may have begun an execution unless the reply is a rejection of a known kind.
    """
    said = provider_reply(reply)
    status, code = reply.status, said.code
    wait_seconds = reply.retry_after_seconds
    if operation is Operation.START and not _is_known_rejection(reply, said):
        return StartUnconfirmed(f"The start was answered by {status}.", said=said)
    match status:
        case _ if 300 <= status < 400:
            return redirection("Data Flow", status, said)
        case 401 if code != "210":
            return AuthenticationFailed(
                "NAVER Cloud rejected the keys or the signature; check accessKey, secretKey and the clock.",
                said=said,
            )
        case 401 | 403:
            return PermissionDenied("The keys are not allowed to do this; check the account's policies.", said=said)
        case 404:
            return _not_found(operation, said)
        case 400 | 409 if _is_bad_state(said, status):
            return _bad_state(operation, said)
        case 429 if code == "400":
            return QuotaExceeded("The account's quota is used up.", said=said, retry_after_seconds=wait_seconds)
        case 429:
            return Throttled("NAVER Cloud asks for fewer requests.", said=said, retry_after_seconds=wait_seconds)
        case _ if 400 <= status < 500 and status not in RETRIABLE:
            return InvalidRequest(f"Data Flow rejected the request{_words(said)}.", said=said)
        case _:
            return ProviderUnavailable(f"Data Flow answered {status}.", said=said, retry_after_seconds=wait_seconds)


def provider_reply(reply: Reply) -> ProviderReply:
    """Code, message and trace id of a rejection in one of the known shapes; of every other body no more than its
    length and type, since it may repeat the values of parameters.
    """
    code, message = _code_and_message(reply.body) if reply.status >= 400 else (None, None)
    trace_id = reply.headers.get("x-ncp-trace-id") or reply.headers.get("x-ncp-request-id")
    if code is None and message is None:
        message = reply.size_and_type
    return ProviderReply(
        reply.status,
        code and code[:LONGEST_CODE],
        message and message[:LONGEST_MESSAGE],
        trace_id and trace_id[:LONGEST_CODE],
    )


def _is_known_rejection(reply: Reply, said: ProviderReply) -> bool:
    """Whether the reply says that nothing was started: a status that always does, or a 400 in the words of Data Flow
    or its gateway, and not in those of something in between.
    """
    if said.code in SERVICE_FAILED:
        return False
    return reply.status in STARTED_NOTHING or (reply.status == 400 and _code_and_message(reply.body) != (None, None))


def _code_and_message(body: bytes) -> tuple[str | None, str | None]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None, None
    if not isinstance(content, Mapping):
        return None, None
    nested = (content.get(key) for key in ("error", "responseError", "status"))
    fields = next((found for found in nested if isinstance(found, Mapping)), content)
    code = _first(fields, "errorCode", "returnCode", "errorType", "code")
    texts = [_first(fields, "message", "returnMessage", "msg"), _first(fields, "details", "detail")]
    return code, ": ".join(text for text in texts if text) or _first(fields, "error")


def _first(fields: Mapping[str, object], *names: str) -> str | None:
    found = (fields.get(name) for name in names)
    return next((str(value) for value in found if isinstance(value, str | int) and value != ""), None)


def _not_found(operation: Operation, said: ProviderReply) -> FarsyncError:
    if said.code == "300" or operation is Operation.LIST_JOBS:
        return ConnectionInvalid(
            "endpoint: there is no Data Flow service at this address; correct it in the connection's secret.",
            said=said,
        )
    if operation in (Operation.GET_EXECUTION, Operation.CANCEL):
        return ExecutionNotFound("Data Flow knows no such execution of the job.", said=said)
    return JobNotFound("Data Flow knows no such job.", said=said)


def _is_bad_state(said: ProviderReply, status: int) -> bool:
    """`bad-state` is documented without the key that carries it."""
    return status == 409 or "bad-state" in f"{said.code} {said.message}".lower()


def _bad_state(operation: Operation, said: ProviderReply) -> FarsyncError:
    if operation is Operation.CANCEL:
        return ProviderUnavailable("The execution cannot be cancelled in its present state.", said=said)
    if operation is not Operation.START:
        return InvalidRequest("Data Flow rejects this in the job's present state.", said=said)
    if re.search(r"\brunning\b|concurren", said.message or "", re.IGNORECASE):
        return AlreadyRunning("The job runs already, and Data Flow allows no second execution.", said=said)
    return JobNotRunnable("The job cannot be started in its present state.", said=said)


def _words(said: ProviderReply) -> str:
    """The provider's code, if it is one: free text may repeat a parameter's value, which may be a secret."""
    code = said.code or (said.message if said.message in DOCUMENTED_WORDS else "") or ""
    return f" ({code})" if re.fullmatch(r"[\w.-]{1,60}", code, re.ASCII) else ""
