"""Ends of executions that nobody at farsync started, as both clouds show them."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest

from farsync.connections.store import ConnectionStore
from farsync.operations.watch_jobs import watch
from farsync.watching import decision
from tests.unit.operations.closing_aws import VARIABLES, Aws
from tests.unit.operations.followed_runs import followed
from tests.unit.operations.old_cloud import Cloud, cloud, slow_cloud  # noqa: F401

KNOWN_TO_A_RUN_ONLY = {"detectedAt", "detectionDelaySeconds", "polls", "runName", "estimatedCostUsd"}


@pytest.fixture(autouse=True)
def _just_begun_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no run that Step Functions may not list yet. Providers say their time in whole seconds."""
    monkeypatch.setattr(decision, "LISTED_WITHIN", timedelta(seconds=-2))


def begun(cloud: Cloud, job: str) -> str:
    """As somebody would in the provider's console."""
    provider = cloud.provider()
    return provider.start(job, condition=provider.get_job(job).condition, parameters={}).ref.execution_id


def emitted(cloud: Cloud, job: str) -> list[dict[str, Any]]:
    """By a period of watching, at which AWS remembers no run and no event."""
    aws = Aws()
    cloud.environment = cloud.environment._replace(aws=aws, variables=VARIABLES)
    cloud.ask(watch, {"watch": [{"connection": "default", "jobs": [job]}]})
    return list(aws.events.values())


def want_failure_reasons(cloud: Cloud) -> None:
    secret = json.dumps({**cloud.emulator.secret(), "watchedFailureReasons": True})
    cloud.environment = cloud.environment._replace(connections=ConnectionStore(lambda _: secret, clock=time.time))


@pytest.mark.parametrize("source", ["in", "nowhere"])
def test_an_end_is_emitted_exactly_as_a_run_emits_it(cloud: Cloud, source: str) -> None:
    want_failure_reasons(cloud)
    aws, run = followed(cloud, cloud.emulator.make_job(source))
    cloud.wait_until_over(run["job"], run["executionId"])
    aws.deliver(cloud.environment)
    (of_the_run,) = aws.events
    (watched,) = emitted(cloud, run["job"])
    for event in (of_the_run, watched):
        event["data"] = {name: value for name, value in event["data"].items() if name not in KNOWN_TO_A_RUN_ONLY}
    assert watched == of_the_run


@pytest.mark.parametrize("is_wanted", [False, True])
def test_what_the_provider_says_of_a_failure_is_emitted_where_the_connection_wants_it(
    cloud: Cloud, is_wanted: bool
) -> None:
    if is_wanted:
        want_failure_reasons(cloud)
    job = cloud.emulator.make_job("hunter2")
    execution_id = begun(cloud, job)
    cloud.wait_until_over(job, execution_id)
    reason = cloud.provider().get_execution(job, execution_id).failure_reason
    (event,) = emitted(cloud, job)
    if cloud.emulator.connection == "huawei":
        assert "hunter2" in (reason or "")
        assert ("hunter2" in json.dumps(event)) is is_wanted
    else:
        assert reason is None


def test_where_nothing_has_ended_the_provider_is_called_once(slow_cloud: Cloud) -> None:
    job = slow_cloud.emulator.make_job()
    begun(slow_cloud, job)
    before = slow_cloud.emulator.control("GET", "requests")["counts"]
    assert emitted(slow_cloud, job) == []
    after = slow_cloud.emulator.control("GET", "requests")["counts"]
    name = slow_cloud.emulator.operations["list_executions"]
    assert {operation: count for operation, count in after.items() if count != before.get(operation, 0)} == {
        name: before.get(name, 0) + 1
    }


def test_the_list_says_under_which_id_an_end_was_emitted(cloud: Cloud) -> None:
    """Otherwise each period would read every execution of the last day alone, which providers throttle."""
    job = cloud.emulator.make_job()
    cloud.wait_until_over(job, begun(cloud, job))
    aws = Aws()
    cloud.environment = cloud.environment._replace(aws=aws, variables=VARIABLES)
    asked = {"watch": [{"connection": "default", "jobs": [job]}]}
    assert [cloud.ask(watch, asked)["jobs"][0]["emitted"] for _ in range(2)] == [1, 0]
