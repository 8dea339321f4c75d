"""Events about a run whose execution's end is not known, or which has none. Any input of a run gives a valid event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import accumulate, takewhile
from typing import Any

from farsync.events.completion_event import CompletionData, CompletionEvent, EventError, EventType, event_source
from farsync.events.cost import cost_of_run
from farsync.events.texts import queue_text
from farsync.model.execution import Candidate
from farsync.model.names import run_event_id
from farsync.model.run import Run

LONGEST_NAME = 256
LARGEST_LABELS = 20_000
"""Characters of all names and values. A request's are fewer; whoever starts `run_job` by hand may send anything."""
CANDIDATES_SHOWN = 10


def run_failed_event(
    *,
    run_name: str,
    redrive_count: int,
    request: object,
    run: Run | None,
    error: EventError,
    detected_at: datetime,
    candidates: Sequence[Candidate] = (),
    region: str,
) -> CompletionEvent:
    """`run.failed`: no execution is known. `request` is the input of the run, as somebody sent it."""
    data = _data(run_name, request, run, error, detected_at, candidates)
    cost = cost_of_run(region, polls=0)
    return _event("io.farsync.run.failed", run_name, redrive_count, {**data, "estimated_cost_usd": cost})


def run_unobservable_event(
    *,
    run_name: str,
    redrive_count: int,
    request: object,
    run: Run | None,
    error: EventError,
    detected_at: datetime,
    candidates: Sequence[Candidate] = (),
    cancel_confirmed: bool | None = None,
    polls: int = 0,
    region: str,
) -> CompletionEvent:
    """`run.unobservable`: no end is known. `cancel_confirmed` is False after a cancel, None where none was sent."""
    data = _data(run_name, request, run, error, detected_at, candidates)
    more = {
        "cancel_confirmed": cancel_confirmed,
        "polls": polls,
        "estimated_cost_usd": cost_of_run(region, polls=polls),
    }
    return _event("io.farsync.run.unobservable", run_name, redrive_count, {**data, **more})


def _event(event_type: EventType, run_name: str, redrive_count: int, fields: dict[str, Any]) -> CompletionEvent:
    data = CompletionData(**fields)
    return CompletionEvent(
        id=run_event_id(run_name, redrive_count),
        source=event_source(data.connection or "", data.job or ""),
        type=event_type,
        subject=data.execution_id or run_name,
        time=data.detected_at,
        data=data,
    )


def _data(
    run_name: str,
    request: object,
    run: Run | None,
    error: EventError,
    detected_at: datetime,
    candidates: Sequence[Candidate],
) -> dict[str, Any]:
    asked = request if isinstance(request, Mapping) else {}
    fields: dict[str, Any] = {
        "connection": _name(asked.get("connection", "default")),
        "job": _name(asked.get("job")),
        "labels": _labels(asked.get("labels")),
    }
    if run:
        fields = {
            "connection": run.connection,
            "provider": run.provider,
            "job": run.job,
            "job_name": run.job_name,
            "execution_id": run.execution_id,
            "started_at": run.execution_started_at,
            "labels": run.labels,
        }
    return {
        **fields,
        "run_name": run_name,
        "detected_at": detected_at,
        "error": error,
        "candidates": tuple(candidates[:CANDIDATES_SHOWN]) or None,
    }


def _name(value: object) -> str | None:
    return queue_text(value[:LONGEST_NAME]) if isinstance(value, str) else None


def _labels(value: object) -> Mapping[str, str]:
    """Those whose values are texts, the first ones as far as there is room."""
    if not isinstance(value, Mapping):
        return {}
    labels = [(queue_text(str(name)), queue_text(label)) for name, label in value.items() if isinstance(label, str)]
    sizes = accumulate(len(name) + len(label) for name, label in labels)
    return dict(labels[: sum(1 for _ in takewhile(lambda size: size <= LARGEST_LABELS, sizes))])
