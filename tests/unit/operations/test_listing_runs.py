"""`GET /runs` and `GET /connections/{connection}/runs`: open runs, runs being stopped, runs that have ended."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from farsync.model.execution import iso_instant
from tests.unit.operations.cloud import a_cloud
from tests.unit.operations.listed_runs import HOUR, Listed
from tests.unit.operations.runs_client import RunsClient


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[Listed]:
    with a_cloud("data-flow", tmp_path) as cloud:
        yield Listed(RunsClient(cloud))


def test_open_runs_come_first_and_then_ended_ones_the_last_first(listed: Listed) -> None:
    listed.run("older", ago=2 * HOUR)
    listed.run("newer", "b", connection="other", ago=HOUR)
    for number, event in enumerate(["succeeded", "failed", "canceled", "timed_out"]):
        listed.ended(f"ended-{number}", f"execution.{event}", ago=(number + 1) * HOUR)
    listed.ended("rejected", "run.failed", ago=5 * HOUR)
    listed.ended("lost", "run.unobservable", ago=6 * HOUR)
    assert listed.list() == [
        ("newer", "RUNNING"),
        ("older", "RUNNING"),
        ("ended-0", "SUCCEEDED"),
        ("ended-1", "FAILED"),
        ("ended-2", "CANCELED"),
        ("ended-3", "TIMED_OUT"),
        ("rejected", "FAILED"),
        ("lost", "UNOBSERVABLE"),
    ]


def test_an_item_has_what_its_run_or_its_event_says(listed: Listed) -> None:
    name = listed.run("open")
    began = iso_instant(listed.client.environment_now(-HOUR))
    error = {"name": "ExecutionFailed", "message": "why"}
    said: dict[str, Any] = {
        "jobName": "load",
        "executionId": "e",
        "startedAt": "2027-01-15T07:00:00Z",
        "durationSeconds": 60.0,
        "detectionDelaySeconds": 5.0,
        "labels": {"team": "night"},
        "error": error,
    }
    ended = listed.ended("ended", "execution.failed", estimatedCostUsd=0.0003, **said)
    known = {"connection": "default", "job": "a"}
    assert listed.client.list().body["runs"] == [
        {"name": name, "state": "RUNNING", **known, "startedAt": began, "labels": {"n": "open"}},
        {"name": ended, "state": "FAILED", **known, "stoppedAt": began, "costUsd": 0.0003, **said},
    ]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("?state=RUNNING", ["open", "open-b"]),
        ("?state=FAILED,CANCELED", ["failed", "canceled-b"]),
        ("?job=b", ["open-b", "canceled-b"]),
        ("?connection=other", ["open-b", "canceled-b"]),
        ("?connection=other&job=a", []),
        ("?connection=default&job=a&state=RUNNING,SUCCEEDED", ["open", "done"]),
        ("?state=STOPPING", []),
    ],
)
def test_a_list_is_narrowed_by_state_connection_and_job(listed: Listed, query: str, wanted: list[str]) -> None:
    listed.run("open", ago=1)
    listed.run("open-b", "b", connection="other", ago=2)
    listed.ended("done", ago=1)
    listed.ended("failed", "execution.failed", ago=2)
    listed.ended("canceled-b", "execution.canceled", job="b", connection="other", ago=3)
    assert [short for short, _ in listed.list(query)] == wanted


def test_a_list_over_one_connection_holds_no_other(listed: Listed) -> None:
    listed.run("open")
    mine = listed.run("mine", connection="other")
    ended = listed.ended("ended", connection="other")
    listed.ended("not-mine")
    assert [run["name"] for run in listed.client.list_over("other").body["runs"]] == [mine, ended]


class TestWindow:
    @pytest.fixture(autouse=True)
    def runs(self, listed: Listed) -> None:
        for hours in (1, 20, 30, 50):
            listed.ended(f"{hours}-hours", ago=hours * HOUR)

    def test_the_last_day_is_meant_unless_the_query_says_otherwise(self, listed: Listed) -> None:
        assert [short for short, _ in listed.list()] == ["1-hours", "20-hours"]

    def test_what_ended_since_and_until_is_listed(self, listed: Listed) -> None:
        since, until = (iso_instant(listed.client.environment_now(-hours * HOUR)) for hours in (40, 10))
        assert [short for short, _ in listed.list(f"?since={since}&until={until}")] == ["20-hours", "30-hours"]

    def test_an_open_run_belongs_to_every_window(self, listed: Listed) -> None:
        listed.run("open", ago=100 * HOUR)
        since, until = (iso_instant(listed.client.environment_now(-hours * HOUR)) for hours in (70, 60))
        assert listed.list(f"?since={since}&until={until}") == [("open", "RUNNING")]


class TestStopping:
    @pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
    def test_a_run_that_is_over_and_in_no_event_is_being_stopped(self, listed: Listed, status: str) -> None:
        listed.run("open")
        listed.run("stopping", status=status, ended_ago=60)
        listed.ended("ended", ago=1)
        wanted = [("open", "RUNNING"), ("stopping", "STOPPING"), ("ended", "SUCCEEDED")]
        assert listed.list() == wanted
        assert listed.list("?state=STOPPING") == wanted[1:2]

    @pytest.mark.parametrize("event_ago", [59, 61], ids=["after", "before"])
    def test_a_run_whose_event_is_out_is_not(self, listed: Listed, event_ago: int) -> None:
        listed.run("x", status="ABORTED", ended_ago=60)
        listed.ended("x", "execution.canceled", ago=event_ago)
        assert listed.list() == [("x", "CANCELED")]

    def test_a_notice_is_no_end(self, listed: Listed) -> None:
        listed.run("x", status="ABORTED", ended_ago=60)
        listed.ended("x", "execution.needs_attention", ago=50)
        assert listed.list() == [("x", "STOPPING")]

    def test_a_run_that_failed_by_the_event_of_another_run_is_shown_as_it_failed(self, listed: Listed) -> None:
        data = {"status": "FAILED", "eventId": "e", "runName": "the-other", "detectedAt": "2027-01-15T07:59:00Z"}
        more: dict[str, Any] = {"error": "ExecutionFailed", "cause": json.dumps({**data, "final": True})}
        listed.run("attached", status="FAILED", ended_ago=60, **more)
        assert listed.list() == listed.list("?state=FAILED") == [("attached", "FAILED")]
        assert listed.list("?state=STOPPING") == []

    def test_of_another_time_is_not_listed(self, listed: Listed) -> None:
        listed.run("x", status="ABORTED", ago=90 * HOUR, ended_ago=50 * HOUR)
        assert listed.list() == []


class TestOneRunWithSeveralEvents:
    def test_the_true_end_overrules_that_the_run_was_unobservable_whichever_came_last(self, listed: Listed) -> None:
        for order, events in (("late", ["run.unobservable", "execution.succeeded"]), ("early", ["execution.failed"])):
            for number, event in enumerate(events):
                listed.ended(order, event, ago=100 - number)
        listed.ended("early", "run.unobservable", ago=50)
        assert sorted(listed.list()) == [("early", "FAILED"), ("late", "SUCCEEDED")]
        assert listed.list("?state=UNOBSERVABLE") == []

    def test_a_run_that_was_redriven_is_open(self, listed: Listed) -> None:
        listed.run("x")
        listed.ended("x", "run.failed", ago=100)
        assert listed.list() == [("x", "RUNNING")]

    def test_ends_that_no_run_followed_and_lines_of_others_are_no_runs(self, listed: Listed) -> None:
        listed.aws.record(listed.now - 1, "execution.succeeded", None, job="a")
        listed.aws.record(listed.now - 1, "backfill.completed", None)
        listed.aws.record(listed.now - 1, "execution.succeeded", "x", detectedAt="never")
        listed.aws.lines.append({"timestamp": int(listed.now * 1000) - 5, "message": "no JSON"})
        assert listed.list() == []


class TestPages:
    @pytest.mark.parametrize("limit", [1, 2, 3, 7])
    def test_pages_hold_every_run_once_also_those_of_one_millisecond(self, listed: Listed, limit: int) -> None:
        for number in range(3):
            listed.run(f"open-{number}", ago=10)
            listed.run(f"stopping-{number}", status="ABORTED", ended_ago=30)
        for number in range(5):
            listed.ended(f"ended-{number}", ago=20)
        found = [short for short, _ in listed.list(f"?limit={limit}")]
        assert len(found) == 11
        assert set(found) == set(listed.names.values())

    def test_an_answer_reads_no_more_runs_than_it_may_and_says_that_there_is_more(self, listed: Listed) -> None:
        listed.aws.page_size = 1000
        for number in range(150):
            listed.run(f"{number}", "b", connection="other")
        answered = listed.client.list("?connection=default")
        assert answered.body["runs"] == []
        assert answered.body["nextToken"]
        assert listed.aws.asked.count("DescribeExecution") == 100

    def test_open_runs_of_one_job_over_one_connection_are_known_by_their_names(self, listed: Listed) -> None:
        listed.run("x")
        listed.run("y", "b")
        (run,) = listed.client.list("?connection=default&job=a").body["runs"]
        assert (listed.names[run["name"]], "labels" in run) == ("x", False)
        assert "DescribeExecution" not in listed.aws.asked

    def test_a_run_that_its_caller_named_is_read(self, listed: Listed) -> None:
        listed.run("nightly", by_hand=True)
        listed.run("weekly", "b", by_hand=True)
        assert listed.list("?connection=default&job=a") == [("nightly", "RUNNING")]

    def test_an_answer_reads_the_log_no_further_than_it_may(self, listed: Listed) -> None:
        listed.aws.page_size = 1
        for number in range(15):
            listed.ended(str(number), ago=number + 1, job="b" if number < 12 else "a")
        answered = listed.client.list("?job=a")
        assert (answered.body["runs"], listed.aws.asked.count("GetLogEvents")) == ([], 10)
        assert len(listed.list("?job=a")) == 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?state=OPEN", "state.0"),
        ("?state=RUNNING,", "state.1"),
        ("?nextToken=x", "nextToken"),
        ("?nextToken=%C3%A4", "nextToken"),
        ("?nextToken=e30xx", "nextToken"),
        ("?job=a/b", "job"),
        ("?limit=0", "limit"),
        ("?limit=101", "limit"),
        ("?since=yesterday", "since"),
        ("?since=2026-01-31T00:00:00", "since"),
        ("?until=2026-13-31T00:00:00Z", "until"),
        ("?since=2999-01-31T00:00:00Z", "since"),
    ],
)
def test_a_bad_question_is_rejected_by_name(listed: Listed, query: str, field: str) -> None:
    answered = listed.client.list(query)
    assert (answered.status, answered.body["field"]) == (400, field)
