from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.main_job.aws_client import Described
from sandbox.main_job.checks import check_events, check_parents, check_runs, collect_events
from sandbox.main_job.failure import MainJobFailed
from sandbox.main_job.run_observer import RunSight
from sandbox.main_job.triggers import StartedRun

RUN = StartedRun("naver", "state machine", "a-run", 5000, parent_arn="arn:parent")
SIGHT = RunSight(RUN, "SUCCEEDED", "COMPLETED", "mY3275GiRXkm", is_over=True)


def event(execution_id: str, end: str = "succeeded") -> dict[str, Any]:
    return {"type": f"io.farsync.execution.{end}", "data": {"executionId": execution_id}}


def check_parent(status: str, output: dict[str, Any]) -> None:
    parent = Described(status, datetime(2026, 3, 1, tzinfo=UTC), None, output, "States.TaskFailed")
    seconds = iter(range(100))
    check_parents([RUN], [SIGHT], lambda _: parent, lambda: next(seconds), lambda _: None)


def test_a_run_that_failed_is_reported_with_its_error_and_the_logs() -> None:
    failed = RunSight(RUN, "FAILED", "FAILED", "mY3275GiRXkm", is_over=True, error="ExecutionFailed: no such bucket")

    with pytest.raises(MainJobFailed, match="ended as FAILED: ExecutionFailed: no such bucket"):
        check_runs([SIGHT, failed])


def test_one_event_for_each_execution_is_what_is_due() -> None:
    check_runs([SIGHT])
    check_events([event("mY3275GiRXkm")], [SIGHT])


@pytest.mark.parametrize(
    "events",
    [
        [],
        [event("mY3275GiRXkm"), event("mY3275GiRXkm")],
        [event("another")],
        [event("mY3275GiRXkm", "failed")],
    ],
    ids=["none came", "one came twice", "of another execution", "of another end"],
)
def test_any_other_events_fail_the_main_job(events: list[dict[str, Any]]) -> None:
    with pytest.raises(MainJobFailed, match="1 completion events were due"):
        check_events(events, [SIGHT])


def test_the_waiting_state_machine_must_have_the_result_of_its_run() -> None:
    check_parent("SUCCEEDED", {"executionId": "mY3275GiRXkm"})

    with pytest.raises(MainJobFailed, match="another result"):
        check_parent("SUCCEEDED", {"executionId": "another"})


@pytest.mark.parametrize(("status", "reason"), [("FAILED", "ended as FAILED"), ("RUNNING", "did not notice")])
def test_a_waiting_state_machine_that_does_not_succeed_fails_the_main_job(status: str, reason: str) -> None:
    with pytest.raises(MainJobFailed, match=reason):
        check_parent(status, {})


def test_a_late_fourth_event_is_still_noticed() -> None:
    batches = iter([[event("a"), event("b")], [event("c")], [], [event("d")]])
    seconds = iter(range(1000))

    events = collect_events(lambda _: next(batches, []), 3, lambda: float(next(seconds)))

    assert [event["data"]["executionId"] for event in events] == ["a", "b", "c", "d"]


def test_events_that_do_not_come_are_not_awaited_for_ever() -> None:
    seconds = iter(range(1000))

    assert collect_events(lambda _: [], 3, lambda: float(next(seconds))) == []
