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
from tests.unit.operations.closing_aws import VARIABLES, Aws, EndedExecution
from tests.unit.operations.old_cloud import Cloud, cloud, slow_cloud  # noqa: F401

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
THREE_O_CLOCK = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
FINAL = json.dumps({"status": "FAILED", "final": True})
RUN = {
    "startedAt": "2026-11-21T00:00:00Z",
    "deadlineAt": "2026-11-22T00:00:00Z",
    "connection": "default",
    "provider": "naver",
    "job": "x",
    "executionId": "77",
}


class Sweeper:
    """The sweep at a time of day, with the runs that a test gives it."""

    def __init__(self, cloud: Cloud, now: datetime = NOON) -> None:
        self.aws = Aws()
        self.now = now.timestamp()
        self.waited = 0.0
        self._cloud = cloud

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.waited += seconds

    def ended(
        self, name: str, ago: timedelta, status: str = "ABORTED", *, lasted: timedelta = timedelta(hours=1), **end: str
    ) -> EndedExecution:
        stopped_at = self.now - ago.total_seconds()
        history = History(stopped_at - 60).begun({"job": "x"}).followed({**RUN, "name": name})
        history.now = stopped_at
        started_at = stopped_at - lasted.total_seconds()
        run = EndedExecution(name, {"job": "x"}, history.ended(status, **end), status, started_at, stopped_at)
        self.aws.runs[name] = run
        return run

    def sweep(self) -> dict[str, Any]:
        environment = self._cloud.environment._replace(
            clock=lambda: self.now, sleep=self.sleep, aws=self.aws, variables=VARIABLES
        )
        answer = sweep(environment, Invocation("schedule", {}))
        return answer.body.model_dump(mode="json", by_alias=True)

    def provider_calls(self) -> dict[str, int]:
        calls: dict[str, int] = self._cloud.emulator.control("GET", "requests")["counts"]
        return calls

    @property
    def names(self) -> list[str]:
        return [body["name"] for _, body in self.aws.sent if isinstance(body, dict)]


@pytest.fixture
def at_noon(cloud: Cloud) -> Sweeper:
    return Sweeper(cloud)


pytestmark = pytest.mark.parametrize("cloud", ["naver-G1"], indirect=True)


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
def test_a_run_whose_status_event_was_lost_is_sent_to_be_closed(at_noon: Sweeper, status: str) -> None:
    run = at_noon.ended("a-run", timedelta(minutes=5), status)
    assert at_noon.sweep() == {"sent": 1, "left": 0}
    assert at_noon.aws.sent == [("close", {**run.message, "isSwept": True})]


def test_a_sweep_says_which_redrive_of_a_run_it_saw(at_noon: Sweeper) -> None:
    at_noon.ended("a-run", timedelta(minutes=5)).redrive_count = 2
    at_noon.sweep()
    ((_, message),) = at_noon.aws.sent
    assert isinstance(message, dict)
    assert message["redriveCount"] == 2


def test_runs_that_are_final_or_succeeded_or_go_on_are_left_alone(at_noon: Sweeper) -> None:
    at_noon.ended("final", timedelta(hours=1), "FAILED", error="ExecutionFailed", cause=FINAL)
    at_noon.ended("succeeded", timedelta(hours=1), "SUCCEEDED")
    at_noon.ended("goes-on", timedelta(hours=1)).status = "RUNNING"
    assert at_noon.sweep() == {"sent": 0, "left": 0}


def test_a_failed_job_costs_a_sweep_one_aws_call_beside_the_lists_and_none_to_the_provider(at_noon: Sweeper) -> None:
    at_noon.ended("final", timedelta(hours=1), "FAILED", error="ExecutionFailed", cause=FINAL)
    provider_calls = at_noon.provider_calls()
    at_noon.sweep()
    assert at_noon.aws.asked == ["ListExecutions"] * 4 + ["GetExecutionHistory"]
    assert at_noon.provider_calls() == provider_calls


def test_a_run_that_began_nothing_and_has_its_event_is_left_alone(at_noon: Sweeper) -> None:
    run = at_noon.ended("a-run", timedelta(hours=1), "FAILED")
    run.history = History(run.stopped_at).begun({"job": "x"}).entered("Prepare").ended("FAILED")
    assert at_noon.sweep() == {"sent": 1, "left": 0}
    at_noon.aws.events[run_event_id("a-run", 0)] = {"type": "io.farsync.run.failed", "data": {}}
    assert at_noon.sweep() == {"sent": 0, "left": 0}


@pytest.mark.parametrize("is_listed", [True, False], ids=["listed", "not-listed-yet"])
@pytest.mark.parametrize(("status", "sent"), [("SUCCEEDED", 0), ("RUNNING", 0), ("FAILED", 1)])
def test_a_run_that_was_closed_is_left_alone_once_its_event_is_handed_over(
    at_noon: Sweeper, status: str, sent: int, is_listed: bool
) -> None:
    at_noon.ended("a-run", timedelta(hours=1), "FAILED")
    at_noon.aws.are_closings_listed = is_listed
    closing = {"status": status, "input": json.dumps({"input": {"event": {}}})}
    at_noon.aws.closings[closing_name("a-run", 0)] = closing
    assert at_noon.sweep() == {"sent": sent, "left": 0}


def test_runs_that_were_closed_take_no_time_from_those_that_were_not(at_noon: Sweeper) -> None:
    for number in range(3000):
        name = f"run-{number}"
        at_noon.ended(name, timedelta(minutes=1))
        at_noon.aws.closings[closing_name(name, 0)] = {"status": "SUCCEEDED"}
    run = at_noon.ended("older", timedelta(hours=20))
    assert at_noon.sweep() == {"sent": 1, "left": 0}
    assert at_noon.names == [run.name]


@pytest.mark.parametrize("status", ["ABORTED", "TIMED_OUT"])
def test_a_run_that_leaves_an_execution_behind_waits_for_no_failed_one_to_be_read(
    at_noon: Sweeper, status: str
) -> None:
    for number in range(3000):
        at_noon.ended(f"run-{number}", timedelta(minutes=1), "FAILED", error="ExecutionFailed", cause=FINAL)
    at_noon.ended("a-run", timedelta(hours=20), status)
    assert at_noon.sweep()["sent"] == 1
    assert at_noon.names == ["a-run"]


def test_a_run_out_of_sight_is_sent_again_since_its_execution_may_still_run(at_noon: Sweeper) -> None:
    at_noon.ended("a-run", timedelta(hours=1), "FAILED")
    at_noon.aws.events[run_event_id("a-run", 0)] = {"type": "io.farsync.run.unobservable"}
    assert at_noon.sweep() == {"sent": 1, "left": 0}


def test_what_an_unconfirmed_start_began_and_is_out_of_sight_is_sent_again(at_noon: Sweeper) -> None:
    run = at_noon.ended("a-run", timedelta(hours=1), "FAILED")
    variable = {name: value for name, value in RUN.items() if name != "executionId"}
    history = History(run.stopped_at - 60).begun({"job": "x"}).called("Prepare", {}, variable).entered("Start")
    run.history = history.scheduled({"run": variable}).failed("Lambda.Unknown").ended("FAILED")
    at_noon.aws.events[run_event_id("a-run", 0)] = {"data": {"executionId": "77"}}
    assert at_noon.sweep() == {"sent": 1, "left": 0}


@pytest.mark.parametrize(
    ("now", "swept"),
    [(NOON, ["minutes", "a-day"]), (THREE_O_CLOCK, ["minutes", "a-day", "two-days", "two-weeks"])],
    ids=["hourly", "once-a-day"],
)
def test_a_sweep_looks_back_a_day_and_once_a_day_two_weeks(cloud: Cloud, now: datetime, swept: list[str]) -> None:
    sweeper = Sweeper(cloud, now)
    ages = {
        "minutes": timedelta(minutes=5),
        "a-day": timedelta(hours=24, minutes=30),
        "two-days": timedelta(days=2),
        "two-weeks": timedelta(days=13, hours=23),
        "longer": timedelta(days=15),
    }
    for name, ago in ages.items():
        sweeper.ended(name, ago)
    sweeper.sweep()
    assert sweeper.names == swept


def test_a_run_that_lasted_a_month_is_found_behind_many_pages(at_noon: Sweeper) -> None:
    at_noon.aws.page_size = 2
    for number in range(5):
        at_noon.ended(f"final-{number}", timedelta(hours=2), "FAILED", error="ExecutionFailed", cause=FINAL)
    for number in range(3):
        at_noon.ended(f"old-{number}", timedelta(days=20), "FAILED")
    at_noon.ended("a-month", timedelta(hours=1), "FAILED", lasted=timedelta(days=30))
    assert at_noon.sweep() == {"sent": 1, "left": 0}
    assert at_noon.names == ["a-month"]


def test_pages_of_runs_that_began_too_long_ago_are_not_read(at_noon: Sweeper) -> None:
    at_noon.aws.page_size = 2
    for number in range(20):
        at_noon.ended(f"old-{number}", timedelta(days=50 + number))
    at_noon.sweep()
    assert at_noon.aws.asked.count("ListExecutions") == 4


def test_a_sweep_makes_at_most_ten_history_calls_a_second(at_noon: Sweeper) -> None:
    for number in range(30):
        at_noon.ended(f"run-{number}", timedelta(minutes=number), "FAILED", error="ExecutionFailed", cause=FINAL)
    begun = at_noon.now
    at_noon.sweep()
    assert at_noon.aws.asked.count("GetExecutionHistory") == 30
    assert at_noon.now - begun >= 30 / 10 - 0.001


def test_a_sweep_ends_before_its_function_is_cut_off_and_says_what_is_left(at_noon: Sweeper) -> None:
    for number in range(5):
        at_noon.ended(f"run-{number}", timedelta(minutes=number + 1), "FAILED")
    at_noon.aws.before["GetExecutionHistory"] = lambda: at_noon.sleep(100)
    assert at_noon.sweep() == {"sent": 3, "left": 2}
    assert at_noon.names == ["run-0", "run-1", "run-2"], "the newest first"


def test_a_run_that_cannot_be_looked_into_is_sent_all_the_same(at_noon: Sweeper) -> None:
    at_noon.ended("a-run", timedelta(hours=1), "FAILED")
    at_noon.aws.fails = {"GetExecutionHistory"}
    assert at_noon.sweep() == {"sent": 1, "left": 0}


@pytest.mark.parametrize("action", ["ListExecutions", "SendMessage"])
def test_a_sweep_that_cannot_do_its_work_fails(at_noon: Sweeper, action: str) -> None:
    at_noon.ended("a-run", timedelta(hours=1))
    at_noon.aws.fails = {action}
    with pytest.raises(Throttled):
        at_noon.sweep()
