"""Which runs of a job are read beside a run, and how far; and a run by its name."""

from datetime import datetime, timedelta

import pytest

from farsync.aws.client import AwsRequestFailed
from farsync.aws.run_history import read_history
from farsync.aws.run_store import (
    LOOK_BACK,
    MOST_DESCRIBED,
    MOST_HISTORIES,
    MOST_PAGES,
    describe_run,
    is_standing,
    known_run,
    other_runs,
    run_arn,
)
from farsync.http_client.retry import Retrying
from farsync.model.errors import ProviderUnavailable, RunNotFound, Throttled
from farsync.model.names import run_name
from farsync.model.run import START_FUNCTION_SECONDS
from tests.unit.aws.listed_runs import NOON, RUN, StepFunctions, environment, holding, prepared, starting

OWN = run_name("default", "a-job", "own")
ONCE = Retrying(clock=lambda: 0.0, sleep=id, random=lambda: 0.0)
ACCOUNT = ("naver", "dataflow.example.com")


def held(step_functions: StepFunctions, since: datetime = NOON) -> list[str | None]:
    """What each of the other runs holds."""
    others = other_runs(environment(step_functions), OWN, ACCOUNT, "a-job", since)
    return sorted((other.history.execution_id for other in others), key=str)


@pytest.fixture
def step_functions() -> StepFunctions:
    """With our own run, which holds nothing yet."""
    step_functions = StepFunctions()
    step_functions.add("own", starting())
    return step_functions


class TestWhichRunsAreRead:
    def test_none_where_all_others_are_of_other_jobs_which_their_names_say(self, step_functions: StepFunctions) -> None:
        assert held(step_functions) == []
        step_functions.add("other", holding("y"), job="other-job")
        assert held(step_functions) == []
        assert step_functions.times_asked("GetExecutionHistory") == 0

    @pytest.mark.parametrize(("connection", "found"), [("by-night", ["x"]), ("gone", ["x"]), ("elsewhere", [])])
    def test_a_run_over_another_connection_of_the_same_account_counts(
        self, step_functions: StepFunctions, connection: str, found: list[str]
    ) -> None:
        """Its execution stands in the same list, and would be taken for ours, as one of a lost connection may be."""
        step_functions.add("one", holding("x"), connection=connection)
        assert held(step_functions) == found

    def test_one_run_over_each_connection_is_asked_for_its_request(self, step_functions: StepFunctions) -> None:
        for number in range(MOST_DESCRIBED + 1):
            step_functions.add(f"{number}", holding(f"{number}"), connection=["default", "by-night"][number % 2])
        assert len(held(step_functions)) == MOST_DESCRIBED + 1
        assert step_functions.times_asked("DescribeExecution") == 2

    def test_runs_that_callers_named_are_asked_for_their_request(self, step_functions: StepFunctions) -> None:
        step_functions.add("one", holding("x"), name="by-hand")
        step_functions.add("two", holding("y"), name="of-another-job", job="other-job")
        step_functions.add("", holding("z"), name="a" * 32, request='{"job": "a-job"}')
        step_functions.add("", holding("e"), name="there", request='{"job": "a-job", "connection": "elsewhere"}')
        step_functions.add("", holding("f"), name="no-json", request="nothing")
        step_functions.add("", holding("g"), name="no-object", request='["job"]')
        assert held(step_functions) == ["x", "z"]

    def test_those_that_were_open_since_and_those_whose_start_may_still_be_at_work(
        self, step_functions: StepFunctions
    ) -> None:
        step_functions.add("one", holding("x"), stopped_ago=START_FUNCTION_SECONDS)
        step_functions.add("two", holding("y"), stopped_ago=START_FUNCTION_SECONDS + 0.01)
        assert held(step_functions) == ["x"]
        assert held(step_functions, NOON - timedelta(seconds=1)) == ["x", "y"]

    def test_those_on_every_page(self) -> None:
        step_functions = StepFunctions(size=2)
        for number in range(5):
            step_functions.add(str(number), holding(f"open-{number}"))
            step_functions.add(f"over {number}", holding(f"over-{number}"), stopped_ago=0)
        assert held(step_functions) == sorted(f"{kind}-{number}" for number in range(5) for kind in ("open", "over"))

    def test_no_page_is_read_beyond_those_that_were_over_long_before(self) -> None:
        step_functions = StepFunctions(size=1)
        ago = LOOK_BACK.total_seconds() + START_FUNCTION_SECONDS
        step_functions.add("one", holding("x"), stopped_ago=ago)
        step_functions.add("two", holding("y"), stopped_ago=ago + 1)
        step_functions.add("three", holding("z"), stopped_ago=0)
        assert held(step_functions) == []
        assert step_functions.times_asked("ListExecutions") == 3


class TestTooManyRuns:
    """What was not read is not "not there"."""

    def test_pages_of_the_list(self) -> None:
        step_functions = StepFunctions(size=1)
        for number in range(MOST_PAGES):
            step_functions.add(str(number), holding("x"), job="other-job")
        assert held(step_functions) == []
        step_functions.add("one more", holding("x"), job="other-job")
        with pytest.raises(ProviderUnavailable, match="more runs were open"):
            held(step_functions)

    def test_names_of_their_callers(self) -> None:
        step_functions = StepFunctions()
        for number in range(MOST_DESCRIBED):
            step_functions.add("", holding("x"), name=f"by-hand-{number}")
        assert len(held(step_functions)) == MOST_DESCRIBED
        step_functions.add("", holding("x"), name="one-more")
        with pytest.raises(ProviderUnavailable):
            held(step_functions)

    def test_runs_of_the_job(self) -> None:
        step_functions = StepFunctions()
        for number in range(MOST_HISTORIES + 1):
            step_functions.add(f"{number}", prepared())
        with pytest.raises(ProviderUnavailable):
            held(step_functions)
        assert step_functions.times_asked("GetExecutionHistory") == 0


@pytest.mark.parametrize("action", ["ListExecutions", "DescribeExecution", "GetExecutionHistory"])
def test_where_aws_does_not_answer_there_is_an_error_and_no_verdict(step_functions: StepFunctions, action: str) -> None:
    step_functions.add("one", holding("x"), name="by-hand")
    step_functions.fails_at = action
    with pytest.raises(AwsRequestFailed):
        held(step_functions)


class TestOneRun:
    @pytest.mark.parametrize(
        ("name", "redrive_count", "own_count", "stands"),
        [("own", 0, 0, True), ("over", 0, 0, False), ("over", 1, 2, True), ("over", 1, 1, False)],
        ids=["going on", "over", "an answer from before its redrive", "over after its redrive"],
    )
    def test_stands_while_it_goes_on_or_was_redriven(
        self, step_functions: StepFunctions, name: str, redrive_count: int, own_count: int, stands: bool
    ) -> None:
        """A redriven start would cancel its own execution otherwise."""
        step_functions.add("over", prepared(), stopped_ago=1)
        step_functions.runs[-1]["redriveCount"] = redrive_count
        assert is_standing(environment(step_functions), run_name("default", "a-job", name), own_count) is stands

    def test_is_known_by_its_name(self, step_functions: StepFunctions) -> None:
        assert describe_run(environment(step_functions), OWN)["name"] == OWN
        assert known_run(environment(step_functions), OWN, ONCE)["status"] == "RUNNING"
        with pytest.raises(RunNotFound, match=r"^there is no run nobody, or it ended more than 90 days ago$"):
            known_run(environment(step_functions), "nobody", ONCE)
        step_functions.fails_at = "DescribeExecution"
        with pytest.raises(Throttled):
            known_run(environment(step_functions), "nobody", ONCE)


class TestHowFarAHistoryIsRead:
    def test_a_run_that_is_followed_takes_one_page_however_long_it_waited(self, step_functions: StepFunctions) -> None:
        long = prepared()
        for _ in range(3000):
            long.entered("StartLater").called("Prepare", {"request": {}, "run": {}}, RUN)
        step_functions.add("long", long.followed({**RUN, "executionId": "x"}))
        asked = environment(step_functions)
        assert read_history(asked, run_arn(asked, run_name("default", "a-job", "long"))).execution_id == "x"
        assert step_functions.times_asked("GetExecutionHistory") == 1

    def test_posts_behind_many_searches_are_read_in_few_pages(self, step_functions: StepFunctions) -> None:
        searching = starting().failed("StartUnconfirmed")
        later = {"outcome": "later", "run": RUN, "waitSeconds": 5}
        for _ in range(150):
            searching.entered("AwaitConsistency").called("Find", {"request": {}, "run": RUN}, later)
        step_functions.add("searching", searching)
        asked = environment(step_functions)
        history = read_history(asked, run_arn(asked, run_name("default", "a-job", "searching")))
        assert len(history.post_windows) == 1
        assert step_functions.times_asked("GetExecutionHistory") <= 6
