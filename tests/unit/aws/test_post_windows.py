"""When a run may have posted what it does not know of, and what its searches said."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from farsync.aws.run_history import PostWindow, history_in
from tests.unit.aws.run_variables import FUNCTION_TIME, GIVEN, HOLDING, REQUEST, RUN, read
from tests.unit.histories import BEGAN_AT, History, instant


def started(history: History) -> History:
    return history.entered("Start").scheduled(GIVEN)


def unconfirmed(history: History) -> History:
    """A start that was posted ten seconds after it was scheduled, and its reply lost."""
    return started(history).after(10).failed("StartUnconfirmed", "the reply was lost")


class TestWhenItMayHavePosted:
    def test_a_start_that_says_so_itself_posts_no_later(self, history: History) -> None:
        began = instant(history.now)
        seen = read(unconfirmed(history))
        assert seen.post_windows == (PostWindow(began, began + timedelta(seconds=10)),)
        assert seen.unconfirmed_because == "StartUnconfirmed: the reply was lost"

    @pytest.mark.parametrize(
        ("lose", "because"),
        [
            (lambda start: start.failed("Lambda.Unknown"), "Lambda.Unknown: a message"),
            (lambda start: start.failed("Anything"), "Anything: a message"),
            (lambda start: start.timed_out(), "States.Timeout"),
            (lambda start: start.ended("ABORTED"), "its answer was never seen"),
        ],
        ids=["unknown", "anything", "timed out", "aborted"],
    )
    def test_a_function_that_was_lost_sight_of_may_still_post(
        self, history: History, lose: Callable[[History], History], because: str
    ) -> None:
        began = instant(history.now)
        seen = read(lose(started(history).after(2)))
        assert seen.post_windows == (PostWindow(began, began + FUNCTION_TIME),)
        assert seen.unconfirmed_because == because

    @pytest.mark.parametrize("error", ["Runtime.ExitError", "Sandbox.Timedout"])
    def test_a_process_that_died_posts_nothing_more(self, history: History, error: str) -> None:
        started(history).after(2).failed(error)
        assert read(history).post_windows[0].latest == instant(history.now)

    @pytest.mark.parametrize(
        "error",
        [
            *("Lambda.TooManyRequestsException", "Lambda.EC2ThrottledException", "Lambda.ResourceNotFoundException"),
            *("AuthenticationFailed", "JobNotRunnable", "DeadlineExceeded"),
        ],
    )
    def test_a_start_that_never_ran_or_was_rejected_speaks_for_itself_alone(self, history: History, error: str) -> None:
        assert read(started(history).failed(error)).post_windows == ()
        started(history).failed("Lambda.Unknown").scheduled(GIVEN).failed(error)
        assert len(read(history).post_windows) == 1

    @pytest.mark.parametrize("outcome", ["postponed", "search"])
    def test_a_start_that_posted_nothing_has_none_and_hides_none(self, history: History, outcome: str) -> None:
        answer = {"outcome": outcome, "run": RUN, "waitSeconds": 5}
        assert read(history.called("Start", GIVEN, answer)).post_windows == ()
        assert len(read(unconfirmed(history).called("Start", GIVEN, answer)).post_windows) == 1

    def test_each_try_of_one_state_counts(self, history: History) -> None:
        started(history).after(1).failed("Lambda.Unknown").after(5)
        seen = read(history.scheduled(GIVEN).after(1).failed("StartUnconfirmed"))
        assert [window.earliest for window in seen.post_windows] == [instant(BEGAN_AT + 1), instant(BEGAN_AT + 7)]

    def test_a_start_before_a_redrive_counts_and_the_redriven_one_that_only_searches_does_not(
        self, history: History
    ) -> None:
        began = instant(history.now)
        started(history).after(1).ended("ABORTED").after(3600).redriven().scheduled({**GIVEN, "redriveCount": 1})
        assert [window.earliest for window in read(history).post_windows] == [began]

    def test_a_search_that_found_nothing_clears_all_before_it(self, history: History) -> None:
        unconfirmed(history).entered("AwaitConsistency").called("Find", GIVEN, {"outcome": "nothing", "run": RUN})
        assert read(history).post_windows == ()
        assert len(read(unconfirmed(history.after(60))).post_windows) == 1

    def test_a_fresh_baseline_clears_all_before_it(self, history: History) -> None:
        history.called("Start", GIVEN, {"outcome": "postponed", "run": RUN}).entered("StartLater")
        events = iter(history.called("Prepare", {"request": REQUEST, "run": {}}, RUN).entered("Start").newest_first)
        assert history_in(events).post_windows == ()
        assert list(events) != []

    def test_an_answer_that_cannot_be_read_may_hide_a_post(self, history: History) -> None:
        started(history).after(3).note("TaskSucceeded", "taskSucceededEventDetails", {"output": '{"Payload": {"ou'})
        assert read(history).post_windows == (PostWindow(instant(BEGAN_AT + 1), instant(BEGAN_AT + 4)),)

    def test_a_start_of_a_run_that_is_attached_posts_nothing(self, history: History) -> None:
        history.entered("Start").scheduled({**GIVEN, "run": HOLDING}).ended("ABORTED")
        assert read(history).post_windows == ()


class TestItsSearches:
    def test_a_search_after_the_newest_post_has_seen_the_list(self, history: History) -> None:
        later = {"outcome": "later", "run": RUN, "waitSeconds": 5, "reason": "others search"}
        assert not read(unconfirmed(history)).has_searched
        history.entered("AwaitConsistency").called("Find", GIVEN, later).entered("AwaitConsistency")
        seen = read(history)
        assert seen.has_searched
        assert len(seen.post_windows) == 1

    def test_a_search_that_failed_or_could_not_read_the_list_has_not(self, history: History) -> None:
        unconfirmed(history).entered("Find").scheduled(GIVEN).failed("Lambda.Unknown")
        assert not read(history).has_searched
        unread = {"outcome": "later", "run": RUN, "waitSeconds": 5, "hasSearched": False}
        assert not read(history.scheduled(GIVEN).answered(unread)).has_searched

    def test_an_ambiguous_start_keeps_its_message_and_candidates(self, history: History) -> None:
        candidates = [{"executionId": "x", "providerStatus": "RUNNING"}, {"odd": 1}]
        answer = {"outcome": "ambiguous", "run": RUN, "message": "2 may be it", "candidates": candidates}
        unconfirmed(history).called("Find", GIVEN, answer).entered("Failed").ended("FAILED", error="AmbiguousStart")
        ambiguous = read(history).ambiguous
        assert ambiguous is not None
        assert ambiguous.message == "2 may be it"
        assert [candidate.execution_id for candidate in ambiguous.candidates] == ["x"]
