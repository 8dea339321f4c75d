"""Replies of any provider: what they were asked for, what a rejection says, and how one is read."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import NamedTuple, TypeVar

from farsync.http_client.response import Reply
from farsync.model.errors import FarsyncError, ProviderReply, ProviderUnavailable, StartUnconfirmed
from farsync.providers.legible_json import legible
from farsync.providers.rejections import Operation, rejected_by_status
from farsync.providers.subject import fault_in

T = TypeVar("T")

LONGEST_MESSAGE = 500
LONGEST_ID = 100


class Reader(NamedTuple):
    """Reads the replies of one service. The defaults are those of a provider of whose words nothing is known."""

    service: str
    provider_reply: Callable[[Reply], ProviderReply] = lambda reply: bounded_reply(reply, None, None, None)
    """What the reply says of a rejection, for the log."""
    started_nothing: Callable[[Reply, ProviderReply], bool] = lambda _reply, _said: False
    """Whether a reply outside 2xx is a rejection by which certainly nothing was started."""
    named: Callable[[Reply, Operation, ProviderReply], FarsyncError | None] = lambda _reply, _operation, _said: None
    """The error for a reply outside 2xx in the provider's own words; None where only its status speaks."""

    def rejection(self, reply: Reply, operation: Operation) -> FarsyncError:
        """The error for a reply outside 2xx. A start of which it is not certain that nothing began is unconfirmed."""
        said = self.provider_reply(reply)
        if operation is Operation.START and not self.started_nothing(reply, said):
            return StartUnconfirmed(f"The start was answered by {reply.status}.", said=said)
        return self.named(reply, operation, said) or rejected_by_status(self.service, reply, operation, said)

    def reading(self, operation: Operation, decode: Callable[[Reply], T]) -> Callable[[Reply], T]:
        """A function that reads a reply; `decode` gets it with a legible body. It raises the rejection of a reply
        outside 2xx. Where `decode` raises ValueError, it raises StartUnconfirmed after a start and ProviderUnavailable
        otherwise.
        """

        def read(reply: Reply) -> T:
            if not reply.is_success:
                raise self.rejection(reply, operation)
            try:
                whole = _whole(reply)
                return decode(whole._replace(body=legible(whole.body)))
            except ValueError as error:
                fault, said = fault_in(error), self.provider_reply(reply)
            if operation is Operation.START:
                raise StartUnconfirmed(f"The start was accepted with a reply that {fault}.", said=said)
            raise ProviderUnavailable(f"{self.service}'s reply {fault}.", said=said)

        return read


def _whole(reply: Reply) -> Reply:
    """A part was not asked for (RFC 9110, 15.3.7): of a list, what is missing would count as not there."""
    if reply.status == HTTPStatus.PARTIAL_CONTENT:
        raise ValueError
    return reply


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
    is_measured = code is None and message is None
    if is_measured:
        message = reply.size_and_type
    return ProviderReply(
        reply.status,
        code and code[:LONGEST_ID],
        message and message[:LONGEST_MESSAGE],
        trace_id and trace_id[:LONGEST_ID],
        is_measured,
    )
