"""One job with many sets of parameters: each set is run once, until it has succeeded."""

import uuid
from dataclasses import dataclass
from typing import Any

import jsonschema
import pytest

from farsync.model.names import job_prefix, run_name
from tests.support.closings import paused_closings, wait_for_state
from tests.support.map_transitions import all_transitions_of, all_transitions_walked
from tests.support.sandbox import Ended, Sandbox
from tests.support.transitions import Transition
from tests.support.waiting import eventually
from tests.support.watching import told_of
from tools.export_event_schema import backfill_event_schema

pytestmark = pytest.mark.newest_dialects
HOUR = 3600
LABELS = {"team": "night"}


def backfill(sandbox: Sandbox, job: str, *values: str, **more: Any) -> Ended:
    return sandbox.wait_for(begin(sandbox, job, *values, **more), 200)


def begin(sandbox: Sandbox, job: str, *values: str, **more: Any) -> str:
    """Starts a backfill with a set for each value."""
    sets = [{sandbox.emulator.parameter: value} for value in values]
    request = {"connection": sandbox.emulator.connection, "job": job, "parameterSets": sets, **more}
    return sandbox.start("run_backfill", request)


def runs_of(sandbox: Sandbox, job: str) -> list[str]:
    """The runs of a job."""
    names = sandbox.names_of_executions("run_job")
    return [sandbox.arn_of_run(name) for name in names if name.startswith(job_prefix(job))]


def are_aborted(sandbox: Sandbox, runs: list[str]) -> bool:
    described = [sandbox.step_functions.describe_execution(executionArn=run) for run in runs]
    return all(run["status"] == "ABORTED" for run in described)


def statuses(ended: Ended, *values: str) -> dict[str, str]:
    """By the value of its parameter, of a backfill with a set for each value."""
    return {values[result["index"]]: result["status"] for result in ended.output["results"]}


@dataclass(frozen=True)
class Twice:
    """A backfill, and a larger one of the same job."""

    job: str
    first: Ended
    second: Ended


@pytest.fixture(scope="session")
def twice(sandbox: Sandbox) -> Twice:
    job = sandbox.emulator.make_job()
    first = backfill(sandbox, job, "a", "b", "c", maxConcurrency=3, labels=LABELS)
    return Twice(job, first, backfill(sandbox, job, "b", "d", "a", stopOnFailures=1, labels=LABELS))


@pytest.fixture(scope="session")
def failing(sandbox: Sandbox) -> list[Ended]:
    """The same backfill of a job that fails, again and again."""
    job = sandbox.emulator.make_job(source="nowhere")
    return [backfill(sandbox, job, "a") for _ in range(2)]


@pytest.fixture(scope="session")
def stopped_early(sandbox: Sandbox) -> Ended:
    job = sandbox.emulator.make_job(source="nowhere")
    return backfill(sandbox, job, "a", "b", "c", "d", "e", maxConcurrency=2, stopOnFailures=2)


@pytest.fixture(scope="session")
def beside_another(sandbox: Sandbox) -> Ended:
    """A run of the same name goes on, for another request."""
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    other = begin(sandbox, job, "a", labels=LABELS)
    eventually(lambda: sandbox.emulator.truly_started(job))
    beside = backfill(sandbox, job, "a", labels={"team": "day"})
    sandbox.step_functions.stop_execution(executionArn=other)
    return beside


@dataclass(frozen=True)
class Aborted:
    """A backfill that was aborted, and one that was started again before anything of the first was stopped."""

    parameters_started: list[str]
    words_then: list[str]
    """How the executions of the first stood when the second began its own."""
    second: Ended


@pytest.fixture(scope="session")
def aborted(sandbox: Sandbox) -> Aborted:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    first = begin(sandbox, job, "a", "b", maxConcurrency=2)
    eventually(lambda: len(runs_of(sandbox, job)) == 2)
    for run in runs_of(sandbox, job):
        wait_for_state(sandbox, run, "Follow")
    with paused_closings(sandbox):
        sandbox.step_functions.stop_execution(executionArn=first)
        eventually(lambda: are_aborted(sandbox, runs_of(sandbox, job)))
        second = begin(sandbox, job, "a")
        wait_for_state(sandbox, second, "AwaitEnd")
    eventually(lambda: len(sandbox.emulator.truly_started(job)) == 3, 120)
    started = sandbox.emulator.truly_started(job)
    sandbox.step_functions.stop_execution(executionArn=second)
    return Aborted(
        [run.parameters[sandbox.emulator.parameter] for run in started],
        [run.status for run in started[:2]],
        sandbox.wait_for(second),
    )


@pytest.fixture(scope="session")
def wrong(sandbox: Sandbox) -> Ended:
    return backfill(sandbox, "a-job", maxConcurrency=41)


def test_each_set_is_run_once_with_its_parameters(sandbox: Sandbox, twice: Twice) -> None:
    assert twice.first.status == twice.second.status == "SUCCEEDED"
    started = sandbox.emulator.truly_started(twice.job)
    assert sorted(one.parameters[sandbox.emulator.parameter] for one in started) == ["a", "b", "c", "d"]


def test_a_backfill_that_is_started_again_skips_what_has_succeeded(twice: Twice) -> None:
    assert statuses(twice.first, "a", "b", "c") == {"a": "SUCCEEDED", "b": "SUCCEEDED", "c": "SUCCEEDED"}
    assert statuses(twice.second, "b", "d", "a") == {"d": "SUCCEEDED", "a": "DONE_BEFORE", "b": "DONE_BEFORE"}
    ids = {one["runName"]: one["executionId"] for one in twice.first.output["results"]}
    assert all(ids[one["runName"]] == one["executionId"] for one in twice.second.output["results"][1:])


def test_its_runs_are_named_as_others_of_the_job(sandbox: Sandbox, twice: Twice) -> None:
    prefix = run_name(sandbox.emulator.connection, twice.job).partition("-")[0]
    assert all(one["runName"].startswith(f"{prefix}-") for one in twice.first.output["results"])


def test_each_backfill_emits_one_event_and_its_runs_have_theirs(sandbox: Sandbox, twice: Twice) -> None:
    of_runs, of_backfills = told_of(sandbox, twice.job), []
    for event in list(of_runs):
        if event["type"] == "io.farsync.backfill.completed":
            jsonschema.Draft202012Validator(backfill_event_schema()).validate(event)
            of_runs.remove(event)
            of_backfills.append(event)
    assert [event["data"] for event in of_backfills] == [twice.first.output, twice.second.output]
    assert len({event["id"] for event in of_backfills}) == 2
    names = ("total", "succeeded", "doneBefore", "failed", "undecided", "skipped")
    assert [[event["data"][name] for name in names] for event in of_backfills] == [
        [3, 3, 0, 0, 0, 0],
        [3, 1, 2, 0, 0, 0],
    ]
    assert [event["data"]["labels"] for event in of_backfills] == [LABELS, LABELS]
    assert [event["data"]["labels"] for event in of_runs] == [LABELS] * 4


def test_a_set_that_failed_gets_a_new_attempt_from_the_next_backfill(failing: list[Ended]) -> None:
    results = [ended.output["results"][0] for ended in failing]
    assert {ended.error for ended in failing} == {"BackfillIncomplete"}
    assert [result["error"] for result in results] == ["ExecutionFailed"] * 2
    assert len({result["runName"] for result in results}) == len({result["executionId"] for result in results}) == 2


def test_after_as_many_failures_as_it_may_have_the_rest_is_skipped(stopped_early: Ended) -> None:
    expected = {"a": "FAILED", "b": "FAILED", "c": "SKIPPED", "d": "SKIPPED", "e": "SKIPPED"}
    assert statuses(stopped_early, *expected) == expected
    assert (stopped_early.output["failed"], stopped_early.output["skipped"]) == (2, 3)


def test_a_set_whose_run_goes_on_for_another_request_is_a_conflict(beside_another: Ended) -> None:
    (result,) = beside_another.output["results"]
    assert (result["status"], result["error"]) == ("FAILED", "IdempotencyConflict")
    assert "differs in labels" in result["message"]


def test_days_are_handed_to_the_job_in_their_format(sandbox: Sandbox) -> None:
    job, key = sandbox.emulator.make_job(), sandbox.emulator.parameter
    dates = {"from": "2026-02-28", "to": "2026-03-01", "parameter": key, "format": "%Y%m%d"}
    request = {"connection": sandbox.emulator.connection, "job": job, "dates": dates}
    assert sandbox.wait_for(sandbox.start("run_backfill", request), 120).status == "SUCCEEDED"
    assert [one.parameters[key] for one in sandbox.emulator.truly_started(job)] == ["20260228", "20260301"]


def test_an_aborted_backfill_that_is_started_again_runs_no_set_beside_its_own_execution(
    sandbox: Sandbox, aborted: Aborted
) -> None:
    assert sorted(aborted.parameters_started[:2]) == ["a", "b"]
    assert aborted.parameters_started[2] == "a"
    assert aborted.words_then == [sandbox.emulator.canceled_word] * 2


def test_a_backfill_may_be_started_by_start_once(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    request = {"connection": sandbox.emulator.connection, "job": job, "parameterSets": [{}]}
    parts = [[job], ["backfill", uuid.uuid4().hex]]
    once = {"machine": "run_backfill", "nameParts": parts, "input": request}
    name = sandbox.wait_for(sandbox.start("start_once", once)).output["name"]
    arn = sandbox.aws["stateMachines"]["run_backfill"].replace(":stateMachine:", ":execution:")
    assert sandbox.wait_for(f"{arn}:{name}").status == "SUCCEEDED"


def test_a_wrong_request_is_rejected_by_the_name_of_its_field(wrong: Ended) -> None:
    assert wrong.error == "InvalidRequest"
    assert wrong.output["errorMessage"] == "maxConcurrency: must be less than or equal to 40"


def test_every_transition_of_run_backfill_is_walked(
    twice: Twice, failing: list[Ended], stopped_early: Ended, aborted: Aborted, wrong: Ended
) -> None:
    seen = (twice.first, twice.second, *failing, stopped_early, aborted.second, wrong)
    walked = {transition for ended in seen for transition in all_transitions_walked("run_backfill", ended.history)}
    # What only an error without a name of ours leads to is walked by the recorded answers.
    rest = {Transition("Plan", "catch 1", "Failed"), Transition("Judge", "catch 0", "Judged")}
    assert walked == all_transitions_of("run_backfill") - rest
