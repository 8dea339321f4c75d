"""Events as JSON: no longer than a queue takes, and without the characters that it rejects."""

import json
from collections.abc import Callable
from typing import Any

from farsync.events.completion_event import CloudEvent, CompletionEvent
from farsync.model.texts import queue_text

LARGEST_EVENT_BYTES = 150_000
"""As text within JSON, as which a task sends it. A task takes 262,144 bytes, and gives no more: one of another state
machine that has waited for a run gives the request, of LARGEST_REQUEST_BYTES, and the event's data.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""
LONGEST_CAUSE = 32_768
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html"""
LEFT_OUT: tuple[dict[str, Any], ...] = (
    {"nodes": None, "logPaths": []},
    {"candidates": None},
    {"labels": {}},
)
"""What an event that is too large does without, in this order; None where the field is left out."""


def json_text(content: object) -> str:
    """JSON that Step Functions and SQS take, whatever stands in its texts."""
    # Control characters are escaped; all others stand for themselves, so that names can be read.
    return queue_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")))


def bytes_within_json(text: str) -> int:
    """Of the text in quotes: its own quotes and backslashes have a backslash before them."""
    return len(json.dumps(text, ensure_ascii=False).encode())


def event_document(event: CloudEvent) -> dict[str, Any]:
    """The event as an object ready for JSON, its data of LARGEST_EVENT_BYTES at most."""
    document: dict[str, Any] = json.loads(json_text(event.model_dump(mode="json", by_alias=True, exclude_none=True)))
    fitting = _fitting(document["data"], lambda text: bytes_within_json(text) <= LARGEST_EVENT_BYTES)
    return {**document, "data": fitting}


def success_output(event: CompletionEvent) -> str:
    """What a run that succeeds answers: the event's data, and its id."""
    return json_text({**event_document(event)["data"], "eventId": event.id})


def failure_cause(event: CompletionEvent, *, final: bool) -> str:
    """The cause with which a run fails: the event's data, and whether anything is left to be done for the run."""
    marks = {"eventId": event.id, "final": final}
    return json_text(_fitting({**event_document(event)["data"], **marks}, lambda text: len(text) <= LONGEST_CAUSE))


def _fitting(data: dict[str, Any], fits: Callable[[str], bool]) -> dict[str, Any]:
    for less in LEFT_OUT:
        if fits(json_text(data)):
            break
        present = {name: value for name, value in less.items() if name in data}
        data = {name: value for name, value in {**data, **present}.items() if value is not None}
    return data
