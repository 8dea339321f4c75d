"""A stack of schedules beside the template's, deployed while the sandbox runs."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

Deploy = Callable[[dict[str, Any]], requests.Response]


@pytest.fixture
def deploy(sandbox: dict[str, Any]) -> Iterator[Deploy]:
    url = f"{sandbox['endpoint']}/_sandbox/stacks/beside"
    parameters = {"FarsyncStack": {"Type": "String", "Default": "other"}}

    def put(**resources: dict[str, Any]) -> requests.Response:
        return requests.put(url, json={"Parameters": parameters, "Resources": resources}, timeout=30)

    yield lambda resource: put(S=resource)
    put()


def a_schedule(expression: str, **properties: Any) -> dict[str, Any]:
    target = {"Arn": {"Fn::ImportValue": {"Fn::Sub": "${FarsyncStack}-Listener"}}}
    given = {"ScheduleExpression": expression, "Target": target, "GroupName": "mine", "Name": "daily"}
    return {"Type": "AWS::Scheduler::Schedule", "Properties": given | properties}


@pytest.mark.parametrize(
    ("schedule", "next_fire"),
    [
        (a_schedule("cron(0 3 * * ? *)", StartDate="2120-01-01T00:00:00Z"), "2120-01-01T03:00:00Z"),
        (a_schedule("cron(0 3 * * ? *)", EndDate="2020-01-01T00:00:00Z"), None),
        (a_schedule("at(2120-01-01T00:00:00)", State="DISABLED"), None),
    ],
    ids=["start date", "end date", "disabled"],
)
def test_a_schedule_fires_within_its_dates_and_takes_the_place_of_the_one_before(
    sandbox: dict[str, Any], deploy: Deploy, schedule: dict[str, Any], next_fire: str | None
) -> None:
    deploy(a_schedule("rate(1 day)"))
    deploy(schedule)
    shown = requests.get(f"{sandbox['endpoint']}/_sandbox/schedules", timeout=30).json()["schedules"]
    assert {known["name"]: known["nextFire"] for known in shown} == {"t-NightlySchedule": None, "daily": next_fire}
