"""What the history of a run says, in whatever shape it comes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farsync.aws.run_history import history_in, message_in
from tests.unit.aws.run_variables import GIVEN, HOLDING, read
from tests.unit.histories import BEGAN_AT, History, instant


class TestHowFarItCame:
    def test_a_run_that_goes_on_stands_in_the_state_that_it_entered_last(self, history: History) -> None:
        seen = read(history.entered("Start"))
        assert (seen.end, seen.step) == (None, "Start")
        assert seen.run is not None
        assert seen.run.name == "a-run"

    @pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
    def test_an_end_says_when_and_why(self, history: History, status: str) -> None:
        end = read(history.after(9).ended(status, error="E", cause="why")).end
        assert end is not None
        assert (end.status, end.at, end.error, end.cause) == (status, instant(history.now), "E", "why")
        assert not end.is_final

    def test_an_end_that_was_redriven_is_none(self, history: History) -> None:
        seen = read(history.entered("Start").ended("ABORTED").redriven(2))
        assert seen.end is None

    def test_a_failure_that_the_poller_marked_is_final(self, history: History) -> None:
        cause = json.dumps({"eventId": "e", "final": True})
        end = read(history.followed(HOLDING).failed("ExecutionFailed").ended("FAILED", cause=cause)).end
        assert end is not None
        assert end.is_final
        assert end.result == {"eventId": "e", "final": True}

    def test_the_text_of_whoever_stops_a_run_is_no_result(self, history: History) -> None:
        end = read(history.ended("ABORTED", cause='{"final": true, "status": "SUCCEEDED"}')).end
        assert end is not None
        assert (end.is_final, end.result) == (False, {})

    def test_the_failure_of_the_newest_step_is_its_last_error_until_a_success(self, history: History) -> None:
        history.entered("Start").scheduled(GIVEN).failed("Lambda.TooManyRequestsException", "slow").scheduled(GIVEN)
        assert read(history).last_error == ("Lambda.TooManyRequestsException", "slow")
        assert read(history.answered({"outcome": "started", "run": HOLDING})).last_error is None


class TestWhichExecutionItHolds:
    @pytest.mark.parametrize(
        ("state", "answer"),
        [
            ("Start", {"outcome": "started", "run": HOLDING, "waitSeconds": 1}),
            ("Start", {"outcome": "started", "run": {**HOLDING, "newer": 1}}),
            ("Find", {"outcome": "found", "run": HOLDING}),
            ("Prepare", {**HOLDING, "isAttached": True}),
        ],
        ids=["start", "start of another release", "find", "attached by prepare"],
    )
    def test_the_execution_that_a_state_answered(self, history: History, state: str, answer: object) -> None:
        assert read(history.called(state, GIVEN, answer).ended("ABORTED")).execution_id == "x"

    def test_the_execution_that_it_follows_however_long_its_history_is(self, history: History) -> None:
        for _ in range(200):
            history.entered("Follow").entered("FollowAgain").entered("CheckDeadline")
        events = iter(history.followed(HOLDING).newest_first)
        seen = history_in(events)
        assert (seen.execution_id, seen.step) == ("x", "Follow")
        assert len(list(events)) > 600

    def test_its_earlier_starts_are_no_doubt_any_more(self, history: History) -> None:
        history.entered("Start").scheduled(GIVEN).failed("StartUnconfirmed")
        history.entered("AwaitConsistency").called("Find", GIVEN, {"outcome": "found", "run": HOLDING})
        assert read(history).post_windows == ()

    def test_parameters_that_are_text_are_read_too(self, history: History) -> None:
        history.entered("Follow")
        given = json.dumps({"MessageBody": json.dumps({"run": HOLDING})})
        history.note("TaskScheduled", "taskScheduledEventDetails", {"parameters": given})
        assert read(history).execution_id == "x"

    def test_a_run_variable_that_cannot_be_read_is_none(self, history: History) -> None:
        history.called("Start", GIVEN, {"outcome": "started", "run": {"executionId": "x"}})
        assert read(history).execution_id is None


@pytest.mark.parametrize("request_sent", [None, [], 5, "text"])
def test_a_run_that_broke_in_prepare_has_neither_run_nor_moment(request_sent: object) -> None:
    history = History().begun(request_sent).entered("Prepare").scheduled({"request": request_sent, "run": {}})
    seen = read(history.failed("InvalidRequest", "no object").entered("Failed").ended("FAILED"))
    assert (seen.run, seen.post_windows, seen.step) == (None, (), "Failed")
    assert seen.last_error == ("InvalidRequest", "no object")


@pytest.mark.parametrize(
    ("cause", "message"),
    [
        ('{"errorMessage": "m", "errorType": "E"}', "m"),
        *((text, text) for text in ("text", '{"cut', "[1]")),
        ("x" * 40_000, "x" * 2000),
    ],
    ids=["of lambda", "text", "cut", "list", "long"],
)
def test_the_message_in_a_cause_is_lambdas_or_the_text_and_bounded(cause: str, message: str) -> None:
    assert message_in(cause) == message


details: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.just({}), st.dictionaries(st.sampled_from(["parameters", "output", "name"]), st.text())
)
odd_events = st.builds(
    lambda kind, member, held: {"id": 1, "timestamp": BEGAN_AT, "type": kind, member: held},
    st.sampled_from(["TaskScheduled", "TaskSucceeded", "TaskFailed", "ExecutionAborted", "ExecutionRedriven", "New"]),
    st.sampled_from(["taskScheduledEventDetails", "taskSucceededEventDetails", "stateEnteredEventDetails"]),
    details,
)


@given(st.lists(odd_events, max_size=8))
def test_events_without_details_or_with_odd_ones_break_nothing(events: list[dict[str, Any]]) -> None:
    assert history_in(events).execution_id is None
