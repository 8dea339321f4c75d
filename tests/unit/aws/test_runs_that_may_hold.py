"""Which runs may hold an execution that has no event, for whoever watches its job."""

from datetime import timedelta

import pytest

from farsync.aws.run_store import runs_that_may_hold
from farsync.model.names import run_name
from tests.unit.aws.listed_runs import NOON, StepFunctions, environment, holding

HOUR = timedelta(hours=1)


@pytest.fixture
def step_functions() -> StepFunctions:
    return StepFunctions(size=2)


def names(step_functions: StepFunctions) -> set[str]:
    return {run.name for run in runs_that_may_hold(environment(step_functions), "a-job", NOON - HOUR)}


def test_runs_of_the_job_that_go_on_or_did_not_succeed_are_listed_on_every_page(step_functions: StepFunctions) -> None:
    for intent in "abcde":
        step_functions.add(intent, holding(intent))
    step_functions.add("f", holding("f"), stopped_ago=3600)
    assert names(step_functions) == {run_name("default", "a-job", intent) for intent in "abcdef"}


def test_a_run_says_when_it_began_when_it_stopped_and_how_often_it_was_redriven(step_functions: StepFunctions) -> None:
    step_functions.add("a", holding("x"), name="by-hand", stopped_ago=60)
    step_functions.runs[0]["redriveCount"] = 2
    (run,) = runs_that_may_hold(environment(step_functions), "a-job", NOON - HOUR)
    assert run == ("by-hand", NOON - HOUR, NOON - timedelta(seconds=60), 2)


def test_runs_that_stopped_earlier_and_of_other_jobs_by_their_names_are_not(step_functions: StepFunctions) -> None:
    step_functions.add("a", holding("x"), stopped_ago=3601)
    step_functions.add("b", holding("y"), job="another-job")
    step_functions.add("c", holding("z"), job="another-job", name="by-hand")
    assert names(step_functions) == {"by-hand"}


def test_runs_that_succeeded_have_emitted_their_event(step_functions: StepFunctions) -> None:
    step_functions.add("a", holding("x"), stopped_ago=60)
    step_functions.runs[0]["status"] = "SUCCEEDED"
    assert names(step_functions) == set()
