"""What a reply outside 2xx means by its HTTP status alone; docs/dev/statuses.md has every status, and why.

Most are of RFC 9110, section 15; the others stand in https://www.iana.org/assignments/http-status-codes.
"""

import re
from enum import Enum, auto

from farsync.http_client.response import Reply
from farsync.model import errors
from farsync.model.errors import FarsyncError, ProviderReply


class Operation(Enum):
    """What was asked; the same rejection of two operations may mean two things."""

    LIST_JOBS = auto()
    GET_JOB = auto()
    LIST_EXECUTIONS = auto()
    GET_EXECUTION = auto()
    START = auto()
    CANCEL = auto()


NO_LONGER_AVAILABLE = {402: "it asks for payment", 403: "they may not do this", 451: "a law stands against it"}
OF_ANOTHER_SERVICE = frozenset({405, 406, 407, 426, 501, 505})
"""Whoever answers does not speak this API: no GET or POST of JSON, another protocol, a proxy with a lock of its own."""
PASSING = frozenset({408, 421, 423, 424, 425})
"""Of the 4xx those whose request is right, and may be answered over another connection or later."""


def rejected_by_status(service: str, reply: Reply, operation: Operation, said: ProviderReply) -> FarsyncError:
    """The error for a reply outside 2xx. That a start was not rejected at all is for the caller to say."""
    status = reply.status
    match status:
        case 301 | 308:
            return errors.ConnectionInvalid(
                f"endpoint: {service} has moved to another address ({status}); correct it in the connection's secret.",
                said=said,
            )
        case _ if 300 <= status < 400:
            # None is followed: who answers there is not whom the connection names.
            return errors.ProviderUnavailable(
                f"{service} answered {status}, which leads to another address and is never followed; if it stays so, "
                "correct 'endpoint' in the connection's secret.",
                said=said,
                retry_after_seconds=reply.retry_after_seconds,
            )
        case 401:
            return errors.AuthenticationFailed(
                f"{service} rejected the keys or the signature; check the connection's secret and the clock.", said=said
            )
        case _ if status in NO_LONGER_AVAILABLE:
            return errors.PermissionDenied(
                f"{service} does not answer to these keys: {NO_LONGER_AVAILABLE[status]} ({status}); see to the "
                "account, or take other keys.",
                said=said,
            )
        case 404 | 410:
            return not_found(service, operation, said)
        case 409:
            return rejected_state(service, operation, said)
        case 429:
            return errors.Throttled(
                f"{service} asks for fewer requests.", said=said, retry_after_seconds=reply.retry_after_seconds
            )
        case _ if status in OF_ANOTHER_SERVICE:
            return errors.ConnectionInvalid(
                f"endpoint: what answers there is not {service}'s API ({status}); correct it in the connection's "
                "secret.",
                said=said,
            )
        case _ if 400 <= status < 500 and status not in PASSING:
            return errors.InvalidRequest(f"{service} rejected the request{code_in(said)}.", said=said)
        case _:
            return errors.ProviderUnavailable(
                f"{service} answered {status}.", said=said, retry_after_seconds=reply.retry_after_seconds
            )


def not_found(service: str, operation: Operation, said: ProviderReply) -> FarsyncError:
    """By what was asked for; a list of all jobs is always there."""
    if operation is Operation.LIST_JOBS:
        return no_such_service(service, said)
    if operation in (Operation.GET_EXECUTION, Operation.CANCEL):
        return errors.ExecutionNotFound(f"{service} knows no such execution of the job.", said=said)
    return errors.JobNotFound(f"{service} knows no such job.", said=said)


def no_such_service(service: str, said: ProviderReply) -> FarsyncError:
    return errors.ConnectionInvalid(
        f"endpoint: there is no {service} service at this address; correct it in the connection's secret.", said=said
    )


def rejected_state(service: str, operation: Operation, said: ProviderReply) -> FarsyncError:
    if operation is Operation.CANCEL:
        return errors.ProviderUnavailable("The execution cannot be cancelled in its present state.", said=said)
    if operation is Operation.START:
        return errors.JobNotRunnable("The job cannot be started in its present state.", said=said)
    return errors.InvalidRequest(f"{service} rejects this in the job's present state.", said=said)


def code_in(said: ProviderReply) -> str:
    """The provider's code, if it is one: free text may repeat a parameter's value, which may be a secret."""
    return f" ({said.code})" if said.code and re.fullmatch(r"[\w.-]{1,60}", said.code, re.ASCII) else ""
