"""What users of such systems suffer from, each as a test of what must not happen; docs/guarantees.md lists all."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from farsync.model.names import run_name
from tests.support.emulators import TrulyStarted
from tests.support.sandbox import Ended, Sandbox
from tests.support.waiting import eventually

pytestmark = pytest.mark.newest_dialects

EVENTS_OF_AN_ORDINARY_RUN = 40
"""Of a history; AWS ends one of 25,000."""
POLLS_CRASHED, POLLS_THROTTLED = 3, 9
POLL, START = "farsync-poll_execution", "farsync-trigger_execution"


@dataclass(frozen=True)
class Suffered:
    """A run that met a pain, and what its provider says of the job's executions."""

    ended: Ended
    executions: list[TrulyStarted]


@pytest.fixture(scope="module")
def suffered(sandbox: Sandbox) -> dict[str, Suffered]:
    """All side by side, each of a job of its own."""
    titles = ("the poll crashes", "the poll is throttled", "the start crashes")
    jobs = {title: sandbox.emulator.make_job(run_seconds=100) for title in titles}
    crash = {"operation": "Invoke", "fault": "crash"}
    sandbox.set_aws_faults(
        {**crash, "function": POLL, "match": jobs["the poll crashes"], "times": POLLS_CRASHED},
        {**crash, "function": START, "match": jobs["the start crashes"]},
    )
    sandbox.emulator.add_fault(jobs["the poll is throttled"], "poll", "http_429", times=POLLS_THROTTLED)
    arns = {title: start(sandbox, {"job": job, "consistencyWindowSeconds": 1}) for title, job in jobs.items()}
    ended = {title: sandbox.wait_for(arn, 90) for title, arn in arns.items()}
    return {title: Suffered(ended[title], sandbox.emulator.truly_started(job)) for title, job in jobs.items()}


def start(sandbox: Sandbox, request: dict[str, Any]) -> str:
    connection = sandbox.emulator.connection
    name = run_name(connection, request["job"], uuid.uuid4().hex)
    return sandbox.start("run_job", {"connection": connection, **request}, name)


def test_a_poller_that_fails_starts_no_second_run_beside_the_first(suffered: dict[str, Suffered]) -> None:
    crashed = suffered["the poll crashes"]
    assert crashed.ended.status == "SUCCEEDED"
    assert len(crashed.executions) == 1


def test_a_crash_between_the_start_and_the_saving_of_its_id_loses_no_run_and_starts_none_twice(
    suffered: dict[str, Suffered],
) -> None:
    crashed = suffered["the start crashes"]
    assert crashed.ended.status == "SUCCEEDED"
    assert "Find" in [event.get("stateEnteredEventDetails", {}).get("name") for event in crashed.ended.history]
    assert [execution.execution_id for execution in crashed.executions] == [crashed.ended.output["executionId"]]


def test_a_healthy_run_is_not_failed_by_polls_whose_rate_is_exceeded(suffered: dict[str, Suffered]) -> None:
    assert suffered["the poll is throttled"].ended.status == "SUCCEEDED"


def test_a_deliberate_re_run_is_not_swallowed_as_a_duplicate(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    path = f"/connections/{sandbox.emulator.connection}/runs"
    keys = ("first", "first", "again")
    answers = [sandbox.http("POST", path, {"job": job}, idempotency_key=f"{key} {job}") for key in keys]
    assert len({answer.json()["name"] for answer in answers}) == 2
    eventually(lambda: len(sandbox.emulator.truly_started(job)) == 2)


def test_a_run_follows_its_own_execution_and_not_the_first_of_the_same_job(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    runs = [sandbox.wait_for(arn) for arn in [start(sandbox, {"job": job}) for _ in range(3)]]
    followed = [ended.output["executionId"] for ended in runs]
    assert sorted(followed) == sorted(execution.execution_id for execution in sandbox.emulator.truly_started(job))
    assert followed == [execution_started_by(ended) for ended in runs]


def execution_started_by(ended: Ended) -> str:
    """As the reply to the start had it."""
    outputs = [event.get("taskSucceededEventDetails", {}).get("output", "{}") for event in ended.history]
    runs = [json.loads(output).get("Payload", {}).get("run", {}) for output in outputs]
    return str(next(run["executionId"] for run in runs if "executionId" in run))


@pytest.mark.parametrize("title", ["the poll crashes", "the poll is throttled"])
def test_polls_leave_nothing_in_the_history_of_a_run_so_that_no_run_is_too_long_for_it(
    suffered: dict[str, Suffered], title: str
) -> None:
    polled = suffered[title].ended
    assert polled.output["polls"] >= 3
    assert len(polled.history) < EVENTS_OF_AN_ORDINARY_RUN
