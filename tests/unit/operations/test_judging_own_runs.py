"""What became of a set whose run this backfill has started itself."""

import pytest

from farsync.model.errors import AlreadyRunning, ProviderUnavailable
from farsync.operations.assess_set import NAME_IS_TAKEN
from tests.unit.operations.backfilled_sets import Sets


@pytest.fixture
def sets() -> Sets:
    return Sets()


def tried(sets: Sets, error: str = "States.TaskFailed") -> dict[str, str]:
    return {"name": sets.name(), "error": error}


@pytest.mark.parametrize("status", ["FAILED", "CANCELED", "TIMED_OUT"])
def test_one_that_failed_is_not_tried_again_by_the_same_backfill(sets: Sets, status: str) -> None:
    sets.ended(status, error={"name": "ExecutionFailed"})
    expected = {"index": 3, "status": "FAILED", "runName": sets.name(), "executionId": "e1"}
    assert sets.result(tried(sets)) == {**expected, "error": "ExecutionFailed"}


@pytest.mark.parametrize(
    ("status", "error", "named"), [("FAILED", "JobNotFound", "JobNotFound"), ("ABORTED", None, "ABORTED")]
)
def test_one_that_was_rejected_or_stopped_is_not_waited_for(
    sets: Sets, status: str, error: str | None, named: str
) -> None:
    sets.had(status, error=error, cause="cut short {")
    sets.later_seconds = 0
    result = sets.result(tried(sets))
    assert (result["status"], result["error"]) == ("FAILED", named)


@pytest.mark.parametrize("error", ["RunUnobservable", "AmbiguousStart"])
def test_one_whose_execution_may_go_on_needs_a_person(sets: Sets, error: str) -> None:
    sets.followed("FAILED", error=error)
    sets.later_seconds = 0
    result = sets.result(tried(sets))
    assert (result["status"], result["error"], result["executionId"]) == ("UNDECIDED", error, "an-execution")


def test_one_that_went_out_of_sight_and_has_succeeded_is_done(sets: Sets) -> None:
    sets.followed("FAILED", error="RunUnobservable")
    sets.emitted("execution.succeeded", executionId="an-execution")
    assert sets.result(tried(sets))["status"] == "SUCCEEDED"


def test_one_that_could_not_be_started_says_why(sets: Sets) -> None:
    result = sets.result(tried(sets, "StepFunctions.AccessDeniedException"))
    assert (result["status"], result["error"]) == ("FAILED", "StepFunctions.AccessDeniedException")


def test_a_name_that_was_taken_meanwhile_is_judged_as_an_earlier_run(sets: Sets) -> None:
    sets.ended("FAILED")
    assert sets.judged(tried(sets, NAME_IS_TAKEN))["name"] == sets.name(2)


@pytest.mark.parametrize("error", ["States.TaskFailed", NAME_IS_TAKEN])
def test_a_run_that_step_functions_still_shows_as_running_is_asked_for_again(sets: Sets, error: str) -> None:
    sets.had("RUNNING")
    with pytest.raises(AlreadyRunning):
        sets.judged(tried(sets, error))


def test_a_run_whose_name_is_taken_and_that_is_not_shown_yet_is_asked_for_again(sets: Sets) -> None:
    with pytest.raises(ProviderUnavailable):
        sets.judged(tried(sets, NAME_IS_TAKEN))
