"""Ends of executions that nobody at farsync started, as both clouds tell of them."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from farsync.connections import ConnectionStore
from farsync.naming import run_name
from farsync.watching import MOST_EVENTS, watch
from tests.unit.use_cases.conftest import Cloud
from tests.unit.use_cases.followed_runs import followed
from tests.unit.use_cases.step_functions_memory import StepFunctions, WalkedRun

KNOWN_TO_A_RUN_ONLY = {"detectedAt", "detectionDelaySeconds", "polls", "runName", "estimatedCostUsd"}
LONG_AGO = timedelta(hours=1)


@pytest.fixture
def watched(cloud: Cloud) -> Cloud:
    """Step Functions remembers no run."""
    cloud.environment = cloud.environment._replace(aws=StepFunctions({}))
    return cloud


def begun(cloud: Cloud, job: str) -> str:
    """As somebody would in the vendor's console."""
    provider = cloud.provider()
    return provider.start(job, condition=provider.get_job(job).condition, parameters={}).ref.execution_id


def ended(cloud: Cloud, job: str) -> str:
    execution_id = begun(cloud, job)
    cloud.wait_until_over(job, execution_id)
    return execution_id


def ends(cloud: Cloud, job: str, ago: timedelta = LONG_AGO, **more: Any) -> dict[str, Any]:
    since = (datetime.now(UTC) - ago).isoformat()
    return cloud.ask(watch, {"job": job, "since": since, **more})


def subjects(answer: dict[str, Any]) -> list[str]:
    return [event["subject"] for event in answer["events"]]


def remember_a_run(cloud: Cloud, job: str, execution_id: str | None, **run: Any) -> WalkedRun:
    """One that has posted its start, a minute ago or as `run` says."""
    begun_at = run.pop("started_at", time.time() - 60)
    walked = WalkedRun(run_name("default", job, execution_id or "lost"), {"job": job}, "", begun_at, **run)
    walked.note_start(begun_at, **({} if execution_id is None else {"executionId": execution_id, **walked.run}))
    assert isinstance(cloud.environment.aws, StepFunctions)
    cloud.environment.aws.runs.append(walked)
    return walked


def want_failure_reasons(cloud: Cloud) -> None:
    secret = json.dumps({**cloud.vendor.secret(), "watchedFailureReasons": True})
    cloud.environment = cloud.environment._replace(connections=ConnectionStore(lambda _: secret, clock=time.time))


@pytest.mark.parametrize("source", ["in", "nowhere"])
def test_an_end_is_told_exactly_as_a_run_tells_it(cloud: Cloud, source: str) -> None:
    want_failure_reasons(cloud)
    aws, run = followed(cloud, cloud.vendor.make_job(source))
    cloud.wait_until_over(run["job"], run["executionId"])
    aws.deliver(cloud.environment)
    (of_the_run,) = aws.events
    cloud.environment = cloud.environment._replace(aws=StepFunctions({}))
    (told,) = ends(cloud, run["job"])["events"]
    for event in (of_the_run, told):
        event["data"] = {name: value for name, value in event["data"].items() if name not in KNOWN_TO_A_RUN_ONLY}
    assert told == of_the_run


@pytest.mark.parametrize("is_wanted", [False, True])
def test_what_the_provider_says_of_a_failure_is_told_where_the_connection_wants_it(
    watched: Cloud, is_wanted: bool
) -> None:
    if is_wanted:
        want_failure_reasons(watched)
    job = watched.vendor.make_job("hunter2")
    execution_id = ended(watched, job)
    reason = watched.provider().get_execution(job, execution_id).failure_reason
    (event,) = ends(watched, job)["events"]
    if watched.vendor.connection == "huawei":
        assert "hunter2" in (reason or "")
        assert ("hunter2" in json.dumps(event)) is is_wanted
    else:
        assert reason is None


def test_what_ended_before_or_after_is_not_told(watched: Cloud) -> None:
    job = watched.vendor.make_job()
    ended(watched, job)
    half_an_hour_ago = (datetime.now(UTC) - timedelta(minutes=30)).isoformat()
    assert subjects(ends(watched, job, ago=timedelta(hours=-1))) == []
    assert subjects(ends(watched, job, until=half_an_hour_ago)) == []


def test_where_nothing_has_ended_the_vendor_is_called_once(slow_cloud: Cloud) -> None:
    job = slow_cloud.vendor.make_job()
    begun(slow_cloud, job)
    before = slow_cloud.vendor.control("GET", "requests")["counts"]
    assert subjects(ends(slow_cloud, job)) == []
    after = slow_cloud.vendor.control("GET", "requests")["counts"]
    name = slow_cloud.vendor.operations["list_executions"]
    assert {one: count for one, count in after.items() if count != before.get(one, 0)} == {
        name: before.get(name, 0) + 1
    }


def test_many_ends_are_told_a_few_at_a_time_each_once(watched: Cloud) -> None:
    job = watched.vendor.make_job()
    all_ended = [ended(watched, job) for _ in range(MOST_EVENTS + 2)]
    first = ends(watched, job)
    rest = ends(watched, job, after=first["next"])
    assert len(first["events"]) == MOST_EVENTS
    assert "next" not in rest
    assert sorted(subjects(first) + subjects(rest)) == sorted(all_ended)


@pytest.mark.parametrize("is_attached", [False, True])
def test_what_an_open_run_holds_is_left_to_it(watched: Cloud, is_attached: bool) -> None:
    job = watched.vendor.make_job()
    of_the_run, of_nobody = ended(watched, job), ended(watched, job)
    remember_a_run(watched, job, of_the_run, run={"isAttached": is_attached})
    assert subjects(ends(watched, job)) == [of_nobody]


def test_what_a_run_held_that_is_long_over_is_told_once_more_lest_its_event_was_lost(watched: Cloud) -> None:
    job = watched.vendor.make_job()
    of_the_run = ended(watched, job)
    run = remember_a_run(watched, job, of_the_run, status="FAILED", stopped_at=time.time() - 60)
    assert subjects(ends(watched, job)) == []
    run.stopped_at = time.time() - 600
    assert subjects(ends(watched, job)) == [of_the_run]
