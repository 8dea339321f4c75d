"""The message on the poll queue: a run that waits for its execution's end. Nothing in it ever changes."""

import json
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from farsync.model.errors import InvalidRequest
from farsync.model.execution import Instant
from farsync.model.run import OwnModel, Run


class PollMessage(OwnModel):
    """As `Follow` in run_job writes it, and the poller where it replaces a message that is worn out."""

    v: Literal[1]
    token: Annotated[str, Field(min_length=1)]
    """Under which `Follow` waits."""
    sent_at: Instant
    run: Run
    redrive_count: int = 0
    polls: int = 0
    """Those that the messages before this one led to."""

    def copied(self, run: Run, polls: int, now: datetime) -> "PollMessage":
        """A message that takes this one's place."""
        return self.model_copy(update={"run": run, "polls": polls, "sent_at": now})


def read_poll_message(body: str) -> PollMessage:
    """Raises InvalidRequest, which repeats nothing of the message."""
    try:
        message = PollMessage.model_validate(json.loads(body), by_name=False)
    except (ValidationError, ValueError, RecursionError) as unreadable:
        kind = type(unreadable).__name__
        raise InvalidRequest(f"no message about a run that has an execution: {kind}") from None
    if message.run.execution_id is None:
        raise InvalidRequest("no message about a run that has an execution: it has none")
    return message
