"""What an event about an execution says: its end, or that it waits for a person."""

from datetime import UTC, datetime, timedelta

import pytest

from farsync.events.completion_event import CompletionEvent, attention_event, completion_event, event_source
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus, NodeResult
from farsync.model.names import attention_event_id, execution_event_id
from farsync.model.run import Run

SUCCEEDED, FAILED, CANCELED = ExecutionStatus.SUCCEEDED, ExecutionStatus.FAILED, ExecutionStatus.CANCELED
STARTED_AT = datetime(2025, 3, 21, 2, 12, 54, tzinfo=UTC)
ENDED_AT = STARTED_AT + timedelta(seconds=893)
DETECTED_AT = ENDED_AT + timedelta(seconds=12)
RUN = Run(
    name="a-run",
    started_at=STARTED_AT,
    deadline_at=STARTED_AT + timedelta(hours=1),
    connection="night",
    provider="huawei",
    job="야간",
    job_name="job001",
    execution_id="4711",
    labels={"team": "night"},
)
EXECUTION = Execution(
    ref=ExecutionRef(connection="night", job="야간", execution_id="4711"),
    status=FAILED,
    provider_status="fail",
    started_at=STARTED_AT,
    ended_at=ENDED_AT,
)
FAILED_NODE = NodeResult(name="load", type="DWSSQL", status=FAILED, provider_status="fail")
SOUND_NODE = NodeResult(name="check", type="Dummy", status=SUCCEEDED, provider_status="success")
LOAD, CHECK = "logs/load.log", "logs/check.log"
DATA = {
    "connection": "night",
    "provider": "huawei",
    "job": "야간",
    "jobName": "job001",
    "executionId": "4711",
    "runName": "a-run",
    "labels": {"team": "night"},
    "startedAt": "2025-03-21T02:12:54Z",
    "detectedAt": "2025-03-21T02:27:59Z",
    "polls": 3,
}


def ended(
    run: Run = RUN,
    detected_at: datetime = DETECTED_AT,
    canceled_by: str | None = None,
    cost: float | None = None,
    **changes: object,
) -> CompletionEvent:
    return completion_event(
        run,
        EXECUTION.model_copy(update=changes),
        provider="huawei",
        account="project",
        detected_at=detected_at,
        polls=3,
        canceled_by=canceled_by,  # type: ignore[arg-type]
        estimated_cost_usd=cost,
    )


def message(**changes: object) -> str:
    error = ended(**changes).data.error  # type: ignore[arg-type]
    assert error
    return error.message


def dumped(event: CompletionEvent) -> dict[str, object]:
    data: dict[str, object] = event.data.model_dump(mode="json", by_alias=True, exclude_none=True)
    return data


def test_the_event_carries_what_a_consumer_needs_without_calling_back() -> None:
    event = ended(status=SUCCEEDED, provider_status="success", log_paths=(LOAD,), cost=0.0007)
    assert (event.source, event.subject) == ("urn:farsync:night:%EC%95%BC%EA%B0%84", "4711")
    assert event.time == ENDED_AT
    assert dumped(event) == {
        **DATA,
        "status": "SUCCEEDED",
        "providerStatus": "success",
        "endedAt": "2025-03-21T02:27:47Z",
        "durationSeconds": 893.0,
        "detectionDelaySeconds": 12.0,
        "estimatedCostUsd": 0.0007,
        "logPaths": [LOAD],
    }


@pytest.mark.parametrize(
    ("status", "canceled_by", "event_type", "error", "is_confirmed"),
    [
        (SUCCEEDED, None, "succeeded", None, None),
        (SUCCEEDED, "deadline", "succeeded", None, False),
        (FAILED, None, "failed", "ExecutionFailed", None),
        (FAILED, "abort", "failed", "ExecutionFailed", False),
        (CANCELED, None, "canceled", "ExecutionCanceled", None),
        (CANCELED, "abort", "canceled", "ExecutionCanceled", True),
        (CANCELED, "deadline", "timed_out", "DeadlineExceeded", True),
    ],
)
def test_the_type_says_how_the_execution_ended(
    status: ExecutionStatus, canceled_by: str | None, event_type: str, error: str | None, is_confirmed: bool | None
) -> None:
    event = ended(status=status, canceled_by=canceled_by)
    assert event.type == f"io.farsync.execution.{event_type}"
    assert event.data.status == event_type.upper()
    assert event.data.provider_status == "fail"
    assert (event.data.error.name if event.data.error else None) == error
    assert event.data.cancel_confirmed is is_confirmed


@pytest.mark.parametrize(
    ("detected_at", "delay"),
    [
        (ENDED_AT + timedelta(seconds=2, microseconds=123_456), 2.123),
        (ENDED_AT - timedelta(seconds=2), 0),
    ],
    ids=["to the millisecond", "a provider's clock ahead of ours"],
)
def test_the_delay_of_a_detection_is_reported_and_never_negative(detected_at: datetime, delay: float) -> None:
    assert ended(detected_at=detected_at).data.detection_delay_seconds == delay


def test_an_end_without_a_time_is_reported_with_the_time_of_its_detection() -> None:
    event = ended(ended_at=None)
    assert (event.time, event.data.detection_delay_seconds) == (DETECTED_AT, None)


def test_an_attempt_of_an_execution_has_an_id_whoever_reports_its_end_and_however_it_is_corrected() -> None:
    watcher = RUN.model_copy(update={"name": "another-run"})
    later = DETECTED_AT + timedelta(days=3)
    corrected = ended(watcher, later, ended_at=ENDED_AT + timedelta(seconds=1), status=SUCCEEDED)
    assert ended().id == corrected.id == execution_event_id("huawei", "project", "야간", "4711")
    assert ended(attempt="1768464000001").id != ended(attempt="1768464000000").id


@pytest.mark.parametrize("kind", ["forced", "failure_ignored"])
def test_a_success_that_is_none_of_its_own_says_so(kind: str) -> None:
    assert ended(status=SUCCEEDED, success_kind=kind).data.success_kind == kind


@pytest.mark.parametrize(
    ("nodes", "shown", "total"),
    [
        ((), None, None),
        ((FAILED_NODE, SOUND_NODE), (FAILED_NODE, SOUND_NODE), 2),
        ((FAILED_NODE, *[SOUND_NODE] * 59), (FAILED_NODE, *[SOUND_NODE] * 49), 60),
    ],
    ids=["none", "two", "sixty"],
)
def test_the_first_fifty_nodes_are_reported_and_all_are_counted(
    nodes: tuple[NodeResult, ...], shown: tuple[NodeResult, ...] | None, total: int | None
) -> None:
    data = ended(nodes=nodes).data
    assert (data.nodes, data.nodes_total) == (shown, total)


def with_log(node: NodeResult, path: str) -> NodeResult:
    return node.model_copy(update={"log_path": path})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "the execution ended as fail"),
        ({"log_paths": (LOAD, CHECK)}, f"the execution ended as fail; its log: {LOAD}, {CHECK}"),
        (
            {
                "nodes": (with_log(FAILED_NODE, LOAD), with_log(SOUND_NODE, CHECK)),
                "failure_reason": "no such table",
                "log_paths": (LOAD, CHECK),
            },
            f"the execution ended as fail; node load failed; no such table; its log: {LOAD}",
        ),
        ({"nodes": (with_log(SOUND_NODE, CHECK),), "log_paths": (CHECK,)}, "the execution ended as fail"),
        ({"nodes": (FAILED_NODE, with_log(SOUND_NODE, CHECK))}, "the execution ended as fail; node load failed"),
        (
            {"run": RUN.model_copy(update={"has_secret_parameters": True}), "failure_reason": "'hunter2' is wrong"},
            "the execution ended as fail",
        ),
        (
            {"canceled_by": "deadline", "status": CANCELED},
            "the run passed its deadline of 3600 s, and its execution was cancelled",
        ),
        ({"canceled_by": "abort", "status": CANCELED}, "the run was aborted, and its execution cancelled"),
        ({"canceled_by": "abort"}, "the execution ended as fail"),
    ],
    ids=[
        *("nothing known", "logs of the execution", "node, reason and the node's log", "no node failed"),
        *("no log of the node", "a secret parameter", "deadline", "abort", "failed before the abort"),
    ],
)
def test_a_sentence_says_why_it_did_not_succeed(changes: dict[str, object], words: str) -> None:
    assert message(**changes) == words


def waiting(run: Run = RUN, word: str = "pause", polls: int = 3) -> CompletionEvent:
    changes = {"status": ExecutionStatus.RUNNING, "provider_status": word, "attention_reason": "a node is paused"}
    execution = EXECUTION.model_copy(update=changes)
    return attention_event(run, execution, provider="huawei", detected_at=DETECTED_AT, polls=polls)


def test_an_execution_that_waits_for_a_person_says_why_and_no_end() -> None:
    event = waiting()
    assert event.type == "io.farsync.execution.needs_attention"
    assert (event.source, event.subject) == ("urn:farsync:night:%EC%95%BC%EA%B0%84", "4711")
    assert event.time == DETECTED_AT
    assert dumped(event) == {**DATA, "providerStatus": "pause", "logPaths": [], "attention": "a node is paused"}


def test_each_state_of_a_run_that_waits_for_a_person_has_an_id_of_its_own() -> None:
    assert waiting().id == waiting(polls=9).id == attention_event_id("a-run", "4711", "pause")
    assert waiting(word="freeze").id != waiting().id
    nameless = RUN.model_copy(update={"name": None})
    assert waiting(nameless).id == attention_event_id("", "4711", "pause")


def test_connection_and_job_stand_in_the_source_as_javascript_would_encode_them() -> None:
    assert event_source("a!b*c'd(e)/f", "g!h*i'j(k)/l") == "urn:farsync:a!b*c'd(e)%2Ff:g!h*i'j(k)%2Fl"
