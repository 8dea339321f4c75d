from datetime import UTC, datetime, timedelta

import pytest

from farsync.execution import Execution, ExecutionRef, ExecutionStatus
from farsync.pacing import CONFIRM_SECONDS, wait_of_run
from farsync.run import Run

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOURS_BEHIND = timedelta(hours=9)
BEGUN = Run(started_at=NOON, deadline_at=NOON + timedelta(hours=6), connection="default", provider="naver", job="a-job")


def execution(created_at: datetime) -> Execution:
    return Execution(
        ref=ExecutionRef(connection="default", job="a-job", execution_id="x"),
        status=ExecutionStatus.RUNNING,
        vendor_status="RUNNING",
        created_at=created_at,
    )


def wait(run: Run, now: datetime) -> int:
    return wait_of_run(run, now, lambda: 0.5)


def test_what_this_run_started_is_as_old_as_its_post_whatever_the_vendors_clock_says() -> None:
    run = BEGUN.with_execution(execution(NOON - HOURS_BEHIND), NOON + timedelta(seconds=30))
    assert run.elapsed_seconds(NOON + timedelta(seconds=90)) == 60


def test_what_began_before_is_as_old_as_the_vendors_own_clock_tells() -> None:
    vendor_now = NOON - HOURS_BEHIND
    run = BEGUN.with_execution(execution(vendor_now - timedelta(minutes=20)), NOON, vendor_now)
    assert run.elapsed_seconds(NOON + timedelta(minutes=1)) == 21 * 60


def test_a_run_of_an_earlier_release_is_as_old_as_its_execution() -> None:
    run = BEGUN.model_copy(update={"execution_started_at": NOON})
    assert run.elapsed_seconds(NOON + timedelta(seconds=5)) == 5


def test_a_run_waits_for_the_time_that_earlier_ones_took() -> None:
    run = BEGUN.with_execution(execution(NOON), NOON)
    knowing = run.model_copy(update={"past_durations_seconds": (3600,) * 10})
    assert wait(knowing, NOON + timedelta(minutes=1)) > 10 * wait(run, NOON + timedelta(minutes=1))


@pytest.mark.parametrize(("price", "is_sooner"), [(1, True), (100, False)])
def test_the_price_of_a_look_is_the_requests(price: float, is_sooner: bool) -> None:
    run = BEGUN.with_execution(execution(NOON), NOON)
    priced = run.model_copy(update={"look_cost_seconds": price})
    later = NOON + timedelta(minutes=10)
    assert (wait(priced, later) < wait(run, later)) is is_sooner


def test_what_was_cancelled_is_looked_at_soon_whatever_the_job_did_before() -> None:
    run = BEGUN.with_execution(execution(NOON), NOON).model_copy(
        update={"past_durations_seconds": (36_000,) * 10, "cancel_reason": "deadline"}
    )
    assert wait(run, run.deadline_at + timedelta(seconds=30)) <= CONFIRM_SECONDS / 10


def test_what_a_run_has_spent_before_its_looks_is_taken_off_the_looks_that_it_may_make() -> None:
    run = BEGUN.with_execution(execution(NOON), NOON).model_copy(update={"max_detection_delay_seconds": 1})
    later = NOON + timedelta(hours=1)
    assert wait(run.model_copy(update={"transitions": 1349}), later) == 1
    assert wait(run.model_copy(update={"transitions": 1350}), later) == 36
