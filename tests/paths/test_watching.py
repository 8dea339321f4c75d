"""Ends that nobody at farsync has started are told once, with those of runs, and none is forgotten."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.closings import wait_for_state
from tests.support.map_transitions import all_transitions_of, all_transitions_walked
from tests.support.sandbox import Ended, Sandbox
from tests.support.watching import begin, look, looked_since, told_of, wait_until_over

pytestmark = pytest.mark.newest_dialects
NOON, LATER = "2026-11-21T12:00:00Z", "2026-11-21T12:05:00Z"


@dataclass(frozen=True)
class Period:
    """Three looks by schedule at two jobs, of which one cannot be looked at in the second."""

    well: str
    ill: str
    first: Ended
    failed: Ended
    last: Ended


@pytest.fixture(scope="session")
def period(sandbox: Sandbox) -> Period:
    well, ill = sandbox.vendor.make_job(), sandbox.vendor.make_job()
    first = look(sandbox, well, ill, scheduledTime=NOON)
    sandbox.vendor.add_fault(ill, "list_executions", "http_503", times=99)
    try:
        failed = look(sandbox, well, ill, scheduledTime=NOON)
    finally:
        sandbox.vendor.control("PUT", "faults", [])
    begin(sandbox, ill)
    wait_until_over(sandbox, ill, 1)
    return Period(well, ill, first, failed, look(sandbox, well, ill, scheduledTime=NOON))


@dataclass(frozen=True)
class InPart:
    """A look that may tell one page of ends, and the one after it."""

    job: str
    first: Ended
    second: Ended
    in_pages: Ended
    """A look by hand at all of them."""


@pytest.fixture(scope="session")
def in_part(sandbox: Sandbox) -> InPart:
    job = sandbox.vendor.make_job()
    before_all = (datetime.now(UTC) - timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for _ in range(11):
        begin(sandbox, job)
    wait_until_over(sandbox, job, 11)
    first = look(sandbox, job, scheduledTime=NOON, mostPages=1)
    second = look(sandbox, job, scheduledTime=LATER)
    return InPart(job, first, second, look(sandbox, job, since=before_all))


@pytest.fixture(scope="session")
def in_vain() -> dict[str, Ended]:
    """AWS fails for as long as a look tries."""
    impatient = Sandbox(speed=1000)
    job = impatient.vendor.make_job()
    begin(impatient, job)
    wait_until_over(impatient, job, 1)
    machines = impatient.aws["stateMachines"]
    before = look(impatient, scheduledTime=NOON)
    rules = {
        "looks are not listed": {"operation": "ListExecutions", "match": machines["watch_jobs"]},
        "a look is not described": {"operation": "DescribeExecution", "match": before.name},
        "events are not taken": {"operation": "StartExecution", "match": machines["emit_event"]},
    }
    looks: dict[str, Ended] = {}
    for title, rule in rules.items():
        impatient.set_aws_faults({**rule, "fault": "http_503", "times": 99})
        looks[title] = look(impatient, job, scheduledTime=NOON)
    impatient.stop()
    return looks


@pytest.fixture(scope="session")
def wrong(sandbox: Sandbox) -> Ended:
    return sandbox.wait_for(sandbox.start("watch_jobs", {}))


def test_an_end_that_no_run_waited_for_is_told_once_however_often_it_is_looked_at(sandbox: Sandbox) -> None:
    good, bad = sandbox.vendor.make_job(), sandbox.vendor.make_job(source="nowhere")
    executions = [begin(sandbox, good), begin(sandbox, bad)]
    for job in (good, bad):
        wait_until_over(sandbox, job, 1)
    looks = [look(sandbox, good, bad) for _ in range(2)]
    assert [one.output["ended"] for one in looks] == [2, 2]
    events = told_of(sandbox, good, bad)
    assert {event["subject"]: event["type"] for event in events} == {
        executions[0]: "io.farsync.execution.succeeded",
        executions[1]: "io.farsync.execution.failed",
    }
    assert len(events) == 2


def test_the_end_of_a_run_is_told_once_although_its_job_is_watched(sandbox: Sandbox) -> None:
    job = sandbox.vendor.make_job()
    run = sandbox.run({"job": job, "labels": {"team": "night"}})
    begin(sandbox, job)
    wait_until_over(sandbox, job, 2)
    look(sandbox, job)
    names = [event["data"].get("runName") for event in told_of(sandbox, job)]
    assert sorted(names, key=str) == [None, run.name]


def test_an_end_that_is_seen_before_its_run_has_seen_it_is_left_to_the_run_and_its_labels(sandbox: Sandbox) -> None:
    job = sandbox.vendor.make_job()
    request = {"connection": sandbox.vendor.connection, "job": job, "labels": {"team": "night"}}
    sandbox.change_mapping("poll_execution", "pause")
    try:
        run = sandbox.start("run_job", request)
        wait_for_state(sandbox, run, "Follow")
        wait_until_over(sandbox, job, 1)
        assert look(sandbox, job).output["ended"] == 0
    finally:
        sandbox.change_mapping("poll_execution", "resume")
    sandbox.wait_for(run)
    assert look(sandbox, job).status == "SUCCEEDED"
    (event,) = told_of(sandbox, job)
    assert event["data"]["labels"] == {"team": "night"}


def test_a_job_that_could_not_be_looked_at_is_caught_up_from_where_it_was_left(period: Period) -> None:
    assert period.first.output["behind"] == []
    assert period.failed.error == "JobsNotLookedAt"
    missed = looked_since(period.failed)[period.ill]
    assert [(one["job"], one["since"]) for one in period.failed.output["behind"]] == [(period.ill, missed)]
    assert looked_since(period.last)[period.ill] == missed
    assert looked_since(period.last)[period.well] > missed
    assert period.last.output["behind"] == []


def test_the_cause_of_a_failed_look_names_the_job_and_what_is_wrong(period: Period) -> None:
    (failed,) = period.failed.output["failed"]
    assert failed["job"] == period.ill
    assert failed["error"].startswith(("ProviderUnavailable: ", "Throttled: "))


def test_a_job_that_cannot_be_looked_at_keeps_no_other_from_being_told(sandbox: Sandbox) -> None:
    well, ill = sandbox.vendor.make_job(), sandbox.vendor.make_job()
    begin(sandbox, well)
    wait_until_over(sandbox, well, 1)
    sandbox.vendor.add_fault(ill, "list_executions", "http_503", times=99)
    try:
        assert look(sandbox, ill, well).status == "FAILED"
    finally:
        sandbox.vendor.control("PUT", "faults", [])
    assert len(told_of(sandbox, well)) == 1


def test_more_ends_than_one_look_may_tell_are_told_by_the_next(sandbox: Sandbox, in_part: InPart) -> None:
    assert in_part.first.output["ended"] == 10
    (behind,) = in_part.first.output["behind"]
    assert looked_since(in_part.second)[in_part.job] == behind["since"]
    assert in_part.second.output["behind"] == []
    assert in_part.in_pages.output == {"ended": 11}
    told = {event["subject"] for event in told_of(sandbox, in_part.job)}
    assert told == {one.execution_id for one in sandbox.vendor.truly_started(in_part.job)}


def test_a_look_by_hand_begins_where_it_is_told_and_leaves_no_mark(sandbox: Sandbox) -> None:
    job = sandbox.vendor.make_job()
    by_hand = look(sandbox, job, since="2099-11-21T03:00:00Z", scheduledTime=NOON)
    assert looked_since(by_hand)[job] == "2099-11-21T03:00:00.000Z"
    assert by_hand.output == {"ended": 0}


def test_a_look_goes_on_from_the_last_that_left_a_mark_with_ten_minutes_to_spare(sandbox: Sandbox) -> None:
    job = sandbox.vendor.make_job()
    marked = look(sandbox, job, scheduledTime=NOON)
    look(sandbox, job)
    until = marked.output["until"]
    since = looked_since(look(sandbox, job, scheduledTime=LATER))[job]
    assert datetime.fromisoformat(until) - datetime.fromisoformat(since) == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("machine_input", "field"),
    [
        ({}, "watch"),
        ({"watch": {"connection": "default", "jobs": ["x"]}}, "watch"),
        ({"watch": ["x"]}, "watch.0"),
        ({"watch": [{"jobs": ["x"]}]}, "watch.0.connection"),
        ({"watch": [{"connection": "a", "jobs": ["x"]}, {"connection": "b", "jobs": "x"}]}, "watch.1.jobs"),
        ({"watch": [{"connection": "a", "jobs": [1]}]}, "watch.0.jobs"),
        ({"watch": [{"connection": "a", "jobs": ["x"] * 101}]}, "watch"),
        ({"watch": [], "since": "yesterday"}, "since"),
    ],
)
@pytest.mark.parametrize("sandbox", [("naver", "G2", [])], indirect=True, scope="session")
def test_a_wrong_input_is_refused_by_the_name_of_its_field(sandbox: Sandbox, machine_input: object, field: str) -> None:
    refused = sandbox.wait_for(sandbox.start("watch_jobs", machine_input))
    assert refused.error == "InvalidRequest"
    assert refused.output["cause"].startswith(f"{field}: ")


def test_nothing_to_watch_is_no_fault(sandbox: Sandbox) -> None:
    assert look(sandbox).output == {"ended": 0}


def test_a_look_fails_only_after_it_has_tried_for_minutes(in_vain: dict[str, Ended]) -> None:
    for title, ended in in_vain.items():
        assert ended.status == "FAILED", title
        assert [event["type"] for event in ended.history].count("TaskFailed") == 9, title


def test_every_transition_of_watch_jobs_is_walked(
    period: Period, in_part: InPart, in_vain: dict[str, Ended], wrong: Ended, sandbox: Sandbox
) -> None:
    by_hand = look(sandbox, since="2099-11-21T03:00:00Z")
    parts = (in_part.first, in_part.second, in_part.in_pages)
    looks = (period.first, period.failed, period.last, *parts, wrong, by_hand)
    walked = {
        transition
        for one in (*looks, *in_vain.values())
        for transition in all_transitions_walked("watch_jobs", one.history)
    }
    assert walked == all_transitions_of("watch_jobs")


def test_the_schedule_of_the_template_looks_at_the_jobs_that_a_parameter_names() -> None:
    jobs: list[dict[str, Any]] = [{"connection": "huawei", "jobs": ["야간 적재"]}]
    sandbox = Sandbox("huawei", options=["--parameter", f"WatchedJobs={json.dumps(jobs, ensure_ascii=False)}"])
    try:
        (schedule,) = [one for one in sandbox.schedules() if one["name"] == "farsync-watch_jobs"]
        fired = sandbox.wait_for(sandbox.fire_schedule("farsync-watch_jobs"))
    finally:
        sandbox.stop()
    assert (schedule["state"], schedule["expression"]) == ("ENABLED", "rate(5 minutes)")
    assert fired.status == "SUCCEEDED"
    assert list(looked_since(fired)) == ["야간 적재"]
    assert "until" in fired.output
