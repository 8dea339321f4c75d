"""A machine's clock that is off, against services of both providers, each with a clock of its own."""

import pytest

from conftest import LogLines
from farsync.model.errors import AuthenticationFailed
from farsync.runtime.observability import metrics
from tests.unit.operations.cloud import Cloud

HOUR = 3600.0
WRONG_KEYS = {"accessKey": "WRONG", "secretKey": "wrong"}


@pytest.fixture
def job(slow_cloud: Cloud) -> str:
    job = slow_cloud.job
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


def test_wrong_keys_under_a_wrong_clock_are_still_wrong_keys(slow_cloud: Cloud, job: str) -> None:
    slow_cloud.connection = WRONG_KEYS
    slow_cloud.emulator.ahead_seconds = 2 * HOUR
    with pytest.raises(AuthenticationFailed):
        ask(slow_cloud, job)
    # The first for the date, and then as often as wrong keys are tried: Huawei Cloud's once.
    assert slow_cloud.emulator.statuses() == [401] * {"naver": 3, "huawei": 2}[slow_cloud.emulator.connection]
