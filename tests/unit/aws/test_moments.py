"""When a run may have posted what it does not know of, and what its searches said."""

from datetime import timedelta

import pytest

from farsync.aws.run_history import Moment, RunHistory, history_in
from farsync.model.run import START_FUNCTION_SECONDS
from tests.unit.histories import BEGAN_AT, History, instant

REQUEST = {"job": "a-job"}
RUN = {
    "v": 1,
    "name": "a-run",
    "startedAt": "2026-11-21T12:00:00Z",
    "deadlineAt": "2026-11-21T13:00:00Z",
    "connection": "default",
    "provider": "naver",
    "job": "a-job",
}
HOLDING = {**RUN, "executionId": "x"}
GIVEN = {"request": REQUEST, "run": RUN, "redriveCount": 0}
FUNCTION_TIME = timedelta(seconds=START_FUNCTION_SECONDS)


def read(history: History) -> RunHistory:
    return history_in(history.newest_first)


@pytest.fixture
def history() -> History:
    """A run that has been prepared."""
    return History().begun(REQUEST).called("Prepare", {"request": REQUEST, "run": {"name": "a-run"}}, RUN)


def unconfirmed(history: History) -> History:
    """A start that was posted ten seconds after it was scheduled, and its reply lost."""
    return history.entered("Start").scheduled(GIVEN).after(10).failed("StartUnconfirmed", "the reply was lost")


class TestWhenItMayHavePosted:
    def test_a_start_that_says_so_itself_posts_no_later(self, history: History) -> None:
        began = instant(history.now)
        seen = read(unconfirmed(history))
        assert seen.moments == (Moment(began, began + timedelta(seconds=10)),)
        assert seen.unconfirmed_because == "StartUnconfirmed: the reply was lost"

    @pytest.mark.parametrize("error", ["Lambda.Unknown", "Lambda.ServiceException", "States.TaskFailed", "Anything"])
    def test_a_function_that_was_lost_sight_of_may_still_post(self, history: History, error: str) -> None:
        began = instant(history.now)
        history.entered("Start").scheduled(GIVEN).after(2).failed(error)
        assert read(history).moments == (Moment(began, began + FUNCTION_TIME),)

    @pytest.mark.parametrize("error", ["Runtime.ExitError", "Sandbox.Timedout"])
    def test_a_process_that_died_posts_nothing_more(self, history: History, error: str) -> None:
        history.entered("Start").scheduled(GIVEN).after(2).failed(error)
        assert read(history).moments[0].latest == instant(history.now)

    def test_a_start_that_was_aborted_goes_on_in_its_function(self, history: History) -> None:
        began = instant(history.now)
        history.entered("Start").scheduled(GIVEN).after(1).ended("ABORTED")
        seen = read(history)
        assert seen.moments == (Moment(began, began + FUNCTION_TIME),)
        assert seen.unconfirmed_because == "its answer was never seen"

    def test_a_task_that_timed_out_may_have_posted(self, history: History) -> None:
        assert len(read(history.entered("Start").scheduled(GIVEN).after(40).timed_out()).moments) == 1

    @pytest.mark.parametrize(
        "error",
        [
            "Lambda.TooManyRequestsException",
            "Lambda.EC2ThrottledException",
            "Lambda.ResourceNotFoundException",
            "AuthenticationFailed",
            "JobNotRunnable",
            "DeadlineExceeded",
        ],
    )
    def test_a_start_that_lambda_never_ran_or_that_was_rejected_says_only_what_became_of_itself(
        self, history: History, error: str
    ) -> None:
        assert read(history.entered("Start").scheduled(GIVEN).failed(error)).moments == ()
        history.entered("Start").scheduled(GIVEN).failed("Lambda.Unknown").scheduled(GIVEN).failed(error)
        assert len(read(history).moments) == 1

    @pytest.mark.parametrize("outcome", ["postponed", "search"])
    def test_a_start_that_was_postponed_or_sent_to_search_first_has_none_and_hides_none(
        self, history: History, outcome: str
    ) -> None:
        answer = {"outcome": outcome, "run": RUN, "waitSeconds": 5}
        assert read(history.called("Start", GIVEN, answer)).moments == ()
        assert len(read(unconfirmed(history).called("Start", GIVEN, answer)).moments) == 1

    def test_each_try_of_one_state_counts(self, history: History) -> None:
        history.entered("Start").scheduled(GIVEN).after(1).failed("Lambda.Unknown").after(5)
        seen = read(history.scheduled(GIVEN).after(1).failed("StartUnconfirmed"))
        assert [moment.earliest for moment in seen.moments] == [instant(BEGAN_AT + 1), instant(BEGAN_AT + 7)]

    def test_a_start_before_a_redrive_counts_and_the_redriven_one_that_only_searches_does_not(
        self, history: History
    ) -> None:
        began = instant(history.now)
        history.entered("Start").scheduled(GIVEN).after(1).ended("ABORTED").after(3600).redriven()
        history.scheduled({**GIVEN, "redriveCount": 1})
        assert [moment.earliest for moment in read(history).moments] == [began]

    def test_a_search_that_found_nothing_settles_all_before_it(self, history: History) -> None:
        unconfirmed(history).entered("AwaitConsistency").called("Find", GIVEN, {"outcome": "nothing", "run": RUN})
        assert read(history).moments == ()
        assert len(read(unconfirmed(history.after(60))).moments) == 1

    def test_a_fresh_baseline_settles_all_before_it(self, history: History) -> None:
        history.called("Start", GIVEN, {"outcome": "postponed", "run": RUN}).entered("StartLater")
        events = iter(history.called("Prepare", {"request": REQUEST, "run": {}}, RUN).entered("Start").newest_first)
        assert history_in(events).moments == ()
        assert list(events) != []

    def test_an_answer_that_cannot_be_read_may_hide_a_post(self, history: History) -> None:
        history.entered("Start").scheduled(GIVEN).after(3)
        history.note("TaskSucceeded", "taskSucceededEventDetails", {"output": '{"Payload": {"outco'})
        assert read(history).moments == (Moment(instant(BEGAN_AT + 1), instant(BEGAN_AT + 4)),)

    def test_a_start_of_a_run_that_is_attached_posts_nothing(self) -> None:
        history = History().begun(REQUEST).entered("Start").scheduled({**GIVEN, "run": HOLDING}).ended("ABORTED")
        assert read(history).moments == ()


class TestWhatItsSearchesSaid:
    def test_a_search_after_the_newest_moment_has_seen_the_list(self, history: History) -> None:
        later = {"outcome": "later", "run": RUN, "waitSeconds": 5, "reason": "others search"}
        assert not read(unconfirmed(history)).has_searched
        history.entered("AwaitConsistency").called("Find", GIVEN, later).entered("AwaitConsistency")
        seen = read(history)
        assert seen.has_searched
        assert len(seen.moments) == 1

    def test_a_search_that_failed_or_could_not_read_the_list_has_not(self, history: History) -> None:
        unconfirmed(history).entered("Find").scheduled(GIVEN).failed("Lambda.Unknown")
        assert not read(history).has_searched
        unread = {"outcome": "later", "run": RUN, "waitSeconds": 5, "hasSearched": False}
        assert not read(history.scheduled(GIVEN).answered(unread)).has_searched

    def test_an_ambiguous_start_keeps_its_message_and_candidates(self, history: History) -> None:
        answer = {
            "outcome": "ambiguous",
            "run": RUN,
            "message": "2 executions may be it",
            "candidates": [{"executionId": "x", "providerStatus": "RUNNING"}, {"odd": 1}],
        }
        unconfirmed(history).called("Find", GIVEN, answer).entered("Failed").ended("FAILED", error="AmbiguousStart")
        ambiguous = read(history).ambiguous
        assert ambiguous is not None
        assert ambiguous.message == "2 executions may be it"
        assert [candidate.execution_id for candidate in ambiguous.candidates] == ["x"]
