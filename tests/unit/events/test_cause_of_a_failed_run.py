"""The cause with which a run fails: the event's data, as long as Step Functions takes them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from farsync.events.completion_event import CompletionEvent, EventError, completion_event
from farsync.events.event_json import LARGEST_EVENT_BYTES, event_document, failure_cause
from farsync.events.run_event import run_failed_event
from farsync.model.execution import Candidate
from farsync.model.run import Run
from farsync.providers.huawei.decoding import decode_instance

LONGEST_CAUSE = 32_768
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_ExecutionFailedEventDetails.html"""
BEGAN_AT = datetime(2026, 1, 15, 8, tzinfo=UTC)
MILLISECONDS = round(BEGAN_AT.timestamp() * 1000)
LONG_NAMES = ("daily_load_of_the_warehouse", "load_customer_orders_{:02}")
LONGEST_NAMES = ("j" * 128, "n" * 126 + "{:02}")


def failed_run(
    names: tuple[str, str] = LONG_NAMES, labels: dict[str, str] | None = None, reason: str | None = None
) -> CompletionEvent:
    """The event of an execution of sixty nodes, of which one failed."""
    job, node = names

    def shown(number: int) -> dict[str, Any]:
        name = node.format(number)
        folder = f"obs://dlf-log-b384b9e9ab9b4ee8994c8633aabc9505/{job}/2026-01-15 08_00_00.000"
        return {
            "nodeName": name,
            "status": "fail" if number == 7 else "success",
            "planTime": MILLISECONDS,
            "startTime": MILLISECONDS + 1,
            "endTime": MILLISECONDS + 1001,
            "type": "DLI SQL",
            "retryTimes": 0,
            "inputRowCount": 123_456_789,
            "speed": 12345.678,
            "logPath": f"{folder}/{name}/{name}.job",
        }

    instance = {"instanceId": 34765, "status": "fail", "planTime": MILLISECONDS, "startTime": MILLISECONDS}
    body = json.dumps({**instance, "endTime": MILLISECONDS + 60_000, "nodes": [shown(number) for number in range(60)]})
    execution = decode_instance(body.encode(), "default", job, "34765").model_copy(update={"failure_reason": reason})
    run = Run(
        started_at=BEGAN_AT,
        deadline_at=BEGAN_AT,
        connection="default",
        provider="huawei",
        job=job,
        labels=labels or {},
    )
    detected_at = BEGAN_AT + timedelta(minutes=2)
    return completion_event(run, execution, provider="huawei", account="a", detected_at=detected_at)


def data_of(event: CompletionEvent) -> dict[str, Any]:
    data: dict[str, Any] = event_document(event)["data"]
    return data


def cause_of(event: CompletionEvent) -> dict[str, Any]:
    text = failure_cause(event, final=True)
    assert len(text) <= LONGEST_CAUSE
    cause: dict[str, Any] = json.loads(text)
    assert (cause.pop("eventId"), cause.pop("final")) == (event.id, True)
    return cause


def test_fifty_nodes_with_ordinary_long_names_are_reported_whole() -> None:
    event = failed_run(reason="r" * 500)

    assert len(data_of(event)["nodes"]) == 50
    assert cause_of(event) == data_of(event)


def test_a_longer_cause_leaves_out_its_nodes_and_logs() -> None:
    event = failed_run(LONGEST_NAMES, labels={"team": "night"})

    whole = data_of(event)
    assert cause_of(event) == {name: value for name, value in whole.items() if name != "nodes"} | {"logPaths": []}


def test_labels_that_would_fill_a_cause_are_left_out() -> None:
    event = failed_run(labels={f"label {number}": "x" * 1000 for number in range(50)})

    cause = cause_of(event)

    assert cause["labels"] == {}
    assert cause["error"] == data_of(event)["error"]


def test_the_longest_message_fits_into_a_cause() -> None:
    cause = cause_of(failed_run(reason="\x00" * 40_000))

    assert cause["error"]["name"] == "ExecutionFailed"


def test_an_execution_of_countless_nodes_and_labels_gives_an_event_that_a_queue_takes() -> None:
    event = failed_run(("야" * 128, "노" * 120 + "{:02}"), labels={f"label {n}": "라" * 2000 for n in range(50)})

    assert len(json.dumps(event_document(event), ensure_ascii=False).encode()) < LARGEST_EVENT_BYTES + 5_000


def test_a_run_without_an_execution_has_its_candidates_in_the_event_alone() -> None:
    event = run_failed_event(
        run_name="a-run",
        redrive_count=0,
        request={"job": "daily"},
        run=None,
        error=EventError(name="AmbiguousStart", message="which is ours?"),
        detected_at=BEGAN_AT,
        candidates=[Candidate(execution_id="x" * 4000, provider_status="running") for _ in range(10)],
        region="",
    )

    assert len(data_of(event)["candidates"]) == 10
    assert "candidates" not in cause_of(event)
