"""Replies of any provider: what they were asked for, what a rejection says, and how one is read."""

import json
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import NamedTuple, TypeVar

from farsync.http_client.response import Reply
from farsync.model.errors import FarsyncError, ProviderReply, ProviderUnavailable, StartUnconfirmed
from farsync.providers.legible_json import legible
from farsync.providers.subject import fault_in

T = TypeVar("T")

LONGEST_MESSAGE = 500
LONGEST_ID = 100


class Operation(Enum):
    """What was asked; the same rejection of two operations may mean two things."""

    LIST_JOBS = auto()
    GET_JOB = auto()
    LIST_EXECUTIONS = auto()
    GET_EXECUTION = auto()
    START = auto()
    CANCEL = auto()


class Reader(NamedTuple):
    """Reads the replies of one service."""

    service: str
    rejection: Callable[[Reply, Operation], FarsyncError]
    """The error for a reply outside 2xx."""
    provider_reply: Callable[[Reply], ProviderReply]
    """What the reply says of a rejection, for the log."""

    def reading(self, operation: Operation, decode: Callable[[Reply], T]) -> Callable[[Reply], T]:
        """A function that reads a reply; `decode` gets it with a legible body. It raises the rejection of a reply
        outside 2xx. Where `decode` raises ValueError, it raises StartUnconfirmed after a start and ProviderUnavailable
        otherwise.
        """

        def read(reply: Reply) -> T:
            if not reply.is_success:
                raise self.rejection(reply, operation)
            try:
                return decode(reply._replace(body=legible(reply.body)))
            except ValueError as error:
                fault, said = fault_in(error), self.provider_reply(reply)
            if operation is Operation.START:
                raise StartUnconfirmed(f"The start was accepted with a reply that {fault}.", said=said)
            raise ProviderUnavailable(f"{self.service}'s reply {fault}.", said=said)

        return read


def fields_in(body: bytes, *members: str) -> Mapping[str, object]:
    """The first of these members that is an object, else the body's own object; empty where the body is none."""
    try:
        content = json.loads(legible(body))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, Mapping):
        return {}
    return next((found for found in map(content.get, members) if isinstance(found, Mapping)), content)


def first_text(fields: Mapping[str, object], *names: str) -> str | None:
    """The first of these fields that holds a text or a whole number."""
    found = (fields.get(name) for name in names)
    texts = (str(value) for value in found if isinstance(value, str | int) and not isinstance(value, bool))
    return next(filter(None, texts), None)


def bounded_reply(reply: Reply, code: str | None, message: str | None, trace_id: str | None) -> ProviderReply:
    """The rejection, shortened. A body of unknown shape may repeat parameters, so only its size and type are kept."""
    if code is None and message is None:
        message = reply.size_and_type
    return ProviderReply(
        reply.status,
        code and code[:LONGEST_ID],
        message and message[:LONGEST_MESSAGE],
        trace_id and trace_id[:LONGEST_ID],
    )
