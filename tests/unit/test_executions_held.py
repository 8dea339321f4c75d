"""What the runs of a job hold, for whoever looks at the job's executions from outside; and a run by its name."""

from datetime import datetime, timedelta

import pytest

from farsync.errors import RunNotFound, Throttled
from farsync.naming import run_name
from farsync.run_ledger import MOST_RUNS_READ, Holdings, executions_held, known_run
from tests.unit.listed_runs import NOON, PREPARE_ENTERED, START_ENTERED, StepFunctions, environment, holding, told

BEGUN = [PREPARE_ENTERED, told({"v": 1}), START_ENTERED]
"""A run that has come to its start and knows no execution yet."""
LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@pytest.fixture
def step_functions() -> StepFunctions:
    return StepFunctions()


def held(step_functions: StepFunctions, since: datetime = NOON, job: str = "a-job") -> Holdings:
    return executions_held(environment(step_functions), "default", job, since)


def test_a_job_without_runs_has_nothing_that_is_held(step_functions: StepFunctions) -> None:
    assert held(step_functions) == Holdings(frozenset(), None)


def test_what_runs_began_and_what_they_only_watch_is_held(step_functions: StepFunctions) -> None:
    step_functions.add("one", holding("x"))
    step_functions.add("two", holding("y", isAdopted=True))
    step_functions.add("three", [PREPARE_ENTERED, told({"v": 1, "executionId": "z", "isAdopted": True})])
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


def test_since_a_run_began_that_has_posted_and_knows_no_execution_anything_may_be_its(
    step_functions: StepFunctions,
) -> None:
    step_functions.add("one", holding("x"))
    step_functions.add("two", BEGUN, begun_ago=30)
    step_functions.add("three", BEGUN, begun_ago=90)
    assert held(step_functions) == Holdings(frozenset({"x"}), NOON - timedelta(seconds=90))


def test_a_run_that_is_over_or_has_not_posted_leaves_no_doubt(step_functions: StepFunctions) -> None:
    step_functions.add("one", BEGUN, stopped_ago=10)
    step_functions.add("two", [PREPARE_ENTERED, told({"v": 1})])
    assert held(step_functions, NOON - timedelta(minutes=5)) == Holdings(frozenset(), None)


def test_of_too_many_runs_nothing_is_known(step_functions: StepFunctions) -> None:
    for number in range(MOST_RUNS_READ + 1):
        step_functions.add(f"run {number}", holding("x"))
    assert held(step_functions) == Holdings(frozenset(), LONG_AGO)


def test_a_run_is_known_by_its_name(step_functions: StepFunctions) -> None:
    step_functions.add("one", BEGUN)
    assert known_run(environment(step_functions), run_name("default", "a-job", "one"))["status"] == "RUNNING"


def test_a_name_that_step_functions_does_not_know_is_no_run(step_functions: StepFunctions) -> None:
    with pytest.raises(RunNotFound, match=r"^there is no run nobody, or it ended more than 90 days ago$"):
        known_run(environment(step_functions), "nobody")


def test_a_run_that_aws_does_not_tell_of_is_not_taken_for_none(step_functions: StepFunctions) -> None:
    step_functions.fails_at = "DescribeExecution"
    with pytest.raises(Throttled):
        known_run(environment(step_functions), "a-run")
