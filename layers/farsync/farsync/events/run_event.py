"""Events about a run whose execution's end is not known, or which has none. Any input of a run gives a valid event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import accumulate, takewhile
from typing import Any

from farsync.events.completion_event import CompletionData, CompletionEvent, EventError, EventType, event_source
from farsync.events.cost import cost_of_run
from farsync.model.execution import Candidate
from farsync.model.names import run_event_id
from farsync.model.run import Run
from farsync.model.texts import queue_text

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
    about = {**_about(request, run), "run_name": run_name, "error": error, "detected_at": detected_at}
    about |= {
        "candidates": tuple(candidates[:CANDIDATES_SHOWN]) or None,
        "estimated_cost_usd": cost_of_run(region, polls=0),
    }
    return _event("io.farsync.run.failed", redrive_count, CompletionData(**about))


def run_unobservable_event(
    *,
    run_name: str,
    redrive_count: int,
    request: object,
    run: Run | None,
    error: EventError,
    detected_at: datetime,
    cancel_confirmed: bool | None = None,
    polls: int = 0,
    region: str,
) -> CompletionEvent:
    """`run.unobservable`: no end is known. `cancel_confirmed` is False after a cancel, None where none was sent."""
    about = {**_about(request, run), "run_name": run_name, "error": error, "detected_at": detected_at}
    about |= {"polls": polls, "cancel_confirmed": cancel_confirmed}
    data = CompletionData(**about, estimated_cost_usd=cost_of_run(region, polls=polls))
    return _event("io.farsync.run.unobservable", redrive_count, data)


def _event(event_type: EventType, redrive_count: int, data: CompletionData) -> CompletionEvent:
    run_name = data.run_name or ""
    return CompletionEvent(
        id=run_event_id(run_name, redrive_count),
        source=event_source(data.connection or "", data.job or ""),
        type=event_type,
        subject=data.execution_id or run_name,
        time=data.detected_at,
        data=data,
    )


def _about(request: object, run: Run | None) -> dict[str, Any]:
    """By the run variable; without it by the input of the run, which somebody may have sent by hand."""
    if run:
        return {
            "connection": run.connection,
            "provider": run.provider,
            "job": run.job,
            "job_name": run.job_name,
            "execution_id": run.execution_id,
            "started_at": run.execution_started_at,
            "labels": run.labels,
        }
    asked = request if isinstance(request, Mapping) else {}
    return {
        "connection": _name(asked.get("connection", "default")),
        "job": _name(asked.get("job")),
        "labels": _labels(asked.get("labels")),
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
