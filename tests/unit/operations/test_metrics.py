"""What an operator sees in CloudWatch's embedded format."""

import json
from typing import Any

import pytest

from farsync.runtime.observability import metrics
from tests.unit.operations.cloud import Cloud
from tests.unit.operations.poll_queue import PollQueue


def metrics_of_a_poll(cloud: Cloud, queue: PollQueue, output: pytest.CaptureFixture[str]) -> dict[str, Any]:
    metrics.clear_metrics()
    output.readouterr()
    queue.deliver(cloud.environment)
    (embedded,) = [json.loads(line) for line in output.readouterr().out.splitlines() if '"_aws"' in line]
    names = [metric["Name"] for metric in embedded["_aws"]["CloudWatchMetrics"][0]["Metrics"]]
    return {name: embedded[name] for name in names}


def test_the_delay_with_which_an_end_is_detected_is_a_metric(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    queue, run = cloud.followed()
    cloud.wait_until_over(run["executionId"])
    assert 0 <= metrics_of_a_poll(cloud, queue, capsys)["DetectionDelay"][0] < 60


def test_a_cancel_at_the_deadline_is_counted_once_it_has_worked(
    slow_cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    queue, run = slow_cloud.followed(deadlineAt="2026-01-31T00:00:00Z")
    slow_cloud.provider().cancel(run["job"], run["executionId"])
    slow_cloud.wait_until_over(run["executionId"])
    assert metrics_of_a_poll(slow_cloud, queue, capsys)["ExecutionsCanceled"] == [1.0]


@pytest.mark.parametrize(("fault", "metric"), [("unknown_status", "UnknownStatuses"), ("http_429", "CallsThrottled")])
def test_a_poll_that_nobody_understands_or_that_is_throttled_to_its_end_is_counted(
    slow_cloud: Cloud, capsys: pytest.CaptureFixture[str], fault: str, metric: str
) -> None:
    queue, _ = slow_cloud.followed()
    slow_cloud.fault("poll", fault, times=99)
    assert metrics_of_a_poll(slow_cloud, queue, capsys) == {metric: [1.0]}
