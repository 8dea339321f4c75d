"""What the history of another run means for ours."""

from datetime import timedelta

import pytest

from farsync.aws.run_history import history_in
from farsync.starting.matching import Others, Searching, read_others
from tests.unit.aws.listed_runs import NOON, RUN, holding, prepared, starting
from tests.unit.histories import History

UNTIL = NOON + timedelta(seconds=95)
LATER = {"outcome": "later", "run": RUN, "waitSeconds": 5, "hasSearched": True}
GIVEN = {"request": {"job": "a-job"}, "run": RUN}


def said(history: History) -> Others:
    return read_others([("other", history_in(history.newest_first))], UNTIL, lambda _: {})


def searched() -> History:
    return starting().failed("StartUnconfirmed").entered("AwaitConsistency").called("Find", GIVEN, LATER)


UNDECIDED = Others(undecided=(Searching("other", {}),))
NEVER_KNEW = Others(never_knew=("other",))
FOUND_NOTHING = {"outcome": "nothing", "run": RUN}
AMBIGUOUS = {"outcome": "ambiguous", "run": RUN, "message": "m"}


def lost() -> History:
    return starting().failed("StartUnconfirmed")


@pytest.mark.parametrize("history", [holding("x"), lost().followed({**RUN, "executionId": "x"})])
def test_a_run_holds_the_execution_that_it_knows(history: History) -> None:
    assert said(history) == Others(held=frozenset({"x"}))


def test_a_run_that_only_follows_an_execution_does_not_hold_it() -> None:
    """Whoever lost its start would never find it."""
    assert said(holding("x", isAttached=True)) == Others()


@pytest.mark.parametrize(
    "history",
    [
        prepared(),
        prepared().called("Start", GIVEN, {"outcome": "postponed", "run": RUN}),
        starting().failed("JobNotRunnable").entered("Failed").ended("FAILED"),
        searched().called("Find", GIVEN, FOUND_NOTHING),
    ],
    ids=["prepared", "postponed", "rejected", "found nothing"],
)
def test_a_run_that_posted_nothing_is_in_nobodys_way(history: History) -> None:
    assert said(history) == Others()


@pytest.mark.parametrize(
    "history",
    [
        starting(),
        lost().entered("AwaitConsistency"),
        lost().entered("Find").scheduled(GIVEN),
        searched().called("Find", GIVEN, FOUND_NOTHING).entered("Start").scheduled(GIVEN),
    ],
    ids=["in its start", "waits", "searches", "starts again"],
)
def test_a_run_in_its_start_or_yet_to_search_may_soon_know(history: History) -> None:
    assert said(history) == UNDECIDED


@pytest.mark.parametrize(
    "history",
    [
        searched(),
        searched().entered("AwaitConsistency"),
        starting().ended("ABORTED"),
        lost().entered("AwaitConsistency").ended("TIMED_OUT"),
        searched().called("Find", GIVEN, AMBIGUOUS).ended("FAILED"),
    ],
    ids=["searched", "waits again", "aborted", "timed out", "ambiguous"],
)
def test_a_run_that_searched_and_cannot_tell_or_is_closed_never_knew(history: History) -> None:
    assert said(history) == NEVER_KNEW


def test_a_run_that_posted_after_our_window_has_begun_nothing_that_is_in_question() -> None:
    """A job that is started all the time would keep a search waiting for ever."""
    assert said(starting(begun_ago=-100)) == UNDECIDED
    assert said(starting(begun_ago=-102)) == Others()
    later = starting(begun_ago=-102).failed("StartUnconfirmed").called("Find", GIVEN, AMBIGUOUS).ended("FAILED")
    assert said(later) == Others()
