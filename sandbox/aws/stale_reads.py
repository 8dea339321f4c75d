"""Reads of Step Functions that lag: AWS says of them that they "may not reflect very recent updates and changes".

DescribeExecution, ListExecutions and GetExecutionHistory answer functions as of `seconds` ago, with the probability
`share`; everybody else reads what is the case. Off unless ordered. The seconds are real ones
at any speed, as the times in the answers are.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-read-consistency.html
"""

import copy
import datetime
import random
import threading
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ConfigDict, Field

from sandbox.aws.settings import SESSION_TOKEN


class StaleReads(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: Annotated[float, Field(ge=0)] = 0.0
    share: Annotated[float, Field(ge=0, le=1)] = 1.0


class _View(NamedTuple):
    """An execution as it was from this moment on."""

    since: datetime.datetime
    execution: Any


class _Memory:
    order = StaleReads()


_views: WeakKeyDictionary[Any, list[_View]] = WeakKeyDictionary()
_lock = threading.Lock()


def parse(body: bytes) -> StaleReads:
    """Raises pydantic's ValidationError."""
    return StaleReads.model_validate_json(body)


def order(stale_reads: StaleReads) -> None:
    """Of executions that changed before, the past is not known: they are shown as they are."""
    _Memory.order = stale_reads


def note_change(execution: Any) -> None:
    """Of moto's execution, which has changed its status this moment."""
    if _Memory.order.seconds:
        with _lock:
            _views.setdefault(execution, []).append(_View(_now(), copy.copy(execution)))


def moment_shown(headers: Mapping[str, str]) -> datetime.datetime | None:
    """As of when a read is answered; None: as of now."""
    asked = _Memory.order
    if not asked.seconds or headers.get("X-Amz-Security-Token") != SESSION_TOKEN or random.random() >= asked.share:
        return None
    return _now() - datetime.timedelta(seconds=asked.seconds)


def seen_at(execution: Any, moment: datetime.datetime | None) -> Any | None:
    """The execution as it was then; None where it had not begun."""
    if moment is None:
        return execution
    with _lock:
        views = _views.get(execution, [])
        if not views:
            return execution
        return next((view.execution for view in reversed(views) if view.since <= moment), None)


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)
