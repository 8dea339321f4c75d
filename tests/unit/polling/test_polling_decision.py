"""What follows a poll that saw no end, and how an end after the deadline is called. Pure."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farsync.model.errors import ExecutionNotFound, FarsyncError, PermissionDenied, ProviderUnavailable, Throttled
from farsync.model.execution import ExecutionStatus
from farsync.model.run import Run
from farsync.polling.decision import Decision, GiveUp, GoOn, Received, next_step, was_canceled_at_deadline
from tests.unit.models import NOON, a_run, an_execution

GRACE_SECONDS = 300.0
RUN = a_run(execution_id="x")
DEADLINE = RUN.deadline_at
ATTACHED = RUN.model_copy(update={"is_attached": True})
LEFT_ALONE = RUN.model_copy(update={"cancel_on_abort": False})
NEW = Received(1, NOON)


def decided(
    now: datetime, run: Run = RUN, failure: FarsyncError | None = None, policy: int = 60, received: Received = NEW
) -> Decision:
    return next_step(run, failure, now=now, policy_wait_seconds=policy, grace_seconds=GRACE_SECONDS, received=received)


@pytest.mark.parametrize(
    ("failure", "policy", "wait_seconds"),
    [
        (None, 1, 1),
        (None, 600, 600),
        (ProviderUnavailable("no reply"), 1, 15),
        (ProviderUnavailable("no reply"), 40, 40),
        (ExecutionNotFound("no such execution"), 1, 15),
        (Throttled("too many calls", retry_after_seconds=120.5), 40, 121),
        (Throttled("too many calls", retry_after_seconds=86_400), 40, 600),
    ],
)
def test_the_wait_is_the_policys_or_longer_where_the_provider_fails(
    failure: FarsyncError | None, policy: int, wait_seconds: int
) -> None:
    assert decided(NOON, failure=failure, policy=policy) == GoOn(wait_seconds, cancels=False, is_worn_out=False)


@pytest.mark.parametrize(
    ("run", "late_seconds", "step"),
    [
        (RUN, -7.5, GoOn(8, cancels=False, is_worn_out=False)),
        (RUN, -0.1, GoOn(1, cancels=False, is_worn_out=False)),
        (RUN, 0, GoOn(10, cancels=True, is_worn_out=False)),
        (RUN, 299.9, GoOn(10, cancels=True, is_worn_out=False)),
        (RUN, 300, GiveUp(cancels=True)),
        (ATTACHED, 299.9, GoOn(10, cancels=False, is_worn_out=False)),
        (ATTACHED, 300, GiveUp(cancels=False)),
        (LEFT_ALONE, 300, GiveUp(cancels=False)),
    ],
)
def test_the_deadline_cancels_and_the_end_of_the_grace_period_gives_up(
    run: Run, late_seconds: float, step: Decision
) -> None:
    assert decided(DEADLINE + timedelta(seconds=late_seconds), run) == step


@pytest.mark.parametrize(
    ("received", "is_worn_out"),
    [
        (Received(899, NOON), False),
        (Received(900, NOON), True),
        (Received(1, NOON - timedelta(days=12) + timedelta(seconds=1)), False),
        (Received(1, NOON - timedelta(days=12)), True),
    ],
)
def test_a_message_is_replaced_before_its_queue_gives_it_up(received: Received, is_worn_out: bool) -> None:
    assert decided(NOON, received=received) == GoOn(60, cancels=False, is_worn_out=is_worn_out)


@pytest.mark.parametrize(
    ("run", "status", "ended_late_seconds", "seen_late_seconds", "was_canceled"),
    [
        (RUN, ExecutionStatus.CANCELED, 10, 20, True),
        (RUN, ExecutionStatus.CANCELED, -5, 20, True),
        (RUN, ExecutionStatus.CANCELED, -6, 20, False),
        (RUN, ExecutionStatus.CANCELED, None, 0, True),
        (RUN, ExecutionStatus.CANCELED, None, -1, False),
        (RUN, ExecutionStatus.SUCCEEDED, 10, 20, False),
        (RUN, ExecutionStatus.FAILED, 10, 20, False),
        (ATTACHED, ExecutionStatus.CANCELED, 10, 20, False),
        (LEFT_ALONE, ExecutionStatus.CANCELED, 10, 20, False),
    ],
)
def test_only_a_cancel_of_ours_after_the_deadline_is_a_time_out(
    run: Run, status: ExecutionStatus, ended_late_seconds: int | None, seen_late_seconds: int, was_canceled: bool
) -> None:
    ended_at = None if ended_late_seconds is None else DEADLINE + timedelta(seconds=ended_late_seconds)
    execution = an_execution("x", status, ended_at=ended_at)
    seen_at = DEADLINE + timedelta(seconds=seen_late_seconds)
    assert was_canceled_at_deadline(run, execution, seen_at) is was_canceled


FAILURES = st.one_of(
    st.none(),
    st.just(PermissionDenied("not with these keys")),
    st.builds(lambda seconds: Throttled("too many calls", retry_after_seconds=seconds), st.floats(0, 1e9)),
)
RUNS = st.sampled_from([RUN, ATTACHED, LEFT_ALONE])


@given(RUNS, FAILURES, st.integers(1, 10_000), st.floats(-4_000, 4_000), st.integers(1, 2_000))
def test_no_wait_is_too_long_and_nothing_is_cancelled_that_must_not_be(
    run: Run, failure: FarsyncError | None, policy: int, late_seconds: float, receives: int
) -> None:
    now = DEADLINE + timedelta(seconds=late_seconds)
    step = decided(now, run, failure, policy, Received(receives, NOON))
    assert step.cancels == (now >= DEADLINE and run is RUN)
    if isinstance(step, GoOn):
        assert 1 <= step.wait_seconds <= 600
        assert step.wait_seconds == 10 if now >= DEADLINE else now + timedelta(seconds=step.wait_seconds - 1) < DEADLINE


@given(RUNS, st.lists(st.tuples(FAILURES, st.integers(1, 600)), min_size=1, max_size=5))
def test_every_run_ends_soon_after_its_grace_period(run: Run, answers: list[tuple[FarsyncError | None, int]]) -> None:
    now, receives = NOON, 0
    while True:
        failure, policy = answers[receives % len(answers)]
        receives += 1
        step = decided(now, run, failure, policy, Received(receives, NOON))
        if isinstance(step, GiveUp):
            break
        now += timedelta(seconds=step.wait_seconds)
    assert timedelta(seconds=GRACE_SECONDS) <= now - DEADLINE < timedelta(seconds=GRACE_SECONDS + 11)
