"""One job with many sets of parameters: each set is run once, until it has succeeded."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

import jsonschema
import pytest

from farsync.naming import run_name
from tests.support.map_transitions import all_transitions_of, all_transitions_walked
from tests.support.sandbox import Ended, Sandbox
from tests.support.waiting import eventually
from tests.support.watching import told_of
from tools.export_event_schema import backfill_event_schema

pytestmark = pytest.mark.newest_dialects
HOUR = 3600


def backfill(sandbox: Sandbox, job: str, *values: str, **more: Any) -> Ended:
    return sandbox.wait_for(begin(sandbox, job, *values, **more), 200)


def begin(sandbox: Sandbox, job: str, *values: str, **more: Any) -> str:
    """Starts a backfill with a set for each value."""
    sets = [{sandbox.vendor.parameter: value} for value in values]
    request = {"connection": sandbox.vendor.connection, "job": job, "parameterSets": sets, **more}
    return sandbox.start("run_backfill", request)


def statuses(ended: Ended) -> dict[str, str]:
    """By the value of its parameter."""
    return {next(iter(one["parameters"].values())): one["status"] for one in told_results(ended)}


def told_results(ended: Ended) -> list[dict[str, Any]]:
    (composed,) = [
        json.loads(event["taskScheduledEventDetails"]["parameters"])["Input"]["event"]
        for event in ended.history
        if event["type"] == "TaskScheduled"
        and "io.farsync.backfill" in event["taskScheduledEventDetails"]["parameters"]
    ]
    jsonschema.Draft202012Validator(backfill_event_schema()).validate(composed)
    results: list[dict[str, Any]] = composed["data"]["results"]
    return results


@dataclass(frozen=True)
class Twice:
    """A backfill, and a larger one of the same job."""

    job: str
    first: Ended
    second: Ended


@pytest.fixture(scope="session")
def twice(sandbox: Sandbox) -> Twice:
    job = sandbox.vendor.make_job()
    first = backfill(sandbox, job, "a", "b", "c", maxConcurrency=3, labels={"team": "night"})
    return Twice(job, first, backfill(sandbox, job, "b", "d", "a"))


@pytest.fixture(scope="session")
def failing(sandbox: Sandbox) -> list[Ended]:
    """The same backfill of a job that fails, again and again."""
    job = sandbox.vendor.make_job(source="nowhere")
    return [backfill(sandbox, job, "a") for _ in range(5)]


@pytest.fixture(scope="session")
def stopped_early(sandbox: Sandbox) -> Ended:
    job = sandbox.vendor.make_job(source="nowhere")
    return backfill(sandbox, job, "a", "b", "c", "d", "e", maxConcurrency=2, stopOnFailures=2)


@pytest.fixture(scope="session")
def beside_another(sandbox: Sandbox) -> Ended:
    """A run of the same name goes on, for another request."""
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    other = begin(sandbox, job, "a", labels={"team": "night"})
    eventually(lambda: sandbox.vendor.truly_started(job))
    beside = backfill(sandbox, job, "a", labels={"team": "day"})
    sandbox.step_functions.stop_execution(executionArn=other)
    return beside


@pytest.fixture(scope="session")
def in_vain() -> dict[str, Ended]:
    """AWS fails for as long as a backfill tries."""
    impatient = Sandbox(speed=1000)
    job = impatient.vendor.make_job()
    backfill(impatient, job, "a")
    rules = {
        "events are not taken": {"operation": "StartExecution", "match": impatient.aws["stateMachines"]["emit_event"]},
        "runs are not described": {"operation": "DescribeExecution", "match": "-run_job:"},
    }
    ended: dict[str, Ended] = {}
    for title, rule in rules.items():
        impatient.set_aws_faults({**rule, "fault": "http_503", "times": 99})
        ended[title] = backfill(impatient, job, "a")
    impatient.stop()
    return ended


@pytest.fixture(scope="session")
def wrong(sandbox: Sandbox) -> Ended:
    return backfill(sandbox, "a-job", maxConcurrency=41)


def test_each_set_is_run_once_with_its_parameters(sandbox: Sandbox, twice: Twice) -> None:
    assert twice.first.status == twice.second.status == "SUCCEEDED"
    started = sandbox.vendor.truly_started(twice.job)
    assert sorted(one.parameters[sandbox.vendor.parameter] for one in started) == ["a", "b", "c", "d"]


def test_a_backfill_that_is_started_again_skips_what_has_succeeded(twice: Twice) -> None:
    assert statuses(twice.first) == {"a": "SUCCEEDED", "b": "SUCCEEDED", "c": "SUCCEEDED"}
    assert statuses(twice.second) == {"d": "SUCCEEDED", "a": "DONE_BEFORE", "b": "DONE_BEFORE"}
    ids = {one["runName"]: one["executionId"] for one in told_results(twice.first)}
    assert all(ids[one["runName"]] == one["executionId"] for one in told_results(twice.second)[1:])


def test_its_runs_are_named_as_others_of_the_job(sandbox: Sandbox, twice: Twice) -> None:
    prefix = run_name(sandbox.vendor.connection, twice.job).partition("-")[0]
    assert all(one["runName"].startswith(f"{prefix}-") for one in told_results(twice.first))


def test_its_event_tells_what_became_of_each_set_and_the_runs_have_theirs(sandbox: Sandbox) -> None:
    job = sandbox.vendor.make_job()
    ended = backfill(sandbox, job, "a", labels={"team": "night"})
    of_runs, of_backfills = told_of(sandbox, job), []
    for event in list(of_runs):
        if event["type"] == "io.farsync.backfill.completed":
            of_runs.remove(event)
            of_backfills.append(event)
    assert [event["data"]["labels"] for event in of_runs] == [{"team": "night"}]
    (told,) = of_backfills
    assert told["data"] == ended.output
    counts = {name: told["data"][name] for name in ("total", "succeeded", "doneBefore", "failed", "skipped")}
    assert counts == {"total": 1, "succeeded": 1, "doneBefore": 0, "failed": 0, "skipped": 0}
    assert told["data"]["labels"] == {"team": "night"}


def test_a_backfill_that_is_started_again_tells_an_event_of_its_own(sandbox: Sandbox) -> None:
    job = sandbox.vendor.make_job()
    again = [backfill(sandbox, job, "a") for _ in range(2)]
    told = [event for event in told_of(sandbox, job) if event["type"] == "io.farsync.backfill.completed"]
    assert [event["data"]["backfillName"] for event in told] == [one.name for one in again]
    assert [event["data"]["doneBefore"] for event in told] == [0, 1]
    assert len({event["id"] for event in told}) == 2


def test_a_set_that_failed_gets_a_new_attempt_from_the_next_backfill_up_to_four(
    sandbox: Sandbox, failing: list[Ended]
) -> None:
    results = [told_results(one)[0] for one in failing]
    assert {one.error for one in failing} == {"BackfillIncomplete"}
    assert [one["error"] for one in results] == [*["ExecutionFailed"] * 4, "TooManyAttempts"]
    assert len({one["runName"] for one in results[:4]}) == 4
    assert len({one["executionId"] for one in results[:4]}) == 4


def test_after_as_many_failures_as_it_may_have_the_rest_is_skipped(stopped_early: Ended) -> None:
    assert statuses(stopped_early) == {"a": "FAILED", "b": "FAILED", "c": "SKIPPED", "d": "SKIPPED", "e": "SKIPPED"}
    assert (stopped_early.output["failed"], stopped_early.output["skipped"]) == (2, 3)


def test_a_set_whose_run_goes_on_for_another_request_is_told_as_failed(beside_another: Ended) -> None:
    (result,) = told_results(beside_another)
    assert (result["status"], result["error"]) == ("FAILED", "AlreadyRunning")


def test_days_are_handed_to_the_job_in_their_format(sandbox: Sandbox) -> None:
    job, key = sandbox.vendor.make_job(), sandbox.vendor.parameter
    dates = {"from": "2026-02-28", "to": "2026-03-01", "parameter": key, "format": "%Y%m%d"}
    request = {"connection": sandbox.vendor.connection, "job": job, "dates": dates}
    assert sandbox.wait_for(sandbox.start("run_backfill", request), 120).status == "SUCCEEDED"
    assert [one.parameters[key] for one in sandbox.vendor.truly_started(job)] == ["20260228", "20260301"]


def test_aborting_a_backfill_aborts_its_runs_and_cancels_their_executions(sandbox: Sandbox) -> None:
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    arn = begin(sandbox, job, "a", "b", maxConcurrency=2)
    eventually(lambda: len(sandbox.vendor.truly_started(job)) == 2)
    sandbox.step_functions.stop_execution(executionArn=arn)
    canceled = [sandbox.vendor.canceled_word] * 2
    eventually(lambda: [one.status for one in sandbox.vendor.truly_started(job)] == canceled, 60)


def test_a_backfill_may_be_started_by_start_once(sandbox: Sandbox) -> None:
    job = sandbox.vendor.make_job()
    request = {"connection": sandbox.vendor.connection, "job": job, "parameterSets": [{}]}
    parts = [[job], ["backfill", uuid.uuid4().hex]]
    once = {"machine": "run_backfill", "nameParts": parts, "input": request}
    name = sandbox.wait_for(sandbox.start("start_once", once)).output["name"]
    arn = sandbox.aws["stateMachines"]["run_backfill"].replace(":stateMachine:", ":execution:")
    assert sandbox.wait_for(f"{arn}:{name}").status == "SUCCEEDED"


def test_a_wrong_request_is_refused_by_the_name_of_its_field(wrong: Ended) -> None:
    assert wrong.error == "InvalidRequest"
    assert wrong.output["cause"] == "maxConcurrency: must be less than or equal to 40"


def test_every_transition_of_run_backfill_is_walked(
    twice: Twice,
    failing: list[Ended],
    stopped_early: Ended,
    beside_another: Ended,
    in_vain: dict[str, Ended],
    wrong: Ended,
    sandbox: Sandbox,
) -> None:
    grouped = backfill(sandbox, twice.job, "a", "b", stopOnFailures=1)
    seen = (twice.first, twice.second, *failing, stopped_early, beside_another, grouped, wrong, *in_vain.values())
    walked = {transition for one in seen for transition in all_transitions_walked("run_backfill", one.history)}
    assert walked == all_transitions_of("run_backfill")
