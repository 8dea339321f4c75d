import json
from typing import Any

import pytest

from farsync.runtime.observability import metrics, log_context
from tests.unit.operations.followed_runs import followed, started
from tests.unit.operations.old_cloud import Cloud, cloud, slow_cloud  # noqa: F401


def metrics_written(output: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Those that one invocation has written in CloudWatch's embedded format."""
    lines = [json.loads(line) for line in output.readouterr().out.splitlines() if '"_aws"' in line]
    (embedded,) = lines
    names = [metric["Name"] for metric in embedded["_aws"]["CloudWatchMetrics"][0]["Metrics"]]
    return {name: embedded[name] for name in names}


def forget(output: pytest.CaptureFixture[str]) -> None:
    metrics.clear_metrics()
    output.readouterr()


def test_a_start_is_a_metric(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    job = cloud.emulator.make_job()
    forget(capsys)
    with log_context(None):
        started(cloud, job)
    assert metrics_written(capsys) == {"ExecutionsStarted": [1.0]}


def test_the_delay_with_which_an_end_is_detected_is_a_metric(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    aws, run = followed(cloud)
    cloud.wait_until_over(run["job"], run["executionId"])
    forget(capsys)
    aws.deliver(cloud.environment)
    written = metrics_written(capsys)
    assert 0 <= written["DetectionDelay"][0] < 60


def test_a_poll_that_changes_nothing_writes_no_line(slow_cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    aws, _ = followed(slow_cloud)
    aws.deliver(slow_cloud.environment)
    forget(capsys)
    aws.deliver(slow_cloud.environment)
    assert capsys.readouterr().out == ""


def test_a_cancel_at_the_deadline_is_counted_once_it_has_worked(
    slow_cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    aws, run = followed(slow_cloud, deadlineAt="2026-01-31T00:00:00Z")
    slow_cloud.provider().cancel(run["job"], run["executionId"])
    slow_cloud.wait_until_over(run["job"], run["executionId"])
    forget(capsys)
    aws.deliver(slow_cloud.environment)
    assert metrics_written(capsys)["ExecutionsCanceled"] == [1.0]


def test_a_call_that_was_throttled_to_its_end_is_counted(slow_cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    job = slow_cloud.emulator.make_job()
    slow_cloud.emulator.add_fault(job, "start", "http_429")
    forget(capsys)
    with log_context(None):
        started(slow_cloud, job)
    assert metrics_written(capsys)["CallsThrottled"] == [1.0]


def test_an_unknown_status_word_is_counted(slow_cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    aws, run = followed(slow_cloud)
    slow_cloud.emulator.add_fault(run["job"], "poll", "unknown_status")
    forget(capsys)
    aws.deliver(slow_cloud.environment)
    assert metrics_written(capsys) == {"UnknownStatuses": [1.0]}
