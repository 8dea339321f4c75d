"""What a completion event says of an end: numbers, nodes, and a sentence for people."""

from datetime import UTC, datetime, timedelta

import pytest

from farsync.events.completion_event import CanceledBy, CompletionEvent, completion_event, event_source
from farsync.events.texts import LONGEST_MESSAGE
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus, NodeResult
from farsync.model.names import execution_event_id
from farsync.model.run import Run

STARTED_AT = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)
ENDED_AT = STARTED_AT + timedelta(minutes=10)
RUN = Run(
    name="a-run",
    started_at=STARTED_AT,
    deadline_at=STARTED_AT + timedelta(hours=1),
    connection="default",
    provider="huawei",
    job="daily",
    execution_id="4711",
)
EXECUTION = Execution(
    ref=ExecutionRef(connection="default", job="daily", execution_id="4711"),
    status=ExecutionStatus.FAILED,
    provider_status="fail",
    started_at=STARTED_AT,
    ended_at=ENDED_AT,
)
FAILED_NODE = NodeResult(name="load", type="DWSSQL", status=ExecutionStatus.FAILED, provider_status="fail")
SOUND_NODE = NodeResult(name="check", type="Dummy", status=ExecutionStatus.SUCCEEDED, provider_status="success")


def told(
    run: Run = RUN, detected_at: datetime = ENDED_AT, canceled_by: CanceledBy | None = None, **changes: object
) -> CompletionEvent:
    execution = EXECUTION.model_copy(update=changes)
    return completion_event(
        run, execution, provider="huawei", account="project", detected_at=detected_at, canceled_by=canceled_by
    )


def message(**changes: object) -> str:
    error = told(**changes).data.error  # type: ignore[arg-type]
    assert error
    return error.message


def test_its_subject_is_the_execution_and_its_time_that_of_the_end() -> None:
    event = told()

    assert event.subject == "4711"
    assert event.time == ENDED_AT


def test_one_attempt_of_an_execution_has_one_id_however_its_end_is_corrected() -> None:
    corrected = told(ended_at=ENDED_AT + timedelta(seconds=1), status=ExecutionStatus.SUCCEEDED)

    assert told().id == corrected.id == execution_event_id("huawei", "project", "daily", "4711")


def test_an_execution_that_its_provider_ran_again_has_an_event_of_its_own() -> None:
    assert told(attempt="1768464000001").id != told(attempt="1768464000000").id


def test_where_a_parameter_is_a_secret_the_providers_reason_is_left_out() -> None:
    secretive = RUN.model_copy(update={"has_secret_parameters": True})

    assert message(run=secretive, failure_reason="password 'hunter2' is wrong") == "the execution ended as fail"


def test_a_message_is_bounded() -> None:
    assert len(message(failure_reason="r" * 10_000)) == LONGEST_MESSAGE


def test_a_delay_is_reported_to_the_millisecond() -> None:
    assert told(detected_at=ENDED_AT + timedelta(seconds=2, microseconds=123_456)).data.detection_delay_seconds == 2.123


@pytest.mark.parametrize("kind", ["forced", "failure_ignored"])
def test_a_success_that_is_none_of_its_own_says_so(kind: str) -> None:
    assert told(status=ExecutionStatus.SUCCEEDED, success_kind=kind).data.success_kind == kind


def test_nodes_are_reported_and_counted() -> None:
    data = told(nodes=(FAILED_NODE, SOUND_NODE)).data

    assert data.nodes == (FAILED_NODE, SOUND_NODE)
    assert data.nodes_total == 2


def test_of_many_nodes_the_first_fifty_are_reported_and_all_are_counted() -> None:
    data = told(nodes=(FAILED_NODE, *[SOUND_NODE] * 59)).data

    assert data.nodes == (FAILED_NODE, *[SOUND_NODE] * 49)
    assert data.nodes_total == 60


def test_where_a_provider_knows_no_nodes_the_event_does_not_either() -> None:
    data = told().data

    assert data.nodes is None
    assert data.nodes_total is None


def test_a_failure_is_reported_with_its_node_its_reason_and_the_log_of_that_node() -> None:
    failed = FAILED_NODE.model_copy(update={"log_path": "logs/load.log"})
    sound = SOUND_NODE.model_copy(update={"log_path": "logs/check.log"})
    logs = ("logs/load.log", "logs/check.log")

    assert message(nodes=(failed, sound), failure_reason="no such table", log_paths=logs) == (
        "the execution ended as fail; node load failed; no such table; its log: logs/load.log"
    )


def test_a_failure_without_nodes_is_reported_with_the_logs_of_the_execution() -> None:
    assert message() == "the execution ended as fail"
    assert message(log_paths=("logs/a.log", "logs/b.log")) == (
        "the execution ended as fail; its log: logs/a.log, logs/b.log"
    )


def test_where_no_node_failed_or_the_failed_one_has_no_log_none_is_named() -> None:
    sound = SOUND_NODE.model_copy(update={"log_path": "logs/check.log"})

    assert message(nodes=(sound,), log_paths=("logs/check.log",)) == "the execution ended as fail"
    assert message(nodes=(FAILED_NODE, sound), log_paths=("logs/check.log",)) == (
        "the execution ended as fail; node load failed"
    )


def test_a_time_out_is_reported_with_the_time_that_the_run_had() -> None:
    assert message(canceled_by="deadline", status=ExecutionStatus.CANCELED) == (
        "the run passed its deadline of 3600 s, and its execution was cancelled"
    )


def test_an_abort_is_reported_as_one() -> None:
    assert (
        message(canceled_by="abort", status=ExecutionStatus.CANCELED)
        == "the run was aborted, and its execution cancelled"
    )
    assert message(canceled_by="abort", provider_status="fail") == "the execution ended as fail"


def test_connection_and_job_stand_in_the_source_as_javascript_would_encode_them() -> None:
    assert event_source("a!b*c'd(e)/f", "g!h*i'j(k)/l") == "urn:farsync:a!b*c'd(e)%2Ff:g!h*i'j(k)%2Fl"
