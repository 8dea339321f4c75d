"""The cause with which a run fails: the event's data, as long as Step Functions takes them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from farsync.events.completion_event import CompletionEvent, EventError, completion_event
from farsync.events.event_json import LARGEST_EVENT_BYTES, LONGEST_CAUSE, event_document, failure_cause, success_output
from farsync.events.run_event import run_failed_event
from farsync.model.execution import Candidate, ExecutionStatus, NodeResult
from farsync.model.run_request import LARGEST_REQUEST_BYTES
from tests.unit.models import a_run, an_execution

BEGAN_AT = datetime(2026, 1, 15, 8, tzinfo=UTC)
LARGEST_STATE_BYTES = 262_144
"""https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""
LONG_NAMES = ("daily_load_of_the_warehouse", "load_customer_orders_{:02}")
LONGEST_NAMES = ("j" * 128, "n" * 126 + "{:02}")


def failed_run(
    names: tuple[str, str] = LONG_NAMES, labels: dict[str, str] | None = None, reason: str | None = None
) -> CompletionEvent:
    """The event of an execution of sixty nodes, of which one failed."""
    job, node = names
    folder = f"obs://dlf-log-b384b9e9ab9b4ee8994c8633aabc9505/{job}/2026-01-15 08_00_00.000"
    nodes = tuple(
        NodeResult(
            name=node.format(number),
            type="DLI SQL",
            status=ExecutionStatus.SUCCEEDED if number else ExecutionStatus.FAILED,
            provider_status="success" if number else "fail",
            started_at=BEGAN_AT,
            ended_at=BEGAN_AT + timedelta(seconds=1),
            retries=0,
            input_rows=123_456_789,
            rows_per_second=12345.678,
            log_path=f"{folder}/{node.format(number)}/{node.format(number)}.job",
        )
        for number in range(60)
    )
    execution = an_execution(
        status=ExecutionStatus.FAILED,
        started_at=BEGAN_AT,
        ended_at=BEGAN_AT + timedelta(minutes=1),
        nodes=nodes,
        log_paths=tuple(str(node.log_path) for node in nodes[:50]),
        failure_reason=reason,
    )
    run = a_run(job=job, labels=labels or {})
    detected_at = BEGAN_AT + timedelta(minutes=2)
    return completion_event(run, execution, provider="huawei", account="a", detected_at=detected_at)


def read_data(event: CompletionEvent) -> dict[str, Any]:
    data: dict[str, Any] = event_document(event)["data"]
    return data


def read_cause(event: CompletionEvent) -> dict[str, Any]:
    text = failure_cause(event, final=True)
    assert len(text) <= LONGEST_CAUSE == 32_768
    cause: dict[str, Any] = json.loads(text)
    assert (cause.pop("eventId"), cause.pop("final")) == (event.id, True)
    return cause


@pytest.mark.parametrize(
    ("event", "left_out"),
    [
        (failed_run(reason="r" * 500), []),
        (failed_run(LONGEST_NAMES, labels={"team": "night"}), ["logPaths", "nodes"]),
        (failed_run(labels={f"{n}": "x" * 1000 for n in range(50)}), ["labels", "logPaths", "nodes"]),
        (failed_run(reason="\x00" * 40_000), ["logPaths", "nodes"]),
    ],
    ids=["ordinary long names", "the longest names", "labels", "the longest message"],
)
def test_a_long_cause_leaves_out_nodes_and_logs_and_then_labels(event: CompletionEvent, left_out: list[str]) -> None:
    cause, whole = read_cause(event), read_data(event)
    assert len(whole["nodes"]) == 50
    assert sorted(name for name in whole if cause.get(name) != whole[name]) == left_out
    assert not any(cause.get(name) for name in left_out)


def test_an_execution_of_countless_nodes_and_labels_gives_an_event_that_a_queue_takes() -> None:
    event = failed_run(("야" * 128, "노" * 120 + "{:02}"), labels={f"label {n}": "라" * 2000 for n in range(50)})
    assert len(json.dumps(event_document(event), ensure_ascii=False).encode()) < LARGEST_EVENT_BYTES + 5_000


@pytest.mark.parametrize("letter", ["x", "야", '"', "\\", "\x01"])
def test_an_event_fits_into_the_task_that_sends_it_and_beside_the_request_in_a_parents_result(letter: str) -> None:
    """As text within JSON, where quotes and backslashes double once more."""
    event = failed_run((letter * 128, letter * 126 + "{:02}"), labels={f"{n}": letter * 160 for n in range(50)})
    body = json.dumps(event_document(event), ensure_ascii=False, separators=(",", ":"))
    assert len(json.dumps({"MessageBody": body}, ensure_ascii=False).encode()) < LARGEST_STATE_BYTES
    assert len(success_output(event).encode()) + LARGEST_REQUEST_BYTES + 2_000 < LARGEST_STATE_BYTES


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
    assert len(read_data(event)["candidates"]) == 10
    assert "candidates" not in read_cause(event)
