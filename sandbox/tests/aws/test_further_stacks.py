"""A stack of schedules beside the template's: deployed while the sandbox runs, fired as its own are."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

Deploy = Callable[..., requests.Response]


@pytest.fixture
def deploy(sandbox: dict[str, Any]) -> Iterator[Deploy]:
    def put(**resources: dict[str, Any]) -> requests.Response:
        url = f"{sandbox['endpoint']}/_sandbox/stacks/beside"
        parameters = {"FarsyncStack": {"Type": "String", "Default": "other"}}
        return requests.put(url, json={"Parameters": parameters, "Resources": resources}, timeout=30)

    yield put
    put()


def a_schedule(expression: str = "rate(1 day)", **properties: Any) -> dict[str, Any]:
    machine = {"Fn::ImportValue": {"Fn::Sub": "${FarsyncStack}-Listener"}}
    target = {"Arn": machine, "RoleArn": "arn", "Input": '{"schedule": "<aws.scheduler.schedule-arn>"}'}
    group = {"GroupName": "mine", "Name": "daily"}
    return {
        "Type": "AWS::Scheduler::Schedule",
        "Properties": {"ScheduleExpression": expression, "Target": target, **group, **properties},
    }


@pytest.mark.parametrize(
    ("schedule", "next_fire"),
    [
        (a_schedule("cron(0 3 * * ? *)", StartDate="2120-01-01T00:00:00Z"), "2120-01-01T03:00:00Z"),
        (a_schedule("cron(0 3 * * ? *)", EndDate="2020-01-01T00:00:00Z"), None),
        (a_schedule("at(2020-01-01T00:00:00)"), None),
        (a_schedule("at(2120-01-01T00:00:00)", State="DISABLED"), None),
    ],
)
def test_a_schedule_fires_within_its_dates(
    sandbox: dict[str, Any], deploy: Deploy, schedule: dict[str, Any], next_fire: str | None
) -> None:
    deploy(S=schedule)
    (daily,) = [one for one in shown(sandbox) if one["name"] == "daily"]
    assert daily["nextFire"] == next_fire


def test_a_stack_that_is_deployed_again_has_only_its_new_schedules(sandbox: dict[str, Any], deploy: Deploy) -> None:
    deploy(S=a_schedule())
    deploy(S=a_schedule(Name="weekly"))
    assert {one["name"] for one in shown(sandbox)} == {"t-NightlySchedule", "weekly"}


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        (
            a_schedule(Target={"Arn": {"Fn::ImportValue": "nobody"}}),
            "S.Target.Arn: no stack exports nobody; there are t-Listener",
        ),
        (a_schedule("every day"), "ScheduleExpression 'every day'"),
        (
            {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {}, "Targets": []}},
            "schedules and queues in a further stack, nothing else",
        ),
    ],
)
def test_what_cannot_be_deployed_says_why(deploy: Deploy, resource: dict[str, Any], told: str) -> None:
    reply = deploy(S=resource)
    assert reply.status_code == 400
    assert told in reply.json()["message"]


def shown(sandbox: dict[str, Any]) -> list[dict[str, Any]]:
    schedules: list[dict[str, Any]] = requests.get(f"{sandbox['endpoint']}/_sandbox/schedules", timeout=30).json()[
        "schedules"
    ]
    return schedules
