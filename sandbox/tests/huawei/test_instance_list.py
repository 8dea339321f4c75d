"""The instance list: its window, its filters, its pages, its order."""

import time
from typing import Any

import pytest

from sandbox.tests.emulator_client import poll
from sandbox.tests.huawei.dataarts_client import Client, ServerMaker

HOUR = 3_600_000
DAY = 24 * HOUR


def ids(listed: dict[str, Any]) -> list[int]:
    return [item["instanceId"] for item in listed["instances"]]


@pytest.fixture
def five(slow_client: Client) -> Client:
    """`job_1` has three instances, `job_12` two."""
    for name, count in (("job_1", 3), ("job_12", 2)):
        slow_client.make_job(name=name)
        for _ in range(count):
            slow_client.start(name)
    return slow_client


def test_the_newest_plan_time_comes_first(five: Client) -> None:
    listed = five.list_instances()
    assert (listed["total"], ids(listed)) == (5, [34768, 34767, 34766, 34765, 34764])


def test_a_name_is_found_by_a_part_of_it_unless_it_is_asked_for_exactly(five: Client) -> None:
    assert five.list_instances(jobName="job_1")["total"] == 5
    assert five.list_instances(jobName="job_1", preciseQuery="true")["total"] == 3
    assert five.list_instances(jobName="nothing") == {"total": 0, "instances": []}


@pytest.mark.parametrize(("unit", "second"), [("page", 1), ("record", 2)])
def test_offset_counts_pages_or_records(make_server: ServerMaker, unit: str, second: int) -> None:
    client = Client(make_server(offset_unit=unit, run_seconds=600))
    client.make_job()
    for _ in range(5):
        client.start("job_1")
    assert ids(client.list_instances(limit=2)) == [34768, 34767]
    assert ids(client.list_instances(limit=2, offset=second)) == [34766, 34765]


def test_instances_are_found_by_status_and_by_type(five: Client) -> None:
    poll(lambda: five.list_instances(status="running")["total"], lambda total: total == 5)
    five.person(34764, "fail")
    assert ids(five.list_instances(status="fail")) == [34764]
    assert five.list_instances(instanceType=2)["total"] == 5
    assert five.list_instances(instanceType=0)["total"] == 0


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


def test_both_bounds_hold(five: Client) -> None:
    plan_times = {item["instanceId"]: item["planTime"] for item in five.list_instances()["instances"]}
    between = five.list_instances(minPlanTime=plan_times[34765], maxPlanTime=plan_times[34767])
    assert {34765, 34766, 34767} <= set(ids(between))
    assert five.list_instances(maxPlanTime=plan_times[34764] - 1)["total"] == 0


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
    [
        {"limit": 0},
        {"limit": 1001},
        {"offset": -1},
        {"minPlanTime": "today"},
        {"status": "done"},
        {"preciseQuery": "x"},
    ],
)
def test_a_query_that_makes_no_sense_is_rejected_and_named(client: Client, query: dict[str, object]) -> None:
    reply = client.call("GET", "/jobs/instances/detail", None, **query, jobName="a")
    assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.3051")
    assert next(iter(query)) in reply.json()["error_msg"]
