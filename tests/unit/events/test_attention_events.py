"""The event of an execution that waits for a person."""

from datetime import UTC, datetime, timedelta

import pytest

from farsync.events.completion_event import CompletionEvent, attention_event
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus
from farsync.model.names import attention_event_id
from farsync.model.run import Run

STARTED_AT = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)
DETECTED_AT = STARTED_AT + timedelta(minutes=5)
RUN = Run(
    name="a-run",
    started_at=STARTED_AT,
    deadline_at=STARTED_AT + timedelta(hours=1),
    connection="night",
    provider="huawei",
    job="야간",
    execution_id="4711",
    labels={"team": "night"},
)
EXECUTION = Execution(
    ref=ExecutionRef(connection="night", job="야간", execution_id="4711"),
    status=ExecutionStatus.RUNNING,
    provider_status="manual-stop",
    attention_reason="somebody stopped it by hand",
    started_at=STARTED_AT,
)


def told(run: Run = RUN, execution: Execution = EXECUTION, polls: int = 2) -> CompletionEvent:
    return attention_event(run, execution, provider="huawei", detected_at=DETECTED_AT, polls=polls)


def test_it_is_no_completion_and_names_the_execution_and_the_moment_of_knowing() -> None:
    event = told()

    assert event.type == "io.farsync.execution.needs_attention"
    assert (event.source, event.subject) == ("urn:farsync:night:%EC%95%BC%EA%B0%84", "4711")
    assert event.time == DETECTED_AT


def test_it_says_why_the_execution_waits_and_no_end() -> None:
    assert told().data.model_dump(mode="json", by_alias=True, exclude_none=True) == {
        "connection": "night",
        "provider": "huawei",
        "job": "야간",
        "executionId": "4711",
        "runName": "a-run",
        "labels": {"team": "night"},
        "providerStatus": "manual-stop",
        "startedAt": "2026-01-15T08:00:00Z",
        "detectedAt": "2026-01-15T08:05:00Z",
        "polls": 2,
        "logPaths": [],
        "attention": "somebody stopped it by hand",
    }


def test_one_state_of_one_run_has_one_id() -> None:
    assert told().id == attention_event_id("a-run", "4711", "manual-stop")
    assert told(polls=9).id == told().id


@pytest.mark.parametrize(
    "other",
    [
        (RUN.model_copy(update={"name": "another-run"}), EXECUTION),
        (RUN, EXECUTION.model_copy(update={"provider_status": "freeze"})),
    ],
    ids=["another run", "another state"],
)
def test_another_run_or_another_state_has_another_id(other: tuple[Run, Execution]) -> None:
    assert told(*other).id != told().id


def test_an_execution_that_is_watched_without_a_run_of_ours_waits_under_no_runs_name() -> None:
    assert told(RUN.model_copy(update={"name": None})).id == attention_event_id("", "4711", "manual-stop")
