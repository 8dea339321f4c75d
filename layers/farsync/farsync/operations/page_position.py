"""Where a list goes on: positions in lists of runs and events, and the tokens that callers give back."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

from pydantic import Field, ValidationError

from farsync.aws.event_log import Recorded
from farsync.model.errors import InvalidRequest
from farsync.model.execution import WireModel

PageToken = Annotated[str, Field(min_length=1, max_length=4096)]
Milliseconds = Annotated[int, Field(ge=0, le=10**14)]
ID_DIGITS = 16
"""So much of an event's id tells it from others of the same millisecond."""


class EventPosition(WireModel):
    """Behind the last event that was considered, and others of the same millisecond before it."""

    at: Milliseconds
    ids: tuple[str, ...] = ()

    def has_passed(self, recorded: Recorded) -> bool:
        return recorded.at > self.at or (recorded.at == self.at and _short_id(recorded) in self.ids)

    def behind(self, recorded: Recorded) -> "EventPosition":
        before = self.ids if recorded.at == self.at else ()
        return EventPosition(at=recorded.at, ids=(*before, _short_id(recorded)))


class RunPosition(WireModel):
    """Behind the last run considered of those without an event, by `rank`, moment and name; or among the events."""

    rank: int = 0
    at: Milliseconds = 0
    name: str = ""
    events: EventPosition | None = None


def _short_id(recorded: Recorded) -> str:
    return str(recorded.event.get("id"))[:ID_DIGITS]


def token_of(position: WireModel) -> str:
    text = json.dumps(position.model_dump(mode="json", by_alias=True, exclude_none=True), separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_event_position(token: str) -> EventPosition:
    """Raises InvalidRequest for a token that was not given by this list."""
    try:
        return EventPosition.model_validate_json(_text(token))
    except (ValidationError, ValueError):
        raise _rejection() from None


def read_run_position(token: str) -> RunPosition:
    """Raises InvalidRequest likewise."""
    try:
        return RunPosition.model_validate_json(_text(token))
    except (ValidationError, ValueError):
        raise _rejection() from None


def _text(token: str) -> bytes:
    return urlsafe_b64decode(token + "=" * (-len(token) % 4))


def _rejection() -> InvalidRequest:
    return InvalidRequest("nextToken: is none of this list; begin with the first page", field="nextToken")
