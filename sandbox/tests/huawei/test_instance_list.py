"""The instance list: its window, and queries that make no sense."""

import time
from typing import Any

import pytest

from sandbox.tests.huawei.dataarts_client import Client, ServerMaker

HOUR = 3_600_000
DAY = 24 * HOUR


def ids(listed: dict[str, Any]) -> list[int]:
    return [item["instanceId"] for item in listed["instances"]]


def test_the_window_is_today_unless_a_request_says_otherwise(make_server: ServerMaker) -> None:
    # Ten to midnight in China, where the service's days begin and end.
    now = [1_768_405_800.0]
    client = Client(make_server(clock=lambda: now[0], run_seconds=0), clock=lambda: now[0])
    client.make_job()
    started = client.start("job_1")
    assert ids(client.list_instances()) == [started]
    now[0] += 1200
    assert ids(client.list_instances()) == []
    assert ids(client.list_instances(minPlanTime=round(now[0] * 1000) - HOUR)) == [started]


@pytest.mark.parametrize(("days", "is_accepted"), [(7, True), (8, False)])
def test_a_window_is_a_week_at_most(client: Client, days: int, is_accepted: bool) -> None:
    now = round(time.time() * 1000)
    reply = client.call("GET", "/jobs/instances/detail", None, minPlanTime=now - days * DAY, maxPlanTime=now)
    assert reply.ok is is_accepted


def test_the_window_may_be_on_the_start(make_server: ServerMaker) -> None:
    client = Client(make_server(window_on="startTime", queue_seconds=0.3, run_seconds=600))
    client.make_job()
    instance_id = client.start("job_1")
    shown = client.wait_for("job_1", instance_id, "running")
    assert shown["startTime"] > shown["planTime"]
    assert ids(client.list_instances(minPlanTime=shown["planTime"] + 1)) == [instance_id]


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 1001}, {"offset": -1}, {"minPlanTime": "x"}, {"status": "done"}, {"preciseQuery": "x"}],
)
def test_a_query_that_makes_no_sense_is_rejected_and_named(client: Client, query: dict[str, object]) -> None:
    reply = client.call("GET", "/jobs/instances/detail", None, **query, jobName="a")
    assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.3051")
    assert next(iter(query)) in reply.json()["error_msg"]
