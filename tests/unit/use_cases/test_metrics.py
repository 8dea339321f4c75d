import json
from typing import Any

import pytest

from farsync.errors import Throttled
from farsync.invocation import Invocation
from farsync.looking import look
from farsync.serving import serve
from farsync.starting import start
from farsync.telemetry import metrics
from tests.unit.use_cases.conftest import Cloud, UseCase


def metrics_of(cloud: Cloud, use_case: UseCase, payload: dict[str, Any], output: pytest.CaptureFixture[str]) -> Any:
    """The metrics that one invocation writes in CloudWatch's embedded format, and the invocation's answer."""
    metrics.clear_metrics()
    output.readouterr()

    def act(invocation: Invocation) -> Any:
        return use_case(cloud.environment, invocation)

    answer = serve(payload, act)
    lines = [json.loads(line) for line in output.readouterr().out.splitlines() if '"_aws"' in line]
    (embedded,) = lines
    names = [metric["Name"] for metric in embedded["_aws"]["CloudWatchMetrics"][0]["Metrics"]]
    return {name: embedded[name] for name in names}, answer


def test_starts_looks_and_the_delay_of_the_news_are_metrics(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    started, answer = metrics_of(cloud, start, {"job": cloud.vendor.make_job()}, capsys)
    assert started == {"ExecutionsStarted": [1.0]}
    cloud.wait_until_over(answer["run"]["job"], answer["run"]["executionId"])
    looked, _ = metrics_of(cloud, look, {"run": answer["run"]}, capsys)
    assert looked["Polls"] == [1.0]
    assert 0 <= looked["DetectionDelay"][0] < 60


def test_a_call_that_was_throttled_to_its_end_is_counted(slow_cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    job = slow_cloud.vendor.make_job()
    slow_cloud.vendor.add_fault(job, "start", "http_429")
    metrics.clear_metrics()
    capsys.readouterr()
    with pytest.raises(Throttled):
        serve({"job": job}, lambda invocation: start(slow_cloud.environment, invocation))
    (embedded,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    assert embedded["CallsThrottled"] == [1.0]


def test_an_unknown_status_word_is_counted(slow_cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    _, answer = metrics_of(slow_cloud, start, {"job": slow_cloud.vendor.make_job()}, capsys)
    slow_cloud.vendor.add_fault(answer["run"]["job"], "look", "unknown_status")
    looked, _ = metrics_of(slow_cloud, look, {"run": answer["run"]}, capsys)
    assert looked == {"Polls": [1.0], "UnknownStatuses": [1.0]}
