"""What the runs of a job hold, for whoever watches the job's executions from outside."""

from datetime import datetime, timedelta

import pytest

from farsync.aws.run_store import MOST_DESCRIBED, Holdings, executions_held
from tests.unit.aws.listed_runs import NOON, RUN, StepFunctions, environment, holding, prepared, starting


@pytest.fixture
def step_functions() -> StepFunctions:
    return StepFunctions()


def held(step_functions: StepFunctions, since: datetime = NOON, job: str = "a-job") -> Holdings:
    return executions_held(environment(step_functions), "default", job, since)


def test_a_job_without_runs_has_nothing_that_is_held(step_functions: StepFunctions) -> None:
    assert held(step_functions) == Holdings(frozenset(), None)


def test_what_runs_began_and_what_they_only_follow_is_held(step_functions: StepFunctions) -> None:
    attached = {**RUN, "executionId": "z", "isAttached": True}
    step_functions.add("one", holding("x"))
    step_functions.add("two", holding("y", isAttached=True))
    step_functions.add("three", prepared().called("Prepare", {"request": {}, "run": {}}, attached))
    assert held(step_functions) == Holdings(frozenset({"x", "y", "z"}), None)


def test_runs_of_other_jobs_hold_nothing_of_it(step_functions: StepFunctions) -> None:
    step_functions.add("one", holding("x"), job="another-job")
    step_functions.add("two", holding("y"), job="another-job", name="by-hand")
    step_functions.add("three", holding("z"), name="by-hand-too")
    assert held(step_functions) == Holdings(frozenset({"z"}), None)


def test_a_run_that_ended_before_that_moment_holds_nothing_any_more(step_functions: StepFunctions) -> None:
    step_functions.add("one", holding("x"), stopped_ago=10)
    assert held(step_functions) == Holdings(frozenset(), None)
    assert held(step_functions, NOON - timedelta(seconds=10)) == Holdings(frozenset({"x"}), None)


def test_a_run_whose_end_is_final_has_emitted_its_event(step_functions: StepFunctions) -> None:
    step_functions.add("one", holding("x"), stopped_ago=10, cause='{"eventId": "e", "final": true}')
    step_functions.add("two", holding("y"), stopped_ago=10, cause='{"eventId": "e", "final": false}')
    assert held(step_functions, NOON - timedelta(hours=1)) == Holdings(frozenset({"y"}), None)


def test_since_a_run_may_have_posted_that_knows_no_execution_anything_may_be_its(step_functions: StepFunctions) -> None:
    step_functions.add("one", holding("x"))
    step_functions.add("two", starting(begun_ago=30))
    step_functions.add("three", starting(begun_ago=90))
    assert held(step_functions) == Holdings(frozenset({"x"}), NOON - timedelta(seconds=89))


def test_a_run_that_is_over_or_has_not_posted_leaves_no_doubt(step_functions: StepFunctions) -> None:
    step_functions.add("one", starting(), stopped_ago=10)
    step_functions.add("two", prepared())
    assert held(step_functions, NOON - timedelta(minutes=5)) == Holdings(frozenset(), None)


def test_a_run_that_waited_long_for_its_turn_knows_its_execution(step_functions: StepFunctions) -> None:
    waited = prepared()
    for _ in range(200):
        waited.called("Start", {"run": RUN}, {"outcome": "postponed", "run": RUN, "waitSeconds": 30})
        waited.entered("StartLater").called("Prepare", {"request": {}, "run": {}}, RUN)
    step_functions.add("one", waited.called("Start", {"run": RUN}, {"run": {**RUN, "executionId": "x"}}))
    assert held(step_functions) == Holdings(frozenset({"x"}), None)


def test_of_more_runs_than_can_be_read_those_count_that_were_read(step_functions: StepFunctions) -> None:
    """Otherwise no end of any job would be reported for as long as callers' own runs are open."""
    for number in range(MOST_DESCRIBED + 1):
        step_functions.add("", holding(f"{number}"), name=f"by-hand-{number:03}")
    assert len(held(step_functions).execution_ids) == MOST_DESCRIBED
