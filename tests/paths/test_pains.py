"""What users of such systems suffer from, each as a test of what must not happen; docs/guarantees.md lists all."""

import json
import uuid
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from farsync.naming import run_name
from tests.support.sandbox import Ended, Sandbox
from tests.support.vendors import TrulyStarted
from tests.support.waiting import eventually

pytestmark = pytest.mark.newest_dialects

LARGEST_HISTORY, MOST_EVENTS = 25_000, 10_000
MOST_LOOKS = 1000
"""Of the longest run, those that fail among them: tests/unit/state_machines/test_waits_of_run_job.py."""
LOOKS_CRASHED = 5
"""One look, with all its retries."""
POLL, START = "farsync-poll_execution", "farsync-trigger_execution"


@dataclass(frozen=True)
class Suffered:
    """A run that met a pain, and what its vendor says of the job's executions."""

    ended: Ended
    executions: list[TrulyStarted]


@pytest.fixture(scope="module")
def suffered(sandbox: Sandbox) -> dict[str, Suffered]:
    """All side by side, each of a job of its own."""
    titles = ("the look crashes", "the look is throttled", "the start crashes")
    jobs = {title: sandbox.vendor.make_job() for title in titles}
    sandbox.set_aws_faults(
        {
            "operation": "Invoke",
            "function": POLL,
            "fault": "crash",
            "match": jobs["the look crashes"],
            "times": LOOKS_CRASHED,
        },
        {"operation": "Invoke", "function": START, "fault": "crash", "match": jobs["the start crashes"]},
    )
    sandbox.vendor.add_fault(jobs["the look is throttled"], "look", "http_429", times=9)
    arns = {title: start(sandbox, {"job": job}) for title, job in jobs.items()}
    ended = {title: sandbox.wait_for(arn, 90) for title, arn in arns.items()}
    return {title: Suffered(ended[title], sandbox.vendor.truly_started(job)) for title, job in jobs.items()}


def start(sandbox: Sandbox, request: dict[str, Any]) -> str:
    connection = sandbox.vendor.connection
    name = run_name(connection, request["job"], uuid.uuid4().hex)
    return sandbox.start("run_job", {"connection": connection, **request}, name)


def test_a_poller_that_fails_starts_no_second_run_beside_the_first(suffered: dict[str, Suffered]) -> None:
    crashed = suffered["the look crashes"]
    assert crashed.ended.status == "SUCCEEDED"
    assert sum(event["type"] == "TaskFailed" for event in crashed.ended.history) == LOOKS_CRASHED
    assert len(crashed.executions) == 1


def test_a_crash_between_the_start_and_the_saving_of_its_id_loses_no_run_and_starts_none_twice(
    suffered: dict[str, Suffered],
) -> None:
    crashed = suffered["the start crashes"]
    assert crashed.ended.status == "SUCCEEDED"
    assert "Find" in [event.get("stateEnteredEventDetails", {}).get("name") for event in crashed.ended.history]
    assert [execution.execution_id for execution in crashed.executions] == [crashed.ended.output["executionId"]]


def test_a_healthy_run_is_not_failed_by_looks_whose_rate_is_exceeded(suffered: dict[str, Suffered]) -> None:
    assert suffered["the look is throttled"].ended.status == "SUCCEEDED"


def test_a_deliberate_re_run_is_not_swallowed_as_a_duplicate(sandbox: Sandbox) -> None:
    job = sandbox.vendor.make_job()
    path = f"/connections/{sandbox.vendor.connection}/runs"
    keys = ("first", "first", "again")
    answers = [sandbox.http("POST", path, {"job": job}, idempotency_key=f"{key} {job}") for key in keys]
    assert len({answer.json()["name"] for answer in answers}) == 2
    eventually(lambda: len(sandbox.vendor.truly_started(job)) == 2)


def test_a_run_watches_its_own_execution_and_not_the_first_of_the_same_job(sandbox: Sandbox) -> None:
    job = sandbox.vendor.make_job()
    runs = [sandbox.wait_for(arn) for arn in [start(sandbox, {"job": job}) for _ in range(3)]]
    watched = [ended.output["executionId"] for ended in runs]
    assert sorted(watched) == sorted(execution.execution_id for execution in sandbox.vendor.truly_started(job))
    assert watched == [execution_started_by(ended) for ended in runs]


def execution_started_by(ended: Ended) -> str:
    """As the reply to the start had it."""
    outputs = [event.get("taskSucceededEventDetails", {}).get("output", "{}") for event in ended.history]
    runs = [json.loads(output).get("Payload", {}).get("run", {}) for output in outputs]
    return str(next(run["executionId"] for run in runs if "executionId" in run))


def test_a_polling_loop_of_the_longest_run_stays_far_below_the_limit_of_a_history(
    suffered: dict[str, Suffered],
) -> None:
    """Also where every look fails; and below AWS' own limit where each fails as often as it is retried."""
    failing, crashing = (suffered[title].ended.history for title in ("the look is throttled", "the look crashes"))
    assert MOST_LOOKS * most_events_of_a_look(failing) < MOST_EVENTS
    assert MOST_LOOKS * most_events_of_a_look(crashing) < LARGEST_HISTORY


def most_events_of_a_look(history: list[dict[str, Any]]) -> int:
    looks = [
        index
        for index, event in enumerate(history)
        if event["type"].endswith("StateEntered") and event["stateEnteredEventDetails"]["name"] == "Poll"
    ]
    return max(after - before for before, after in pairwise(looks))
