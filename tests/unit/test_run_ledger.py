import json
from datetime import datetime, timedelta

import pytest

from farsync.aws_requests import AwsRequestFailed
from farsync.naming import run_name
from farsync.run_ledger import (
    FIRST_EVENTS,
    LOOK_BACK,
    MOST_PAGES,
    MOST_RUNS_READ,
    HeldByOthers,
    describe_run,
    executions_of_other_runs,
    is_standing,
)
from tests.unit.listed_runs import NOON, PREPARE_ENTERED, START_ENTERED, StepFunctions, environment, holding, told

OWN = run_name("default", "a-job", "own")


def others(step_functions: StepFunctions, since: datetime = NOON) -> HeldByOthers:
    return executions_of_other_runs(environment(step_functions), OWN, "default", "a-job", since)


def held(step_functions: StepFunctions, since: datetime = NOON) -> set[str] | None:
    """None where there may be more than is known."""
    told = others(step_functions, since)
    return set(told.execution_ids) if told.are_all else None


@pytest.fixture
def step_functions() -> StepFunctions:
    """With our own run, which holds nothing yet."""
    step_functions = StepFunctions()
    step_functions.add("own", [PREPARE_ENTERED, START_ENTERED])
    return step_functions


class TestWhatOtherRunsHold:
    def test_is_nothing_where_there_are_none(self, step_functions: StepFunctions) -> None:
        assert held(step_functions) == set()

    def test_is_what_their_start_or_their_search_has_told(self, step_functions: StepFunctions) -> None:
        step_functions.add("one", holding("x"))
        step_functions.add("two", [*holding(None), PREPARE_ENTERED, told({"run": {"executionId": 7}})])
        assert held(step_functions) == {"x", "7"}

    def test_is_not_all_known_where_one_has_come_to_its_start_and_no_further(
        self, step_functions: StepFunctions
    ) -> None:
        step_functions.add("one", [PREPARE_ENTERED, told({"v": 1}), START_ENTERED])
        step_functions.add("two", holding("x"))
        assert others(step_functions) == HeldByOthers(frozenset({"x"}), are_all=False)

    def test_is_nothing_where_one_has_not_come_to_its_start(self, step_functions: StepFunctions) -> None:
        step_functions.add("one", [PREPARE_ENTERED, told({"v": 1})])
        assert held(step_functions) == set()

    def test_is_not_what_they_only_watch(self, step_functions: StepFunctions) -> None:
        step_functions.add("one", holding("x", isAdopted=True))
        step_functions.add("two", holding("y", isAdopted=False))
        assert held(step_functions) == {"y"}

    def test_is_nothing_where_one_that_watches_has_only_been_prepared(self, step_functions: StepFunctions) -> None:
        prepared = told({"v": 1, "executionId": "x", "isAdopted": True})
        step_functions.add("one", [PREPARE_ENTERED, prepared, START_ENTERED])
        assert held(step_functions) == set()

    def test_is_not_known_where_a_history_is_longer_than_is_read(self, step_functions: StepFunctions) -> None:
        step_functions.add("one", [PREPARE_ENTERED] * FIRST_EVENTS)
        assert held(step_functions) == set()
        step_functions.add("two", [PREPARE_ENTERED] * (FIRST_EVENTS + 1))
        assert held(step_functions) is None

    def test_is_known_from_the_first_events_of_a_long_history(self, step_functions: StepFunctions) -> None:
        step_functions.add("one", [*holding("x"), *[PREPARE_ENTERED] * FIRST_EVENTS])
        assert held(step_functions) == {"x"}

    def test_is_found_behind_answers_of_tasks_that_are_no_functions(self, step_functions: StepFunctions) -> None:
        other_task = {"taskSucceededEventDetails": {"output": json.dumps({"ExecutionArn": "x"})}}
        step_functions.add("one", [PREPARE_ENTERED, other_task, *holding("y")])
        assert held(step_functions) == {"y"}

    def test_is_not_made_up_from_answers_without_a_run(self, step_functions: StepFunctions) -> None:
        odd = [told({"run": None}), told({"run": "text"}), told({}), {"taskSucceededEventDetails": {}}]
        step_functions.add("one", odd)
        assert held(step_functions) == set()

    @pytest.mark.parametrize("action", ["ListExecutions", "DescribeExecution", "GetExecutionHistory"])
    def test_is_an_error_where_aws_does_not_tell(self, step_functions: StepFunctions, action: str) -> None:
        step_functions.add("one", holding("x"), name="by-hand")
        step_functions.fails_at = action
        with pytest.raises(AwsRequestFailed):
            held(step_functions)


class TestWhichRunsAreAsked:
    def test_those_of_the_job_by_their_names_alone(self, step_functions: StepFunctions) -> None:
        step_functions.add("one", holding("x"))
        step_functions.add("two", holding("y"), job="other-job")
        assert held(step_functions) == {"x"}
        assert "DescribeExecution" not in {action for action, _ in step_functions.asked}

    def test_those_with_a_name_of_their_own_by_their_request(self, step_functions: StepFunctions) -> None:
        step_functions.add("one", holding("x"), name="by-hand")
        step_functions.add("two", holding("y"), name="of-another-job", job="other-job")
        step_functions.add("", holding("z"), name="a" * 32, request='{"job": "a-job", "connection": "default"}')
        step_functions.add("", holding("e"), name="elsewhere", request='{"job": "a-job", "connection": "other"}')
        step_functions.add("", holding("f"), name="no-json", request="nothing")
        step_functions.add("", holding("g"), name="no-object", request='["job"]')
        assert held(step_functions) == {"x", "z"}

    def test_those_that_go_on_however_old(self, step_functions: StepFunctions) -> None:
        step_functions.add("one", holding("x"), begun_ago=30 * 86_400)
        assert held(step_functions) == {"x"}

    def test_those_that_were_open_at_the_moment_or_after(self, step_functions: StepFunctions) -> None:
        step_functions.add("one", holding("x"), stopped_ago=0)
        step_functions.add("two", holding("y"), stopped_ago=0.001)
        assert held(step_functions) == {"x"}
        assert held(step_functions, NOON - timedelta(seconds=1)) == {"x", "y"}

    def test_those_on_every_page(self) -> None:
        step_functions = StepFunctions(size=2)
        for number in range(5):
            step_functions.add(str(number), holding(f"open-{number}"))
            step_functions.add(f"over {number}", holding(f"over-{number}"), stopped_ago=0)
        assert held(step_functions) == {f"{kind}-{number}" for number in range(5) for kind in ("open", "over")}

    def test_no_page_is_asked_for_beyond_those_that_were_over_long_before(self) -> None:
        step_functions = StepFunctions(size=1)
        step_functions.add("one", holding("x"), stopped_ago=LOOK_BACK.total_seconds())
        step_functions.add("two", holding("y"), stopped_ago=LOOK_BACK.total_seconds() + 1)
        step_functions.add("three", holding("z"), stopped_ago=0)
        assert held(step_functions) == set()
        assert step_functions.pages_asked() == 2

    def test_what_they_hold_is_not_known_where_there_are_too_many_pages(self) -> None:
        step_functions = StepFunctions(size=1)
        for number in range(MOST_PAGES):
            step_functions.add(str(number), holding("x"), job="other-job")
        assert held(step_functions) == set()
        step_functions.add("one more", holding("x"), job="other-job")
        assert held(step_functions) is None

    def test_what_they_hold_is_not_known_where_too_many_are_in_question(self, step_functions: StepFunctions) -> None:
        for number in range(MOST_RUNS_READ):
            step_functions.add(str(number), holding(f"{number}"))
        assert len(held(step_functions) or ()) == MOST_RUNS_READ
        step_functions.add("one more", holding("x"))
        assert held(step_functions) is None


def test_a_run_stands_while_it_goes_on(step_functions: StepFunctions) -> None:
    step_functions.add("over", [], stopped_ago=1)
    assert is_standing(environment(step_functions), OWN)
    assert not is_standing(environment(step_functions), run_name("default", "a-job", "over"))


def test_a_run_is_described_by_its_name(step_functions: StepFunctions) -> None:
    assert describe_run(environment(step_functions), OWN)["name"] == OWN
