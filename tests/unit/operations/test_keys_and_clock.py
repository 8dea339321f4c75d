"""A machine's clock that is off, against services of both providers, each with a clock of its own."""

from datetime import timedelta

import pytest

from conftest import LogLines
from farsync.model.errors import AuthenticationFailed
from farsync.model.execution import iso_instant
from farsync.runtime.observability import metrics
from tests.unit.operations.cloud import Cloud

HOUR = 3600.0
WRONG_KEYS = {"accessKey": "WRONG", "secretKey": "wrong"}


@pytest.fixture
def job(slow_cloud: Cloud) -> str:
    job = slow_cloud.emulator.make_job()
    slow_cloud.emulator.statuses()
    return job


def ask(cloud: Cloud, job: str) -> list[int]:
    """The simplest question that a function asks, and the statuses of the replies."""
    assert cloud.provider().get_job(job, is_timeout_needed=False).job == job
    return cloud.emulator.statuses()


@pytest.mark.parametrize("ahead_seconds", [2 * HOUR, -2 * HOUR])
def test_clock_drift_fails_no_call_and_is_learned_once(
    slow_cloud: Cloud, job: str, log_lines: LogLines, ahead_seconds: float
) -> None:
    metrics.clear_metrics()
    slow_cloud.emulator.ahead_seconds = ahead_seconds
    assert ask(slow_cloud, job) == [401, 200]
    assert ask(slow_cloud, job) == [200]
    assert metrics.metric_set["ClockCorrections"]["Value"] == [1.0]
    (line,) = [line for line in log_lines() if "offset_seconds" in line]
    assert line["offset_seconds"] == pytest.approx(ahead_seconds, abs=5)
    slow_cloud.emulator.ahead_seconds = 0
    assert ask(slow_cloud, job) == [401, 200], "a clock that was set right meanwhile is learned anew"
    metrics.clear_metrics()


def test_a_start_and_a_cancel_rejected_for_their_date_are_sent_again_and_act_once(slow_cloud: Cloud, job: str) -> None:
    condition = slow_cloud.provider().get_job(job).condition
    slow_cloud.emulator.statuses()
    slow_cloud.emulator.ahead_seconds = 2 * HOUR
    provider = slow_cloud.provider()
    execution_id = provider.start(job, condition=condition, parameters={}).ref.execution_id
    assert [status // 100 for status in slow_cloud.emulator.statuses()] == [4, 2]
    slow_cloud.emulator.ahead_seconds = 0
    provider.cancel(job, execution_id)
    assert slow_cloud.emulator.statuses()[0] == 401
    (execution,) = slow_cloud.emulator.truth()
    assert (execution.execution_id, execution.is_cancel_requested) == (execution_id, True)


def test_a_difference_that_the_provider_allows_is_left_alone(slow_cloud: Cloud, job: str) -> None:
    slow_cloud.emulator.ahead_seconds = 240
    assert ask(slow_cloud, job) == [200]
    assert slow_cloud.base.connections.provider_clock("default").offset_seconds == 0


def test_a_node_of_a_gateway_whose_clock_is_off_fails_no_call(slow_cloud: Cloud, job: str) -> None:
    operation = {"naver": "getJob", "huawei": "ListJobs"}[slow_cloud.emulator.connection]
    slow_cloud.emulator.control("PUT", "faults", [{"operation": operation, "fault": "clock_skew", "seconds": 1200}])
    assert ask(slow_cloud, job) == [401, 401, 200]


def test_wrong_keys_under_a_wrong_clock_are_still_wrong_keys(slow_cloud: Cloud, job: str) -> None:
    slow_cloud.connection = WRONG_KEYS
    slow_cloud.emulator.ahead_seconds = 2 * HOUR
    with pytest.raises(AuthenticationFailed):
        ask(slow_cloud, job)
    # The first for the date, and then as often as wrong keys are tried: Huawei Cloud's once.
    assert slow_cloud.emulator.statuses() == [401] * {"naver": 3, "huawei": 2}[slow_cloud.emulator.connection]


def test_a_run_s_deadline_goes_by_our_own_clock(slow_cloud: Cloud, job: str) -> None:
    in_half_an_hour = iso_instant(slow_cloud.environment.now() + timedelta(minutes=30))
    queue, run = slow_cloud.followed(job, maxDetectionDelaySeconds=3, deadlineAt=in_half_an_hour)
    slow_cloud.emulator.ahead_seconds = 2 * HOUR
    queue.deliver(slow_cloud.environment)
    assert queue.queue[0].visible_at - slow_cloud.clock() <= 3
    assert not slow_cloud.emulator.truth()[0].is_cancel_requested


def test_the_newest_executions_are_listed_with_the_providers_time_by_a_clock_that_is_hours_behind(
    slow_cloud: Cloud, job: str
) -> None:
    slow_cloud.emulator.ahead_seconds = 3 * HOUR
    execution_id = slow_cloud.emulator.start_by_hand(job)
    page = slow_cloud.provider().list_executions(job)
    assert [execution.ref.execution_id for execution in page.items] == [execution_id]
    assert page.served_at is not None
    assert page.served_at.timestamp() == pytest.approx(slow_cloud.emulator.now(), abs=5)
