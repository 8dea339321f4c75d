"""List events as they were emitted, the newest first, from the log in which each is a line."""

import json
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from farsync.aws.client import named_failures
from farsync.aws.event_log import EventLog
from farsync.model.execution import WireModel
from farsync.model.validation import validated
from farsync.operations.listing import BY_COMMA, ListQuery, window_of
from farsync.operations.page_position import EventPosition, read_event_position, token_of
from farsync.runtime.context import Context
from farsync.runtime.request import Answer, Invocation

TYPE_PREFIX = "io.farsync."
ShortType = Literal[
    "execution.succeeded",
    "execution.failed",
    "execution.canceled",
    "execution.timed_out",
    "execution.needs_attention",
    "run.failed",
    "run.unobservable",
    "backfill.completed",
]
LARGEST_ANSWER_BYTES = 2_500_000
"""A function answers 6 MB at most, and an event in quotes is longer than the event.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""


class ListEvents(ListQuery):
    """Which events."""

    type: Annotated[tuple[ShortType, ...], Field(min_length=1), BY_COMMA] | None = None
    """Several by comma, without their `io.farsync.`; all, unless it is given."""


class EventList(WireModel):
    """Events, the newest first; there may be more, even after none, while there is a `next_token`."""

    events: tuple[Mapping[str, object], ...]
    """CloudEvents 1.0, as they stand on the queue."""
    next_token: str | None = None


def list_events(context: Context, invocation: Invocation) -> Answer:
    """Reads some thousand events at most. Raises InvalidRequest."""
    asked = validated(ListEvents, invocation.payload)
    window = window_of(asked, context.now())
    position = EventPosition(at=window.until) if asked.next_token is None else read_event_position(asked.next_token)
    log = EventLog(context, window.since, min(window.until, position.at + 1))
    events, size = list[Mapping[str, object]](), 0
    with named_failures():
        for recorded in log:
            if position.has_passed(recorded):
                continue
            if _is_asked(asked, recorded.event, recorded.data):
                size += len(json.dumps(recorded.event))
                if events and (len(events) == asked.limit or size > LARGEST_ANSWER_BYTES):
                    return Answer(EventList(events=tuple(events), next_token=token_of(position)))
                events.append(recorded.event)
            position = position.behind(recorded)
    return Answer(EventList(events=tuple(events), next_token=token_of(position) if log.is_cut else None))


def _is_asked(asked: ListEvents, event: Mapping[str, object], data: Mapping[str, object]) -> bool:
    kind = str(event.get("type")).removeprefix(TYPE_PREFIX)
    return (
        (asked.type is None or kind in asked.type)
        and asked.connection in (None, data.get("connection"))
        and asked.job in (None, data.get("job"))
    )
