import time
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from farsync.errors import ExecutionNotFound, FarsyncError, ProviderUnavailable
from farsync.looking import (
    LAST_LOOK_BEGINS_WITHIN_SECONDS,
    LONGEST_WAIT_INSIDE_SECONDS,
    MOST_LOOKS_OF_A_CALL,
    look,
)
from farsync.starting import start
from tests.conftest import LogLines
from tests.unit.use_cases.conftest import Cloud


def started(cloud: Cloud) -> dict[str, Any]:
    run: dict[str, Any] = cloud.ask(start, {"job": cloud.vendor.make_job()})["run"]
    return run


def test_a_look_at_an_execution_that_goes_on_says_when_to_look_again(slow_cloud: Cloud) -> None:
    seen = slow_cloud.ask(look, {"run": started(slow_cloud)})
    assert seen["status"] in {"PENDING", "RUNNING"}
    assert seen["vendorStatus"] in {"READY", "RUNNING", "waiting", "running"}
    assert seen["waitSeconds"] >= 1
    assert seen["run"]["polls"] == 1
    assert "event" not in seen


def test_a_look_at_the_end_brings_the_completion_event(cloud: Cloud) -> None:
    run = started(cloud)
    cloud.wait_until_over(run["job"], run["executionId"])
    seen = cloud.ask(look, {"run": {**run, "polls": 4}, "labels": {"team": "night"}})
    assert seen["event"]["type"] == "io.farsync.execution.succeeded"
    assert seen["event"]["subject"] == run["executionId"]
    assert seen["event"]["data"]["polls"] == 5
    assert seen["event"]["data"]["labels"] == {"team": "night"}
    assert "waitSeconds" not in seen


def test_the_event_tells_what_the_run_has_cost(cloud: Cloud) -> None:
    run = started(cloud)
    cloud.wait_until_over(run["job"], run["executionId"])
    told = cloud.ask(look, {"run": run, "transitions": 41})["event"]["data"]
    assert told["stateTransitions"] == 41
    assert 0.001 < told["estimatedCostUsd"] < 0.0013


def test_a_job_whose_end_is_near_is_looked_at_again_within_the_same_call(slow_cloud: Cloud) -> None:
    near = {**started(slow_cloud), "maxDetectionDelaySeconds": LONGEST_WAIT_INSIDE_SECONDS}
    seen = slow_cloud.ask(look, {"run": near})
    assert seen["run"]["polls"] == MOST_LOOKS_OF_A_CALL
    assert seen["run"]["functionCalls"] == 1
    assert seen["run"]["functionSeconds"] > 0
    far = {**near, "maxDetectionDelaySeconds": 2 * LONGEST_WAIT_INSIDE_SECONDS}
    assert slow_cloud.ask(look, {"run": far})["run"]["polls"] == 1


def test_a_vendor_who_is_slow_is_asked_once_a_call_so_that_the_call_ends_in_time(slow_cloud: Cloud) -> None:
    near = {**started(slow_cloud), "maxDetectionDelaySeconds": LONGEST_WAIT_INSIDE_SECONDS}
    slow_clock = count(time.time(), LAST_LOOK_BEGINS_WITHIN_SECONDS)
    slow_cloud.environment = slow_cloud.environment._replace(clock=lambda: next(slow_clock))
    assert slow_cloud.ask(look, {"run": near})["run"]["polls"] == 1


def test_past_the_deadline_a_call_looks_once_and_leaves_the_verdict_to_the_state_machine(slow_cloud: Cloud) -> None:
    late = {**started(slow_cloud), "deadlineAt": "2026-01-31T00:00:00Z"}
    seen = slow_cloud.ask(look, {"run": late})
    assert (seen["waitSeconds"], seen["run"]["polls"]) == (1, 1)
    cancelling = slow_cloud.ask(look, {"run": {**late, "cancelReason": "deadline", "lookCostSeconds": 1}})
    assert cancelling["run"]["polls"] == MOST_LOOKS_OF_A_CALL


def test_two_looks_at_one_end_tell_it_under_one_id(cloud: Cloud) -> None:
    run = started(cloud)
    cloud.wait_until_over(run["job"], run["executionId"])
    assert cloud.ask(look, {"run": run})["event"]["id"] == cloud.ask(look, {"run": run})["event"]["id"]


def test_a_status_word_that_nobody_knows_is_no_end_and_is_logged(slow_cloud: Cloud, log_lines: LogLines) -> None:
    run = started(slow_cloud)
    slow_cloud.vendor.add_fault(run["job"], "look", "unknown_status")
    seen = slow_cloud.ask(look, {"run": run})
    assert seen["vendorStatus"] == "SOMETHING_NEW"
    assert "event" not in seen
    assert any(line.get("vendor_status") == "SOMETHING_NEW" for line in log_lines() if line["level"] == "WARNING")


@pytest.mark.parametrize(("fault", "error"), [("not_found", ExecutionNotFound), ("http_502_html", ProviderUnavailable)])
def test_a_failed_look_says_why_and_judges_nothing(slow_cloud: Cloud, fault: str, error: type[FarsyncError]) -> None:
    run = started(slow_cloud)
    slow_cloud.vendor.add_fault(run["job"], "look", fault, times=10)
    with pytest.raises(error):
        slow_cloud.ask(look, {"run": run})


def test_after_a_cancel_the_looks_come_close_together_although_the_deadline_has_passed(slow_cloud: Cloud) -> None:
    gone = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    run = {**started(slow_cloud), "deadlineAt": gone, "cancelReason": "deadline"}
    assert 4 <= slow_cloud.ask(look, {"run": run})["waitSeconds"] <= 6


def test_outside_a_run_a_look_shows_the_execution_and_emits_nothing(cloud: Cloud) -> None:
    run = started(cloud)
    cloud.wait_until_over(run["job"], run["executionId"])
    seen = cloud.ask(look, {"job": run["job"], "executionId": run["executionId"]})
    assert seen["execution"]["vendorStatus"] == cloud.vendor.succeeded_word
    assert "event" not in seen
