"""Which executions have ended, and to the second which of them a run may hold."""

from datetime import datetime, timedelta

import pytest

from farsync.aws.run_history import Ambiguity, PostWindow, RunHistory
from farsync.aws.run_store import ListedRun
from farsync.model.execution import Execution, ExecutionStatus
from farsync.model.names import execution_event_id
from farsync.providers.recent_executions import Recent
from farsync.watching.decision import Doubt, End, doubt_in, ends_since, may_have_held, runs_matter_since
from tests.unit.models import NOON, a_run, an_execution

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
RUN = a_run()


def execution(name: str, status: ExecutionStatus = ExecutionStatus.SUCCEEDED, **more: object) -> Execution:
    return an_execution(name, status, **more)


def end(created_at: datetime | None, ended_at: datetime = NOON) -> End:
    return End(execution("x"), "id", created_at, ended_at)


def ends(*executions: Execution, ahead: timedelta = timedelta()) -> tuple[End, ...]:
    return ends_since(Recent(executions, NOON + ahead), NOON - 10 * MINUTE, NOON, "a-job", "naver", "host")


def test_times_are_by_our_clock_and_what_goes_on_hides_nothing() -> None:
    ahead = 60 * MINUTE
    running = execution("running", ExecutionStatus.RUNNING)
    ended = execution("x", created_at=NOON + ahead - 3 * MINUTE, ended_at=NOON + ahead - MINUTE)
    (seen,) = ends(running, ended, ahead=ahead)
    assert (seen.created_at, seen.ended_at) == (NOON - 3 * MINUTE, NOON - MINUTE)


def test_an_end_at_the_very_moment_asked_for_counts() -> None:
    assert ends(execution("x", ended_at=NOON - 10 * MINUTE))
    assert not ends(execution("x", ended_at=NOON - 10 * MINUTE - SECOND))


def test_without_a_time_of_its_end_it_counts_from_its_newest_time() -> None:
    (created,) = ends(execution("x", created_at=NOON - 5 * MINUTE))
    (started,) = ends(execution("x", created_at=NOON - 5 * MINUTE, started_at=NOON - 4 * MINUTE))
    (timeless,) = ends(execution("x"), ahead=60 * MINUTE)
    assert created.ended_at == NOON - 5 * MINUTE
    assert started.ended_at == NOON - 4 * MINUTE
    assert timeless.ended_at == NOON - 10 * MINUTE


@pytest.mark.parametrize("ahead", [timedelta(), 60 * MINUTE])
def test_what_was_created_just_now_waits_for_the_next_period_as_its_run_may_not_be_listed_yet(ahead: timedelta) -> None:
    def created(seconds_ago: int) -> Execution:
        return execution("x", created_at=NOON + ahead - seconds_ago * SECOND, ended_at=NOON + ahead)

    assert not ends(created(4), ahead=ahead)
    assert ends(created(5), ahead=ahead)


def test_a_rerun_under_the_same_id_is_another_end() -> None:
    (seen,) = ends(execution("x", ended_at=NOON, attempt="2"))
    assert seen.event_id == execution_event_id("naver", "host", "a-job", "x", "2")


@pytest.mark.parametrize(
    ("created_at", "expected"),
    [
        (NOON - 6 * SECOND, False),
        (NOON - 5 * SECOND, True),
        (NOON + MINUTE + 5 * SECOND, True),
        (NOON + MINUTE + 6 * SECOND, False),
        (None, True),
    ],
)
def test_a_doubt_is_about_what_was_created_meanwhile(created_at: datetime | None, expected: bool) -> None:
    assert Doubt(NOON, NOON + MINUTE).is_about(end(created_at)) is expected


def test_a_doubt_lasts_from_the_first_post_to_the_last_and_the_time_in_which_a_list_may_lag() -> None:
    moments = (PostWindow(NOON, NOON + 35 * SECOND), PostWindow(NOON + MINUTE, NOON + MINUTE + 35 * SECOND))
    known = RunHistory(post_windows=moments, run=RUN)
    assert doubt_in(known) == (NOON, NOON + MINUTE + 35 * SECOND + MINUTE)
    assert doubt_in(RunHistory(post_windows=moments)) == (NOON, NOON + MINUTE + 35 * SECOND + timedelta(days=1))


def test_a_run_that_knows_or_posted_nothing_or_never_will_know_leaves_no_doubt() -> None:
    moments = (PostWindow(NOON, NOON),)
    assert doubt_in(RunHistory(post_windows=moments, run=RUN.model_copy(update={"execution_id": "x"}))) is None
    assert doubt_in(RunHistory(run=RUN)) is None
    assert doubt_in(RunHistory(post_windows=moments, run=RUN, ambiguous=Ambiguity("two are new", ()))) is None


@pytest.mark.parametrize(
    ("started_at", "stopped_at", "expected"),
    [
        (NOON + 5 * SECOND, None, True),
        (NOON + 6 * SECOND, None, False),
        (NOON - 9 * MINUTE, NOON - 2 * MINUTE - 40 * SECOND, True),
        (NOON - 9 * MINUTE, NOON - 2 * MINUTE - 41 * SECOND, False),
    ],
)
def test_a_run_may_hold_what_began_while_it_was_open(
    started_at: datetime, stopped_at: datetime | None, expected: bool
) -> None:
    run = ListedRun("a-run", started_at, stopped_at, 0)
    assert may_have_held(run, [end(NOON - 2 * MINUTE)]) is expected


def test_where_nobody_says_when_it_was_created_every_earlier_run_may_hold_it() -> None:
    assert may_have_held(ListedRun("a-run", NOON - 9 * MINUTE, NOON - 8 * MINUTE, 0), [end(None)])


def test_runs_matter_from_the_oldest_creation_on_and_fourteen_days_at_most() -> None:
    fortnight = NOON - timedelta(days=14)
    assert runs_matter_since([end(NOON - MINUTE), end(NOON - 2 * MINUTE)], NOON) == NOON - 2 * MINUTE - 40 * SECOND
    assert runs_matter_since([end(NOON - MINUTE), end(None)], NOON) == fortnight
    assert runs_matter_since([end(NOON - timedelta(days=20))], NOON) == fortnight
