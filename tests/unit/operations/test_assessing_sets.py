"""Whether a set of a backfill gets a run, a wait, or a result; by what became of its earlier runs."""

from datetime import timedelta
from typing import Any

import pytest

from farsync.model.errors import ProviderUnavailable, Throttled
from tests.unit.operations.sets_of_backfills import INPUT, Sets

FAILURES = ["FAILED", "CANCELED", "TIMED_OUT"]
CANDIDATES = [{"executionId": f"c{number}", "providerStatus": "RUNNING"} for number in range(9)]


@pytest.fixture
def sets() -> Sets:
    return Sets()


class TestEarlierRuns:
    def test_a_set_without_one_is_run_under_its_own_name_with_its_parameters(self, sets: Sets) -> None:
        assert sets.assessed() == {"outcome": "run", "name": sets.name(), "input": INPUT}

    def test_a_set_that_has_succeeded_is_done_before(self, sets: Sets) -> None:
        sets.ended("SUCCEEDED")
        expected = {"index": 3, "status": "DONE_BEFORE", "runName": sets.name(), "executionId": "e1"}
        assert sets.result() == expected
        assert "GetExecutionHistory" not in sets.aws.asked

    def test_a_success_whose_output_another_release_wrote_is_a_success(self, sets: Sets) -> None:
        sets.had("SUCCEEDED", output="{}")
        assert sets.result()["status"] == "DONE_BEFORE"

    @pytest.mark.parametrize("status", FAILURES)
    def test_a_set_that_has_failed_or_timed_out_is_run_under_the_next_name(self, sets: Sets, status: str) -> None:
        sets.ended(status)
        assert sets.assessed()["name"] == sets.name(2)

    def test_a_set_that_has_failed_four_times_is_given_up(self, sets: Sets) -> None:
        for attempt in range(1, 5):
            sets.ended("FAILED", attempt)
        result = sets.result()
        assert (result["status"], result["error"], result["runName"]) == ("FAILED", "TooManyAttempts", sets.name(4))
        assert "another intent" in result["message"]

    def test_a_run_that_goes_on_is_waited_for(self, sets: Sets) -> None:
        sets.ended("FAILED")
        sets.had("RUNNING", 2)
        assert (sets.assessed()["outcome"], sets.assessed()["name"]) == ("run", sets.name(2))

    def test_the_members_of_a_runs_input_have_one_order_so_that_step_functions_knows_it_again(self, sets: Sets) -> None:
        first, second = (
            sets.ask(request=request, set={"index": 0, "parameters": parameters, "key": "k"})["input"]
            for request, parameters in (
                ({"connection": "c", "job": "j", "labels": {"a": "1", "b": "2"}}, {"x": "1", "y": "2"}),
                ({"labels": {"b": "2", "a": "1"}, "job": "j", "connection": "c"}, {"y": "2", "x": "1"}),
            )
        )
        assert str(first) == str(second)

    def test_a_rejection_by_aws_has_a_name(self, sets: Sets) -> None:
        sets.aws.reject()
        with pytest.raises(Throttled):
            sets.assessed()


class TestAnotherRequest:
    """Under one intent, set and job."""

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({**INPUT, "timeoutSeconds": 61}, "timeoutSeconds"),
            ({"job": "a-job", "connection": "default", "parameters": INPUT["parameters"]}, "timeoutSeconds"),
            ({**INPUT, "condition": {"a": True}}, "condition"),
        ],
        ids=["other-value", "field-missing", "field-added"],
    )
    @pytest.mark.parametrize("status", ["SUCCEEDED", "RUNNING"])
    def test_a_run_by_it_is_a_conflict_that_says_what_differs_and_what_to_do(
        self, sets: Sets, given: dict[str, Any], field: str, status: str
    ) -> None:
        sets.had(status, given=given)
        result = sets.result()
        assert (result["status"], result["error"]) == ("FAILED", "IdempotencyConflict")
        assert f"differs in {field};" in result["message"]
        assert "another intent" in result["message"]

    def test_a_run_by_it_that_has_failed_is_replaced_by_the_next_attempt(self, sets: Sets) -> None:
        sets.ended("FAILED").input = '{"job": "a-job", "timeoutSeconds": 1}'
        assert sets.assessed()["name"] == sets.name(2)

    @pytest.mark.parametrize("given", ["null", "[]", "5", '{"' + "x" * 5000 + '": 1}'])
    def test_an_input_that_nobody_of_us_wrote_is_another(self, sets: Sets, given: str) -> None:
        sets.ended("SUCCEEDED").input = given
        assert sets.result()["error"] == "IdempotencyConflict"
        assert len(sets.result()["message"]) < 400


class TestRunsThatWereNotFinal:
    """Aborted, timed out, broken, out of sight: the events say what became of their executions."""

    @pytest.mark.parametrize(
        ("status", "error"), [("ABORTED", None), ("TIMED_OUT", None), ("FAILED", "RunUnobservable"), ("FAILED", "Odd")]
    )
    def test_its_execution_may_go_on_so_that_the_set_does_not_run_and_needs_a_person(
        self, sets: Sets, status: str, error: str | None
    ) -> None:
        sets.followed(status, error=error)
        sets.emitted("run.unobservable", error={"name": "RunUnobservable", "message": "m"})
        result = sets.result()
        assert (result["status"], result["error"]) == ("UNDECIDED", "RunUnobservable")
        assert (result["runName"], result["executionId"]) == (sets.name(), "an-execution")
        assert "another intent" in result["message"]

    @pytest.mark.parametrize("kind", ["succeeded", "failed", "canceled"])
    @pytest.mark.parametrize("status", ["ABORTED", "TIMED_OUT", "FAILED"])
    def test_its_true_end_decides(self, sets: Sets, status: str, kind: str) -> None:
        sets.followed(status, error="RunUnobservable")
        sets.emitted("run.unobservable", error={"name": "RunUnobservable", "message": "m"})
        sets.emitted(f"execution.{kind}", executionId="an-execution")
        if kind == "succeeded":
            assert (sets.result()["status"], sets.result()["executionId"]) == ("DONE_BEFORE", "an-execution")
        else:
            assert sets.assessed()["name"] == sets.name(2)

    @pytest.mark.parametrize("error", ["AmbiguousStart", "RunUnobservable", "ExecutionFailed"])
    def test_whatever_error_somebody_gave_an_abort_its_true_end_decides(self, sets: Sets, error: str) -> None:
        sets.followed("ABORTED", error=error)
        assert sets.assessed()["outcome"] in ("later", "done")
        sets.emitted("execution.canceled", executionId="an-execution")
        assert sets.assessed()["name"] == sets.name(2)

    def test_a_run_that_began_nothing_is_followed_by_the_next_attempt(self, sets: Sets) -> None:
        sets.had("FAILED", error="JobNotFound", cause="{}")
        sets.emitted("run.failed", error={"name": "JobNotFound", "message": "m"})
        assert sets.assessed()["name"] == sets.name(2)

    def test_a_run_that_is_not_closed_is_undecided_though_it_knew_no_execution(self, sets: Sets) -> None:
        sets.had("ABORTED")
        assert (sets.result()["status"], sets.result()["error"]) == ("UNDECIDED", "ABORTED")

    def test_an_event_from_before_a_redrive_says_nothing(self, sets: Sets) -> None:
        sets.had("FAILED", error="JobNotFound", redrive_count=1)
        sets.emitted("run.failed", error={"name": "JobNotFound", "message": "m"})
        assert sets.result()["status"] == "UNDECIDED"

    def test_where_the_provider_is_away_nothing_runs(self, sets: Sets) -> None:
        sets.followed("ABORTED")
        sets.emitted("execution.canceled")
        sets.provider.failure = ProviderUnavailable("away")
        assert sets.result()["status"] == "UNDECIDED"

    @pytest.mark.parametrize("seconds_ago", [-5.0, 0.0, 59.0, 60.0, 239.0, 899.0])
    def test_a_run_that_ended_a_moment_ago_is_given_time_to_be_closed(self, sets: Sets, seconds_ago: float) -> None:
        sets.followed("ABORTED")
        sets.later = timedelta(seconds=seconds_ago)
        assessed = sets.assessed()
        assert assessed["outcome"] == "later"
        assert seconds_ago + assessed["waitSeconds"] in (60, 240, 900)

    def test_no_set_waits_longer_than_fifteen_minutes(self, sets: Sets) -> None:
        sets.followed("ABORTED")
        sets.later = timedelta(minutes=15)
        assert sets.result()["status"] == "UNDECIDED"


class TestAmbiguousStarts:
    @pytest.mark.parametrize("status", ["FAILED", "ABORTED"])
    def test_its_event_names_the_candidates_and_the_set_does_not_run(self, sets: Sets, status: str) -> None:
        sets.had(status, error="AmbiguousStart" if status == "FAILED" else None)
        sets.emitted("run.failed", error={"name": "AmbiguousStart", "message": "m"}, candidates=CANDIDATES)
        result = sets.result()
        assert (result["status"], result["error"]) == ("UNDECIDED", "AmbiguousStart")
        assert result["candidates"] == ["c0", "c1", "c2", "c3", "c4"]

    def test_it_is_not_waited_for_and_its_history_has_the_candidates(self, sets: Sets) -> None:
        run = sets.had("FAILED", error="AmbiguousStart")
        answer = {"outcome": "ambiguous", "message": "m", "candidates": CANDIDATES, "run": {}}
        run.history.called("Find", {"request": INPUT, "run": {}}, answer)
        sets.later = timedelta(0)
        assert sets.result()["candidates"][0] == "c0"

    def test_long_ids_are_left_out_where_all_results_together_would_be_too_large(self, sets: Sets) -> None:
        sets.had("FAILED", error="AmbiguousStart")
        candidates = [{"executionId": "밤" * 200, "providerStatus": "RUNNING"}]
        sets.emitted("run.failed", error={"name": "AmbiguousStart", "message": "m"}, candidates=candidates)
        result = sets.result()
        assert "candidates" not in result
        assert len(str(result).encode()) <= 600
