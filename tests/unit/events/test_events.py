from datetime import UTC, datetime, timedelta

import pytest

from farsync.events.completion_event import CanceledBy, CompletionEvent, completion_event, event_source
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus
from farsync.model.run import Run

STARTED_AT = datetime(2025, 3, 21, 2, 12, 54, tzinfo=UTC)
ENDED_AT = STARTED_AT + timedelta(seconds=893)
DETECTED_AT = ENDED_AT + timedelta(seconds=12)
RUN = Run(
    name="a-run",
    started_at=STARTED_AT,
    deadline_at=STARTED_AT + timedelta(hours=1),
    connection="default",
    provider="naver",
    job="5Yns7JgRt25f",
    job_name="job001",
    execution_id="mY3275GiRXkm",
    labels={"team": "night"},
)


def an_execution(status: ExecutionStatus, provider_status: str, ended_at: datetime | None = ENDED_AT) -> Execution:
    return Execution(
        ref=ExecutionRef(connection="default", job="5Yns7JgRt25f", execution_id="mY3275GiRXkm"),
        status=status,
        provider_status=provider_status,
        started_at=STARTED_AT,
        ended_at=ended_at,
        log_paths=("bucket/logs/console/a.log",),
    )


def told(
    execution: Execution,
    run: Run = RUN,
    detected_at: datetime = DETECTED_AT,
    canceled_by: CanceledBy | None = None,
    estimated_cost_usd: float | None = None,
) -> CompletionEvent:
    return completion_event(
        run,
        execution,
        provider="naver",
        account="host",
        detected_at=detected_at,
        polls=3,
        canceled_by=canceled_by,
        estimated_cost_usd=estimated_cost_usd,
    )


@pytest.mark.parametrize(
    ("status", "word", "event_type", "error"),
    [
        (ExecutionStatus.SUCCEEDED, "COMPLETED", "io.farsync.execution.succeeded", None),
        (ExecutionStatus.FAILED, "FAILED", "io.farsync.execution.failed", "ExecutionFailed"),
        (ExecutionStatus.CANCELED, "CANCELED", "io.farsync.execution.canceled", "ExecutionCanceled"),
    ],
)
def test_the_type_says_how_the_execution_ended(
    status: ExecutionStatus, word: str, event_type: str, error: str | None
) -> None:
    event = told(an_execution(status, word))
    assert event.type == event_type
    assert event.data.provider_status == word
    assert (event.data.error.name if event.data.error else None) == error


def test_what_the_run_cost_is_there_where_a_run_followed_the_execution() -> None:
    succeeded = an_execution(ExecutionStatus.SUCCEEDED, "COMPLETED")
    assert told(succeeded, estimated_cost_usd=0.0007).data.estimated_cost_usd == 0.0007
    assert told(succeeded).data.estimated_cost_usd is None


def test_a_cancel_by_us_at_the_deadline_is_a_time_out_and_confirmed() -> None:
    event = told(an_execution(ExecutionStatus.CANCELED, "CANCELED"), canceled_by="deadline")
    assert event.type == "io.farsync.execution.timed_out"
    assert event.data.status is ExecutionStatus.TIMED_OUT
    assert event.data.provider_status == "CANCELED"
    assert event.data.cancel_confirmed is True
    assert event.data.error is not None
    assert event.data.error.name == "DeadlineExceeded"


def test_a_cancel_by_us_after_an_abort_stays_a_cancel_and_is_confirmed() -> None:
    event = told(an_execution(ExecutionStatus.CANCELED, "CANCELED"), canceled_by="abort")
    assert event.type == "io.farsync.execution.canceled"
    assert event.data.status is ExecutionStatus.CANCELED
    assert event.data.cancel_confirmed is True
    assert event.data.error is not None
    assert event.data.error.name == "ExecutionCanceled"
    assert event.data.error.message == "the run was aborted, and its execution cancelled"


def test_an_execution_that_failed_before_an_abort_took_hold_is_reported_as_failed() -> None:
    event = told(an_execution(ExecutionStatus.FAILED, "FAILED"), canceled_by="abort")
    assert event.type == "io.farsync.execution.failed"
    assert event.data.cancel_confirmed is False
    assert event.data.error is not None
    assert "the execution ended as FAILED" in event.data.error.message


def test_an_execution_that_succeeded_before_our_cancel_took_hold_is_reported_as_succeeded() -> None:
    event = told(an_execution(ExecutionStatus.SUCCEEDED, "COMPLETED"), canceled_by="deadline")
    assert event.type == "io.farsync.execution.succeeded"
    assert event.data.cancel_confirmed is False


def test_the_event_carries_what_a_consumer_needs_without_calling_back() -> None:
    data = told(an_execution(ExecutionStatus.SUCCEEDED, "COMPLETED")).model_dump(
        mode="json", by_alias=True, exclude_none=True
    )["data"]
    assert data == {
        "connection": "default",
        "provider": "naver",
        "job": "5Yns7JgRt25f",
        "jobName": "job001",
        "executionId": "mY3275GiRXkm",
        "runName": "a-run",
        "labels": {"team": "night"},
        "status": "SUCCEEDED",
        "providerStatus": "COMPLETED",
        "startedAt": "2025-03-21T02:12:54Z",
        "endedAt": "2025-03-21T02:27:47Z",
        "durationSeconds": 893.0,
        "detectedAt": "2025-03-21T02:27:59Z",
        "detectionDelaySeconds": 12.0,
        "polls": 3,
        "logPaths": ["bucket/logs/console/a.log"],
    }


def test_a_provider_clock_ahead_of_ours_makes_no_negative_delay() -> None:
    event = told(an_execution(ExecutionStatus.SUCCEEDED, "COMPLETED"), detected_at=ENDED_AT - timedelta(seconds=2))
    assert event.data.detection_delay_seconds == 0


def test_an_end_without_a_time_is_reported_with_the_time_of_knowing() -> None:
    event = told(an_execution(ExecutionStatus.FAILED, "FAILED", ended_at=None))
    assert event.time == DETECTED_AT
    assert event.data.detection_delay_seconds is None


def test_whoever_says_an_end_and_whenever_its_id_is_the_same() -> None:
    execution = an_execution(ExecutionStatus.SUCCEEDED, "COMPLETED")
    watcher = RUN.model_copy(update={"name": "another-run"})
    assert told(execution).id == told(execution, watcher, DETECTED_AT + timedelta(days=3)).id


def test_the_source_is_a_uri_whatever_the_job_is_called() -> None:
    assert event_source("default", "야간 적재/1") == "urn:farsync:default:%EC%95%BC%EA%B0%84%20%EC%A0%81%EC%9E%AC%2F1"
