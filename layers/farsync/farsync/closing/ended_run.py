"""The message on the queue of runs to be closed: a run that failed, timed out or was aborted."""

import json
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from farsync.model.errors import InvalidRequest
from farsync.model.names import NAME_PATTERN
from farsync.model.run import OwnModel
from farsync.model.validation import validated

YEAR_2000_MS = 946_684_800_000
YEAR_2200_MS = 7_258_118_400_000
UNKNOWN = -1


class EndedRun(OwnModel):
    """As the rule on status events writes it, and the sweep."""

    execution_arn: str
    name: Annotated[str, Field(pattern=NAME_PATTERN)]
    status: Literal["FAILED", "TIMED_OUT", "ABORTED"]
    stop_date: Annotated[int, Field(ge=YEAR_2000_MS, le=YEAR_2200_MS)]
    """Milliseconds since the epoch."""
    redrive_count: Annotated[
        int, BeforeValidator(lambda count: UNKNOWN if count == "" else count), Field(ge=UNKNOWN)
    ] = 0
    """UNKNOWN where the status event does not say it."""
    execution_id: str | None = None
    """What a search has found."""
    is_swept: bool = False
    """Sent by a sweep; as long as the run is not closed, the next one sends it again."""

    @model_validator(mode="after")
    def _is_one_run(self) -> Self:
        if not self.execution_arn.endswith(f":{self.name}"):
            raise PydanticCustomError("name", "must be the name in executionArn")
        return self

    @property
    def stopped_at(self) -> datetime:
        return datetime.fromtimestamp(self.stop_date / 1000, UTC)


def read_ended_run(body: str) -> EndedRun:
    """Raises InvalidRequest for what is no such message."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidRequest("the message is no JSON", field="$") from None
    return validated(EndedRun, content)


def message_of(ended: EndedRun) -> str:
    """The message's body."""
    return json.dumps(ended.model_dump(mode="json", by_alias=True, exclude_none=True), separators=(",", ":"))
