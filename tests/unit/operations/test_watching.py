"""Ends of executions that nobody at farsync started, as both clouds show them."""

from datetime import timedelta
from typing import Any

import pytest

from farsync.operations.watch_jobs import watch
from farsync.watching import decision
from tests.unit.operations.aws_in_memory import Aws
from tests.unit.operations.cloud import Cloud

KNOWN_TO_A_RUN_ONLY = {"detectedAt", "detectionDelaySeconds", "polls", "runName", "estimatedCostUsd"}


@pytest.fixture(autouse=True)
def _just_begun_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no run that Step Functions may not list yet. Providers say their time in whole seconds."""
    monkeypatch.setattr(decision, "LISTED_WITHIN", timedelta(seconds=-2))


@pytest.mark.parametrize("source", ["in", "nowhere"])
def test_an_end_is_emitted_exactly_as_a_run_emits_it_and_the_list_says_under_which_id(
    cloud: Cloud, source: str
) -> None:
    """Otherwise each period would read every execution of the last day alone, which providers throttle."""
    cloud.connection = {"watchedFailureReasons": True}
    cloud.job = cloud.emulator.make_job(source)
    queue, run = cloud.followed()
    cloud.wait_until_over(run["executionId"])
    queue.deliver(cloud.environment)
    cloud.aws = Aws(cloud.clock)
    asked: dict[str, Any] = {"watch": [{"connection": "default", "jobs": [run["job"]]}]}
    assert [cloud.ask(watch, asked)["jobs"][0]["emitted"] for _ in range(2)] == [1, 0]
    of_the_run, watched = (
        {**event, "data": {name: value for name, value in event["data"].items() if name not in KNOWN_TO_A_RUN_ONLY}}
        for event in (*queue.emitted, *cloud.aws.events.values())
    )
    assert watched == of_the_run
