"""A started schedule brings instances of its own, beside those that are started by hand."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.huawei_dataarts.cron_schedule import CronSchedule
from sandbox.tests.huawei.dataarts_client import Client, ServerMaker, poll

MONDAY_NOON_IN_CHINA = datetime(2026, 1, 12, 4, tzinfo=UTC)


def cron(expression: str, **fields: Any) -> dict[str, Any]:
    return {"type": "CRON", "cron": {"startTime": "2026-01-01T00:00:00+08", "expression": expression, **fields}}


class Clock:
    def __init__(self) -> None:
        self.now = MONDAY_NOON_IN_CHINA.timestamp() - 5

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def scheduled(make_server: ServerMaker, clock: Clock) -> Client:
    """`hourly` is due on the hour, five seconds from now, and is started."""
    client = Client(make_server(clock=clock), clock=clock)
    client.make_job(name="hourly", schedule=cron("0 0 * * * ?"), params=[{"name": "mode", "value": "full"}])
    client.ok("POST", "/jobs/hourly/start", {"jobParams": [{"name": "day", "value": "1"}]})
    return client


def test_a_scheduled_instance_has_the_plan_time_of_its_schedule(scheduled: Client, clock: Clock) -> None:
    assert scheduled.ok("GET", "/jobs")["jobs"][0]["status"] == "SCHEDULING"
    clock.now += 7
    (shown,) = poll(lambda: scheduled.list_instances()["instances"], bool)
    assert (shown["instanceType"], shown["planTime"]) == (0, MONDAY_NOON_IN_CHINA.timestamp() * 1000)
    assert shown["submitTime"] > shown["planTime"]
    assert scheduled.ledger()[0]["jobParams"] == {"mode": "full", "day": "1"}


def test_scheduled_and_manual_instances_stand_side_by_side(scheduled: Client, clock: Clock) -> None:
    scheduled.start("hourly")
    clock.now += 7
    listed = poll(lambda: scheduled.list_instances()["instances"], lambda items: len(items) == 2)
    assert [item["instanceType"] for item in listed] == [0, 2]


def test_every_time_that_passed_while_nobody_looked_brings_its_instance(scheduled: Client, clock: Clock) -> None:
    clock.now += 3 * 3600
    listed = poll(lambda: scheduled.list_instances()["instances"], lambda items: len(items) == 3)
    hours = [(item["planTime"] / 1000 - MONDAY_NOON_IN_CHINA.timestamp()) / 3600 for item in listed]
    assert hours == [2, 1, 0]


def test_a_stopped_schedule_brings_no_more_and_ends_what_still_waits(make_server: ServerMaker, clock: Clock) -> None:
    client = Client(make_server(clock=clock, queue_seconds=86_400), clock=clock)
    client.make_job(name="hourly", schedule=cron("0 0 * * * ?"))
    client.ok("POST", "/jobs/hourly/start")
    clock.now += 7
    poll(client.ledger, lambda entries: len(entries) == 1)
    assert client.call("POST", "/jobs/hourly/stop").status_code == 204
    assert client.ledger()[0]["status"] == "manual-stop"
    assert client.ok("GET", "/jobs")["jobs"][0]["status"] == "STOPPED"
    clock.now += 2 * 3600
    client.make_job(name="other", schedule=cron("0 0 * * * ?"))
    client.ok("POST", "/jobs/other/start")
    clock.now += 3600
    poll(client.ledger, lambda entries: [entry["jobName"] for entry in entries] == ["hourly", "other"])


def test_a_job_of_one_execution_runs_when_its_schedule_is_started(client: Client) -> None:
    client.make_job(name="once")
    assert client.ledger() == []
    assert client.call("POST", "/jobs/once/start").status_code == 204
    (entry,) = client.ledger()
    assert entry["instanceType"] == 7


def test_running_a_job_once_leaves_its_schedule_alone(client: Client) -> None:
    client.run()
    assert client.ok("GET", "/jobs")["jobs"][0]["status"] == "STOPPED"


@pytest.mark.parametrize(
    ("expression", "due"),
    [
        ("0 0 * * * ?", datetime(2026, 1, 12, 5, tzinfo=UTC)),
        ("0 */15 * * * ?", datetime(2026, 1, 12, 4, 15, tzinfo=UTC)),
        ("0 0 1 * * ?", datetime(2026, 1, 12, 17, tzinfo=UTC)),
        ("0 0 1 * * *", datetime(2026, 1, 12, 17, tzinfo=UTC)),
        ("0 30 2 ? * 1", datetime(2026, 1, 17, 18, 30, tzinfo=UTC)),
        ("0 30 2 * * 2", datetime(2026, 1, 18, 18, 30, tzinfo=UTC)),
        ("0 0 0 1 * ?", datetime(2026, 1, 31, 16, tzinfo=UTC)),
    ],
)
def test_an_expression_is_read_in_the_providers_notation(expression: str, due: datetime) -> None:
    assert CronSchedule(expression=expression).next_after(MONDAY_NOON_IN_CHINA) == due


def test_a_schedule_keeps_to_its_zone_and_its_bounds() -> None:
    daily = CronSchedule(expression="0 0 1 * * ?", expression_time_zone="GMT-3", start_time="2026-02-01T00:00:00-03")
    assert daily.next_after(MONDAY_NOON_IN_CHINA) == datetime(2026, 2, 1, 4, tzinfo=UTC)
    over = CronSchedule(expression="0 0 1 * * ?", end_time="2026-01-12T13:00:00+08")
    assert over.next_after(MONDAY_NOON_IN_CHINA) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"expression": "* * * * *"},
        {"expression": "0 0 1 * 5 ?"},
        {"expression": "0 61 1 * * ?"},
        {"expression": "0 0 1 1 * 2"},
        {"expression": "0 0 1 * * ?", "expression_time_zone": "CST"},
        {"expression": "0 0 1 * * ?", "start_time": "soon"},
    ],
)
def test_a_schedule_that_makes_no_sense_is_rejected(fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"expression|cron|Invalid isoformat"):
        CronSchedule(**fields)
