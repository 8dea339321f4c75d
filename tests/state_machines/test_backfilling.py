"""One job with many sets of parameters: each set is run once, until it has succeeded."""

from dataclasses import dataclass
from typing import Any

import jsonschema
import pytest

from farsync.model.names import job_prefix, run_name
from tests.support.closings import paused_closings, wait_for_state
from tests.support.sandbox import Ended, Sandbox
from tests.support.transitions import Transition, transitions_of, transitions_walked
from tests.support.waiting import eventually
from tests.support.watching import events_about
from tools.export_event_schema import backfill_event_schema

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
    names = sandbox.names_of_executions("run_job")
    return [sandbox.arn_of_run(name) for name in names if name.startswith(job_prefix(job))]


def are_aborted(sandbox: Sandbox, runs: list[str]) -> bool:
    described = [sandbox.step_functions.describe_execution(executionArn=run) for run in runs]
    return all(run["status"] == "ABORTED" for run in described)


def statuses(ended: Ended, *values: str) -> dict[str, str]:
    """By the value of its parameter, of a backfill with a set for each value."""
    return {values[result["index"]]: result["status"] for result in ended.output["results"]}


@pytest.fixture(scope="module")
def job(sandbox: Sandbox) -> str:
    return sandbox.emulator.make_job()


@pytest.fixture(scope="module")
def twice(sandbox: Sandbox, job: str) -> tuple[Ended, Ended]:
    """A backfill, and a larger one of the same job."""
    first = backfill(sandbox, job, "a", "b", "c", maxConcurrency=3, labels=LABELS)
    return first, backfill(sandbox, job, "b", "d", "a", stopOnFailures=1, labels=LABELS)


@pytest.fixture(scope="module")
def failing(sandbox: Sandbox) -> tuple[Ended, Ended]:
    """Two backfills of a job that fails, which stop early."""
    job = sandbox.emulator.make_job(source="nowhere")
    return backfill(sandbox, job, "a"), backfill(sandbox, job, "a", "b", "c", stopOnFailures=1)


@dataclass(frozen=True)
class Aborted:
    """A backfill that was aborted, and one that was started again before anything of the first was stopped."""

    parameters_started: list[str]
    words_then: list[str]
    """How the executions of the first stood when the second began its own."""
    second: Ended


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def wrong(sandbox: Sandbox) -> Ended:
    return backfill(sandbox, "a-job", maxConcurrency=41)


def test_each_set_is_run_once_with_its_parameters_and_named_as_other_runs_of_the_job(
    sandbox: Sandbox, job: str, twice: tuple[Ended, Ended]
) -> None:
    assert [ended.status for ended in twice] == ["SUCCEEDED", "SUCCEEDED"]
    started = sandbox.emulator.truly_started(job)
    assert sorted(run.parameters[sandbox.emulator.parameter] for run in started) == ["a", "b", "c", "d"]
    prefix = run_name(sandbox.emulator.connection, job).partition("-")[0]
    assert all(result["runName"].startswith(f"{prefix}-") for result in twice[0].output["results"])


def test_a_backfill_that_is_started_again_skips_what_has_succeeded(twice: tuple[Ended, Ended]) -> None:
    first, second = twice
    assert statuses(first, "a", "b", "c") == {"a": "SUCCEEDED", "b": "SUCCEEDED", "c": "SUCCEEDED"}
    assert statuses(second, "b", "d", "a") == {"d": "SUCCEEDED", "a": "DONE_BEFORE", "b": "DONE_BEFORE"}
    ids = {result["runName"]: result["executionId"] for result in first.output["results"]}
    assert all(ids[result["runName"]] == result["executionId"] for result in second.output["results"][1:])


def test_each_backfill_emits_one_event_and_its_runs_have_theirs(
    sandbox: Sandbox, job: str, twice: tuple[Ended, Ended]
) -> None:
    events = events_about(sandbox, job)
    of_backfills = [event for event in events if event["type"] == "io.farsync.backfill.completed"]
    for event in of_backfills:
        jsonschema.Draft202012Validator(backfill_event_schema()).validate(event)
    assert [event["data"] for event in of_backfills] == [ended.output for ended in twice]
    assert len({event["id"] for event in of_backfills}) == 2
    names = ("total", "succeeded", "doneBefore", "failed", "undecided", "skipped")
    counts = [[event["data"][name] for name in names] for event in of_backfills]
    assert counts == [[3, 3, 0, 0, 0, 0], [3, 1, 2, 0, 0, 0]]
    assert [event["data"]["labels"] for event in events] == [LABELS] * 6


def test_a_set_that_failed_gets_a_new_attempt_from_the_next_backfill_and_stops_it(
    failing: tuple[Ended, Ended],
) -> None:
    _, second = failing
    assert {ended.error for ended in failing} == {"BackfillIncomplete"}
    results = [ended.output["results"][0] for ended in failing]
    assert [result["error"] for result in results] == ["ExecutionFailed"] * 2
    assert len({result["runName"] for result in results}) == len({result["executionId"] for result in results}) == 2
    assert statuses(second, "a", "b", "c") == {"a": "FAILED", "b": "SKIPPED", "c": "SKIPPED"}
    assert (second.output["failed"], second.output["skipped"]) == (1, 2)


def test_an_aborted_backfill_that_is_started_again_runs_no_set_beside_its_own_execution(
    sandbox: Sandbox, aborted: Aborted
) -> None:
    assert sorted(aborted.parameters_started[:2]) == ["a", "b"]
    assert aborted.parameters_started[2] == "a"
    assert aborted.words_then == [sandbox.emulator.canceled_word] * 2


def test_a_wrong_request_is_rejected_by_the_name_of_its_field(wrong: Ended) -> None:
    assert wrong.error == "InvalidRequest"
    assert wrong.output["errorMessage"] == "maxConcurrency: must be less than or equal to 40"


def test_every_transition_of_run_backfill_is_walked(
    twice: tuple[Ended, Ended], failing: tuple[Ended, Ended], aborted: Aborted, wrong: Ended
) -> None:
    seen = (*twice, *failing, aborted.second, wrong)
    walked = {transition for ended in seen for transition in transitions_walked("run_backfill", ended.history)}
    # What only an error without a name of ours leads to is walked by the recorded answers.
    rest = {Transition("Plan", "catch 1", "Failed"), Transition("Assess", "catch 0", "Assessed")}
    assert walked == transitions_of("run_backfill") - rest
