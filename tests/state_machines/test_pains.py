"""What users of such systems suffer from, each as a test of what must not happen; docs/guarantees.md lists all."""

import json

import pytest

from tests.state_machines.scenarios import Outcome
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

pytestmark = pytest.mark.at_dataarts

EVENTS_OF_AN_ORDINARY_RUN = 40
"""Of a history; AWS ends one of 25,000."""

Outcomes = dict[str, Outcome]


def test_a_poller_that_fails_starts_no_second_run_beside_the_first(outcomes: Outcomes) -> None:
    crashed = outcomes["poll crashes"]
    assert crashed.ended.status == "SUCCEEDED"
    assert len(crashed.executions) == 1


def test_a_crash_between_the_start_and_the_saving_of_its_id_loses_no_run_and_starts_none_twice(
    outcomes: Outcomes,
) -> None:
    crashed = outcomes["start and find crash"]
    assert crashed.ended.status == "SUCCEEDED"
    assert "Find" in [transition.to_state for transition in crashed.walked]
    assert [execution.execution_id for execution in crashed.executions] == [crashed.ended.output["executionId"]]


def test_a_healthy_run_is_not_failed_by_polls_whose_rate_is_exceeded(outcomes: Outcomes) -> None:
    assert outcomes["with polls that are throttled"].ended.status == "SUCCEEDED"


def test_a_deliberate_re_run_is_not_swallowed_as_a_duplicate(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    path = f"/connections/{sandbox.emulator.connection}/runs"
    keys = ("first", "first", "again")
    answers = [sandbox.http("POST", path, {"job": job}, idempotency_key=f"{key} {job}") for key in keys]
    assert len({answer.json()["name"] for answer in answers}) == 2
    eventually(lambda: len(sandbox.emulator.truly_started(job)) == 2)


def test_a_run_follows_its_own_execution_and_not_the_first_of_the_same_job(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    request = {"connection": sandbox.emulator.connection, "job": job}
    runs = [sandbox.wait_for(arn) for arn in [sandbox.start("run_job", request) for _ in range(3)]]
    followed = [ended.output["executionId"] for ended in runs]
    assert sorted(followed) == sorted(execution.execution_id for execution in sandbox.emulator.truly_started(job))
    for ended in runs:
        details = [event["taskSucceededEventDetails"] for event in ended.history if event["type"] == "TaskSucceeded"]
        assert json.loads(details[1]["output"])["Payload"]["run"]["executionId"] == ended.output["executionId"]


@pytest.mark.parametrize("title", ["poll crashes", "with polls that are throttled"])
def test_polls_leave_nothing_in_the_history_of_a_run_so_that_no_run_is_too_long_for_it(
    outcomes: Outcomes, title: str
) -> None:
    polled = outcomes[title].ended
    assert polled.output["polls"] >= 3
    assert len(polled.history) < EVENTS_OF_AN_ORDINARY_RUN
