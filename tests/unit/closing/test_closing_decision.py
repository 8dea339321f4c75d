"""What follows from what is known of a run that ended: tables, without any network."""

from datetime import timedelta

import pytest

from farsync.aws.run_history import Ambiguity, PostWindow, RunEnd, RunHistory
from farsync.closing import reasons
from farsync.closing.decision import (
    cancel_reason,
    is_end_of,
    is_superseded,
    next_wait_seconds,
    run_state,
    start_state,
)
from farsync.closing.ended_run import EndedRun, message_of, read_ended_run
from farsync.model.errors import InvalidRequest, PermissionDenied, ProviderUnavailable
from farsync.model.execution import Execution, ExecutionStatus
from farsync.model.run import Run
from tests.unit.models import NOON, a_run, an_execution

STOPPED = NOON
SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


def ended_run(status: str = "ABORTED", *, redrive_count: int = 0, is_swept: bool = False) -> EndedRun:
    given = {
        "executionArn": "arn:a-run",
        "name": "a-run",
        "status": status,
        "stopDate": int(STOPPED.timestamp() * 1000),
        "redriveCount": redrive_count,
        "isSwept": is_swept,
    }
    return EndedRun.model_validate(given)


def known_run(**changes: object) -> Run:
    return a_run(**{"execution_id": "77", **changes})


def execution(status: str = "RUNNING", **changes: object) -> Execution:
    return an_execution("77", ExecutionStatus(status), **changes)


@pytest.mark.parametrize(
    ("seconds_after", "is_its_end"), [(-3600, False), (-1.5, False), (-0.9, True), (0, True), (0.4, True), (60, True)]
)
def test_an_end_before_the_message_s_is_that_of_an_earlier_redrive(seconds_after: float, is_its_end: bool) -> None:
    end = RunEnd("ABORTED", STOPPED + timedelta(seconds=seconds_after))
    assert is_end_of(ended_run(redrive_count=1), end) is is_its_end


def test_the_end_of_a_run_that_was_never_redriven_is_its_end_whatever_the_clocks_say() -> None:
    assert is_end_of(ended_run(redrive_count=0), RunEnd("FAILED", STOPPED - timedelta(hours=1)))


@pytest.mark.parametrize(
    ("status", "redrive_count", "seen"),
    [
        ("ABORTED", 1, "ended"),
        ("RUNNING", 1, "stale"),
        ("PENDING_REDRIVE", 1, "stale"),
        ("RUNNING", 2, "redriven"),
        ("SUCCEEDED", 2, "redriven"),
        ("ABORTED", 2, "redriven"),
        ("ABORTED", 0, "ended"),
    ],
)
def test_a_run_stands_as_its_message_says_or_was_redriven(status: str, redrive_count: int, seen: str) -> None:
    assert run_state(ended_run(redrive_count=1), status, redrive_count) == seen


POST_WINDOWS = (PostWindow(STOPPED, STOPPED + MINUTE),)


@pytest.mark.parametrize(
    ("history", "start"),
    [
        (RunHistory(run=known_run()), "known"),
        (RunHistory(run=known_run(), post_windows=POST_WINDOWS), "known"),
        (RunHistory(run=known_run(execution_id=None), post_windows=POST_WINDOWS), "unconfirmed"),
        (
            RunHistory(run=known_run(execution_id=None), post_windows=POST_WINDOWS, ambiguous=Ambiguity("two", ())),
            "ambiguous",
        ),
        (RunHistory(run=known_run(execution_id=None)), "nothing"),
        (RunHistory(), "nothing"),
    ],
)
def test_what_a_run_has_begun(history: RunHistory, start: str) -> None:
    assert start_state(history) == start


def test_waits_double_to_a_quarter_of_an_hour() -> None:
    assert [next_wait_seconds(times, lambda: 0.0) for times in range(1, 10)] == [
        *(10, 20, 40, 80, 160, 320, 640),
        *(900, 900),
    ]
    assert next_wait_seconds(500, lambda: 0.999) == 900
    assert next_wait_seconds(1, lambda: 0.999) == 11
    assert (next_wait_seconds(1, lambda: 0.0, 300), next_wait_seconds(1, lambda: 0.0, 7200)) == (300, 900)


PAST_DEADLINE = known_run(deadline_at=STOPPED - MINUTE)


@pytest.mark.parametrize(
    ("status", "run", "seen", "reason"),
    [
        ("ABORTED", known_run(), execution("CANCELED", ended_at=STOPPED + SECOND), "abort"),
        ("ABORTED", known_run(), execution("CANCELED", ended_at=STOPPED - 4 * SECOND), "abort"),
        ("ABORTED", known_run(), execution("CANCELED", ended_at=STOPPED - 6 * SECOND), None),
        ("ABORTED", known_run(), execution("CANCELED"), "abort"),
        ("ABORTED", known_run(), execution("SUCCEEDED", ended_at=STOPPED + SECOND), None),
        ("ABORTED", known_run(), execution("FAILED", ended_at=STOPPED + SECOND), None),
        ("ABORTED", known_run(is_attached=True), execution("CANCELED", ended_at=STOPPED + SECOND), None),
        ("ABORTED", known_run(cancel_on_abort=False), execution("CANCELED", ended_at=STOPPED + SECOND), None),
        ("TIMED_OUT", known_run(), execution("CANCELED", ended_at=STOPPED + SECOND), "deadline"),
        ("FAILED", PAST_DEADLINE, execution("CANCELED", ended_at=STOPPED - 30 * SECOND), "deadline"),
        ("ABORTED", PAST_DEADLINE, execution("CANCELED", ended_at=STOPPED), "deadline"),
        ("FAILED", PAST_DEADLINE, execution("CANCELED", ended_at=STOPPED - 90 * SECOND), None),
    ],
)
def test_only_a_cancel_that_can_be_ours_is_called_ours(
    status: str, run: Run, seen: Execution, reason: str | None
) -> None:
    assert cancel_reason(ended_run(status), run, seen) == reason


@pytest.mark.parametrize(
    ("is_swept", "sent_after", "age", "is_one"),
    [
        (True, HOUR, 69 * MINUTE, False),
        (True, HOUR, 71 * MINUTE, True),
        (True, 2 * DAY, 24 * HOUR, False),
        (True, 2 * DAY, 25 * HOUR, True),
        (True, 13 * DAY + HOUR, 4 * DAY, False),
        (False, HOUR, 4 * DAY, False),
    ],
)
def test_a_message_of_a_sweep_ends_once_the_next_sweep_has_sent_another(
    is_swept: bool, sent_after: timedelta, age: timedelta, is_one: bool
) -> None:
    sent_at = STOPPED + sent_after
    assert is_superseded(ended_run(is_swept=is_swept), sent_at, sent_at + age) is is_one


def test_the_message_is_read_as_it_was_written() -> None:
    ended = ended_run("FAILED", redrive_count=3, is_swept=True)
    assert read_ended_run(message_of(ended)) == ended
    assert ended.stopped_at == STOPPED


def test_what_the_next_release_adds_to_the_message_is_ignored() -> None:
    given = '{"executionArn": "arn:a", "name": "a", "status": "FAILED", "stopDate": 1795262400000, "more": 1}'
    assert read_ended_run(given).redrive_count == 0


def test_a_message_that_would_close_one_run_by_the_history_of_another_is_none() -> None:
    of_another = message_of(ended_run()).replace("arn:a-run", "arn:another-run")
    with pytest.raises(InvalidRequest, match="must be the name in executionArn"):
        read_ended_run(of_another)


def test_an_event_about_what_still_runs_says_what_was_done_and_no_more() -> None:
    run = known_run()
    messages = {
        reasons.left_running(ended_run(), known_run(is_attached=True)).message,
        reasons.left_running(ended_run(), known_run(cancel_on_abort=False)).message,
        reasons.end_not_seen(ended_run(), run, ProviderUnavailable("away")).message,
    }
    assert not [message for message in messages if "cancel was" in message]
    rejected = reasons.cancel_rejected(ended_run(), run, PermissionDenied("no role")).message
    assert "its cancel was rejected (PermissionDenied: no role)" in rejected
