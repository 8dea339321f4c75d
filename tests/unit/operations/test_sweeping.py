"""Runs that ended badly are sent to be closed once more, unless all is known and done."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from farsync.model.errors import Throttled
from farsync.model.names import closing_name, run_event_id
from farsync.operations.sweep_runs import sweep
from farsync.runtime.request import Invocation
from tests.unit.histories import History
from tests.unit.operations.aws_in_memory import Aws, Run
from tests.unit.operations.scripted import RUN, fake_context

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
THREE_O_CLOCK = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FINAL: dict[str, Any] = {"error": "ExecutionFailed", "cause": json.dumps({"status": "FAILED", "final": True})}


class Sweeper:
    """The sweep at a time of day, with the runs that a test gives it. It asks no provider."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now.timestamp()
        self.aws = Aws(lambda: self.now)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def ended(self, name: str, ago: timedelta, status: str = "ABORTED", *, lasted: timedelta = HOUR, **end: str) -> Run:
        stopped_at = self.now - ago.total_seconds()
        history = History(stopped_at - 60).begun({"job": "x"}).followed({**RUN, "name": name})
        history.now = stopped_at
        started_at = stopped_at - lasted.total_seconds()
        run = Run(name, '{"job": "x"}', started_at, status, stopped_at, history=history.ended(status, **end))
        self.aws.runs[name] = run
        return run

    def sweep(self) -> tuple[int, int]:
        """How many runs were sent, and how many are left."""
        context = fake_context(self.aws, dict[str, Any]().__getitem__)._replace(sleep=self.sleep)
        answer: Any = sweep(context, Invocation("schedule", {})).body
        return answer.sent, answer.left

    @property
    def names(self) -> list[str]:
        return [body["name"] for _, body in self.aws.sent]


@pytest.fixture
def at_noon() -> Sweeper:
    return Sweeper()


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
def test_a_run_whose_status_event_was_lost_is_sent_to_be_closed(at_noon: Sweeper, status: str) -> None:
    run = at_noon.ended("a-run", timedelta(minutes=5), status)
    assert at_noon.sweep() == (1, 0)
    assert at_noon.aws.sent == [("close", {**run.message, "isSwept": True})]


def test_a_sweep_says_which_redrive_of_a_run_it_saw(at_noon: Sweeper) -> None:
    at_noon.ended("a-run", timedelta(minutes=5)).redrive_count = 2
    at_noon.sweep()
    assert [message["redriveCount"] for _, message in at_noon.aws.sent] == [2]


def test_runs_that_are_final_or_succeeded_or_go_on_are_left_alone_at_the_price_of_a_history(at_noon: Sweeper) -> None:
    at_noon.ended("final", HOUR, "FAILED", **FINAL)
    at_noon.ended("succeeded", HOUR, "SUCCEEDED")
    at_noon.ended("goes-on", HOUR).status = "RUNNING"
    at_noon.ended("has-just-been-redriven", HOUR).stopped_at = None
    assert at_noon.sweep() == (0, 0)
    assert at_noon.aws.asked == ["ListExecutions"] * 4 + ["GetExecutionHistory"]


def test_a_run_that_began_nothing_and_has_its_event_is_left_alone(at_noon: Sweeper) -> None:
    run = at_noon.ended("a-run", HOUR)
    run.history = History(at_noon.now).begun({"job": "x"}).entered("Prepare").ended("ABORTED")
    assert at_noon.sweep() == (1, 0)
    at_noon.aws.events[run_event_id("a-run", 0)] = {"type": "io.farsync.run.failed", "data": {}}
    assert at_noon.sweep() == (0, 0)


@pytest.mark.parametrize("is_listed", [True, False], ids=["listed", "not-listed-yet"])
@pytest.mark.parametrize(("status", "sent"), [("SUCCEEDED", 0), ("RUNNING", 0), ("FAILED", 1)])
def test_a_run_that_was_closed_is_left_alone_once_its_event_is_handed_over(
    at_noon: Sweeper, status: str, sent: int, is_listed: bool
) -> None:
    at_noon.ended("a-run", HOUR)
    at_noon.aws.are_claims_listed = is_listed
    name = closing_name("a-run", 0)
    at_noon.aws.claims[name] = Run(name, json.dumps({"input": {"event": {}}}), at_noon.now, status)
    assert at_noon.sweep() == (sent, 0)


@pytest.mark.parametrize("status", ["ABORTED", "TIMED_OUT"])
def test_a_run_that_leaves_an_execution_behind_waits_for_no_failed_one_to_be_read(
    at_noon: Sweeper, status: str
) -> None:
    for number in range(3000):
        at_noon.ended(f"run-{number}", timedelta(minutes=1), "FAILED", **FINAL)
    at_noon.ended("a-run", timedelta(hours=20), status)
    assert at_noon.sweep()[0] == 1
    assert at_noon.names == ["a-run"]


def test_a_run_out_of_sight_is_sent_again_since_its_execution_may_still_run(at_noon: Sweeper) -> None:
    at_noon.ended("a-run", HOUR)
    at_noon.aws.events[run_event_id("a-run", 0)] = {"type": "io.farsync.run.unobservable", "data": {}}
    assert at_noon.sweep() == (1, 0)


def test_an_execution_of_an_unconfirmed_start_that_is_out_of_sight_is_sent_again(at_noon: Sweeper) -> None:
    run = at_noon.ended("a-run", HOUR)
    variable = {name: value for name, value in RUN.items() if name != "executionId"}
    history = History(at_noon.now - 60).begun({"job": "x"}).called("Prepare", {}, variable).entered("Start")
    run.history = history.scheduled({"run": variable}).failed("Lambda.Unknown").ended("ABORTED")
    at_noon.aws.events[run_event_id("a-run", 0)] = {"data": {"executionId": "77"}}
    assert at_noon.sweep() == (1, 0)


@pytest.mark.parametrize(
    ("now", "swept"),
    [(NOON, ["minutes", "a-day"]), (THREE_O_CLOCK, ["minutes", "a-day", "two-days", "two-weeks"])],
    ids=["hourly", "once-a-day"],
)
def test_a_sweep_looks_back_a_day_and_once_a_day_two_weeks(now: datetime, swept: list[str]) -> None:
    sweeper = Sweeper(now)
    ages = {"minutes": 0.1, "a-day": 24.5, "two-days": 48, "two-weeks": 14 * 24 - 1, "longer": 15 * 24}
    for name, hours in ages.items():
        sweeper.ended(name, hours * HOUR)
    sweeper.sweep()
    assert sweeper.names == swept


def test_a_run_that_lasted_a_month_is_found_behind_many_pages(at_noon: Sweeper) -> None:
    at_noon.aws.page_size = 2
    for number in range(5):
        at_noon.ended(f"final-{number}", 2 * HOUR, "FAILED", **FINAL)
    for number in range(3):
        at_noon.ended(f"old-{number}", timedelta(days=20), "FAILED")
    at_noon.ended("a-month", HOUR, "FAILED", lasted=timedelta(days=30))
    assert at_noon.sweep() == (1, 0)
    assert at_noon.names == ["a-month"]


def test_pages_of_runs_that_began_too_long_ago_are_not_read(at_noon: Sweeper) -> None:
    at_noon.aws.page_size = 2
    for number in range(20):
        at_noon.ended(f"old-{number}", timedelta(days=50 + number))
    at_noon.sweep()
    assert at_noon.aws.asked.count("ListExecutions") == 4


def test_a_sweep_makes_at_most_ten_history_calls_a_second(at_noon: Sweeper) -> None:
    for number in range(30):
        at_noon.ended(f"run-{number}", timedelta(minutes=number), "FAILED", **FINAL)
    begun = at_noon.now
    at_noon.sweep()
    assert at_noon.aws.asked.count("GetExecutionHistory") == 30
    assert at_noon.now - begun >= 30 / 10 - 0.001


def test_a_sweep_ends_before_its_function_is_cut_off_and_says_what_is_left(at_noon: Sweeper) -> None:
    for number in range(5):
        at_noon.ended(f"run-{number}", timedelta(minutes=number + 1))
    at_noon.aws.before["GetExecutionHistory"] = lambda: at_noon.sleep(100)
    assert at_noon.sweep() == (3, 2)
    assert at_noon.names == ["run-0", "run-1", "run-2"], "the newest first"


def test_a_run_that_cannot_be_looked_into_is_sent_all_the_same(at_noon: Sweeper) -> None:
    at_noon.ended("a-run", HOUR)
    at_noon.aws.reject("GetExecutionHistory")
    assert at_noon.sweep() == (1, 0)


@pytest.mark.parametrize("action", ["ListExecutions", "SendMessage"])
def test_a_sweep_that_cannot_do_its_work_fails(at_noon: Sweeper, action: str) -> None:
    at_noon.ended("a-run", HOUR)
    at_noon.aws.reject(action)
    with pytest.raises(Throttled):
        at_noon.sweep()
