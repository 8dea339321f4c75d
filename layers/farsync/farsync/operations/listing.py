"""What lists of runs and of events are asked alike: a window of time, a connection, a job, pages."""

from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field

from farsync.aws.event_log import milliseconds
from farsync.model.errors import InvalidRequest
from farsync.model.execution import WireModel
from farsync.model.identifiers import DIGITS, ConnectionName, JobId
from farsync.model.moment import Moment
from farsync.operations.page_position import PageToken

USUAL_WINDOW = timedelta(days=1)


def _parts(text: object) -> object:
    return tuple(text.split(",")) if isinstance(text, str) else text


BY_COMMA = BeforeValidator(_parts)
"""Beside a tuple: takes its items in one text, separated by commas, as a query has them."""


class ListQuery(WireModel):
    """Of what, since when, and how much at once."""

    since: Moment | None = None
    """The last 24 hours, unless it is given: ISO 8601 with an offset; a plus sign stands in a query as `%2B`."""
    until: Moment | None = None
    """Now, unless it is given; a moment itself is outside."""
    connection: ConnectionName | None = None
    job: JobId | None = None
    limit: Annotated[int, Field(strict=True, ge=1, le=100), DIGITS] = 50
    next_token: PageToken | None = None


class Window(NamedTuple):
    """In milliseconds since 1970; `until` is outside."""

    since: int
    until: int


def window_of(asked: ListQuery, now: datetime) -> Window:
    """Raises InvalidRequest."""
    until = asked.until or now
    since = asked.since or until - USUAL_WINDOW
    if since >= until:
        raise InvalidRequest("since: must be before until, and in the past", field="since")
    return Window(max(0, milliseconds(since)), milliseconds(until) + (asked.until is None))
