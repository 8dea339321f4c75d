"""The cause with which a run fails: the event's data, as long as Step Functions takes them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from farsync.events import completion_event
from farsync.providers.huawei_decoding import decode_instance
from farsync.run import Run
from sandbox.aws.moto_mends.jsonata_evaluation import evaluate
from tests.support.transitions import definition

LONGEST_CAUSE = 32_768
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_ExecutionFailedEventDetails.html"""
BEGAN_AT = datetime(2026, 1, 15, 8, tzinfo=UTC)
MILLISECONDS = round(BEGAN_AT.timestamp() * 1000)
LONG_NAMES = ("daily_load_of_the_warehouse", "load_customer_orders_{:02}")
LONGEST_NAMES = ("j" * 128, "n" * 126 + "{:02}")


def failed_run(
    names: tuple[str, str] = LONG_NAMES, labels: dict[str, str] | None = None, reason: str | None = None
) -> dict[str, Any]:
    """The data of an event about sixty nodes, of which one failed."""
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
    execution = decode_instance(body.encode(), "default", job).model_copy(update={"failure_reason": reason})
    run = Run(started_at=BEGAN_AT, deadline_at=BEGAN_AT, connection="default", provider="huawei", job=job)
    event = completion_event(
        run,
        execution,
        provider="huawei",
        account="a",
        labels=labels or {},
        detected_at=BEGAN_AT + timedelta(minutes=2),
    )
    told: dict[str, Any] = event.model_dump(mode="json", by_alias=True, exclude_none=True)["data"]
    return told


def cause_of(data: dict[str, Any]) -> str:
    expression = definition("run_job")["States"]["Failed"]["Cause"]
    cause: str = evaluate(expression.strip().removeprefix("{%").removesuffix("%}"), {"event": {"data": data}})
    return cause


def test_fifty_nodes_with_ordinary_long_names_are_told_whole() -> None:
    data = failed_run(reason="r" * 500)

    cause = cause_of(data)

    assert len(data["nodes"]) == 50
    assert json.loads(cause) == data
    assert len(cause) <= LONGEST_CAUSE


@pytest.mark.parametrize(
    "data",
    [failed_run(LONGEST_NAMES), failed_run(labels={f"label {number}": "x" * 1000 for number in range(50)})],
    ids=["the longest names", "long labels"],
)
def test_a_longer_cause_leaves_out_what_is_long(data: dict[str, Any]) -> None:
    cause = cause_of(data)

    assert json.loads(cause) == {
        name: value for name, value in data.items() if name not in ("labels", "logPaths", "nodes")
    }
    assert len(cause) <= LONGEST_CAUSE


def test_a_message_that_would_fill_a_cause_is_cut_and_the_cause_still_json() -> None:
    data = failed_run(reason='"' * 40_000)

    cause = cause_of(data)

    assert json.loads(cause)["error"] == {"name": "ExecutionFailed", "message": data["error"]["message"][:4000]}
    assert len(cause) <= LONGEST_CAUSE


def test_a_run_without_an_execution_has_its_candidates_in_the_event_alone() -> None:
    candidates = [{"executionId": "x" * 100, "vendorStatus": "running"} for _ in range(400)]
    error = {"name": "AmbiguousStart", "message": "which is ours?"}

    cause = cause_of({"job": "daily", "candidates": candidates, "error": error})

    assert json.loads(cause) == {"job": "daily", "error": error}
