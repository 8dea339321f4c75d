"""A set whose run this backfill has started itself, or could not start."""

from datetime import timedelta

import pytest

from farsync.model.errors import AlreadyRunning, ProviderUnavailable
from tests.unit.operations.sets_of_backfills import Sets

FAILED = "States.TaskFailed"
NAME_IS_TAKEN = "StepFunctions.ExecutionAlreadyExistsException"


@pytest.fixture
def sets() -> Sets:
    return Sets()


@pytest.mark.parametrize("status", ["FAILED", "CANCELED", "TIMED_OUT"])
def test_a_run_that_failed_is_not_tried_again_by_the_same_backfill(sets: Sets, status: str) -> None:
    sets.ended(status, error={"name": "ExecutionFailed"})
    expected = {"index": 3, "status": "FAILED", "runName": sets.name(), "executionId": "e1"}
    assert sets.result(FAILED) == {**expected, "error": "ExecutionFailed"}


@pytest.mark.parametrize(
    ("status", "error", "named"), [("FAILED", "JobNotFound", "JobNotFound"), ("ABORTED", None, "ABORTED")]
)
def test_a_run_that_was_rejected_or_stopped_is_not_waited_for(
    sets: Sets, status: str, error: str | None, named: str
) -> None:
    sets.had(status, error=error, cause="cut short {")
    sets.later = timedelta(0)
    result = sets.result(FAILED)
    assert (result["status"], result["error"]) == ("FAILED", named)


@pytest.mark.parametrize("error", ["RunUnobservable", "AmbiguousStart"])
def test_a_run_whose_execution_may_go_on_needs_a_person(sets: Sets, error: str) -> None:
    sets.followed("FAILED", error=error)
    sets.later = timedelta(0)
    result = sets.result(FAILED)
    assert (result["status"], result["error"], result["executionId"]) == ("UNDECIDED", error, "an-execution")


def test_a_run_that_went_out_of_sight_and_has_succeeded_is_done(sets: Sets) -> None:
    sets.followed("FAILED", error="RunUnobservable")
    sets.emitted("execution.succeeded", executionId="an-execution")
    assert sets.result(FAILED)["status"] == "SUCCEEDED"


def test_a_run_that_could_not_be_started_says_why(sets: Sets) -> None:
    result = sets.result("StepFunctions.AccessDeniedException")
    assert (result["status"], result["error"]) == ("FAILED", "StepFunctions.AccessDeniedException")


def test_a_name_that_was_taken_meanwhile_is_that_of_an_earlier_run(sets: Sets) -> None:
    sets.ended("FAILED")
    assert sets.assessed(NAME_IS_TAKEN)["name"] == sets.name(2)


@pytest.mark.parametrize("error", [FAILED, NAME_IS_TAKEN])
def test_a_run_that_step_functions_still_shows_as_running_is_asked_for_again(sets: Sets, error: str) -> None:
    sets.had("RUNNING")
    with pytest.raises(AlreadyRunning):
        sets.assessed(error)


def test_a_run_whose_name_is_taken_and_that_is_not_shown_yet_is_asked_for_again(sets: Sets) -> None:
    with pytest.raises(ProviderUnavailable):
        sets.assessed(NAME_IS_TAKEN)
