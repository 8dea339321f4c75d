"""Schedules and rules start their targets, and tests can fire a schedule at will."""

import datetime
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.aws.events.delivery import Deliveries
from sandbox.aws.events.input_transformer import target_input
from sandbox.aws.events.patterns import PatternUnknown, matches
from sandbox.aws.events.scheduler import Scheduler
from sandbox.aws.events.targets import TargetCaller
from sandbox.aws.http_server import HttpReply, HttpRequest
from sandbox.aws.template.model import Schedule, Target
from tests.support.waiting import eventually


def test_a_disabled_schedule_can_be_fired_for_a_time_of_ones_choice(
    sandbox: dict[str, Any], finished: Callable[[str], dict[str, Any]]
) -> None:
    url = f"{sandbox['endpoint']}/_sandbox/schedules"
    (schedule,) = requests.get(url, timeout=30).json()["schedules"]
    assert (schedule["name"], schedule["state"], schedule["nextFire"]) == ("t-NightlySchedule", "DISABLED", None)

    fired = requests.post(
        f"{url}/NightlySchedule/fire", json={"scheduledTime": "2026-01-31T03:30:00+09:00"}, timeout=30
    ).json()
    assert json.loads(finished(fired["executionArn"])["input"]) == {
        "scheduledTime": "2026-01-30T18:30:00Z",
        "schedule": "arn:aws:scheduler:ap-northeast-2:123456789012:schedule/default/t-NightlySchedule",
    }


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [("Nobody", "", 404), ("NightlySchedule", '{"scheduledTime": "soon"}', 400)],
)
def test_what_cannot_be_fired_says_why(sandbox: dict[str, Any], name: str, body: str, status: int) -> None:
    url = f"{sandbox['endpoint']}/_sandbox/schedules/{name}/fire"
    reply = requests.post(url, data=body, timeout=30)
    assert reply.status_code == status
    assert reply.json()["message"]


def test_an_enabled_schedule_fires_when_its_time_comes() -> None:
    has_fired = threading.Event()
    requests_seen: list[HttpRequest] = []

    def aws(request: HttpRequest) -> HttpReply:
        requests_seen.append(request)
        has_fired.set()
        return HttpReply(200, b'{"executionArn": "arn"}')

    soon = datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(seconds=4)
    target = Target("arn:aws:states:::stateMachine:m", '{"at": "<aws.scheduler.scheduled-time>"}')
    schedule = Schedule("S", "s", "arn", f"at({soon:%Y-%m-%dT%H:%M:%S})", "UTC", True, target)
    scheduler = Scheduler([schedule], Deliveries(TargetCaller(aws)))
    scheduler.start()
    assert has_fired.wait(30)
    scheduler.stop()
    given = json.loads(json.loads(requests_seen[0].body)["input"])
    assert given == {"at": f"{soon:%Y-%m-%dT%H:%M:%S}Z"}


def test_a_schedule_of_a_function_invokes_it_with_its_input() -> None:
    requests_seen: list[HttpRequest] = []

    def aws(request: HttpRequest) -> HttpReply:
        requests_seen.append(request)
        return HttpReply(202)

    target = Target("arn:aws:lambda:ap-northeast-2:123456789012:function:f", '{"since": "25h"}')
    schedule = Schedule("S", "s", "arn", "rate(1 hour)", "UTC", True, target)
    assert Deliveries(TargetCaller(aws)).begin(schedule, datetime.datetime.now(tz=datetime.UTC)) is None
    (request,) = requests_seen
    assert request.path == f"/2015-03-31/functions/{target.arn}/invocations"
    assert (request.headers["x-amz-invocation-type"], request.body) == ("Event", b'{"since": "25h"}')


def test_a_change_of_status_starts_the_machine_whose_rule_listens(
    sfn: Any, sandbox: dict[str, Any], finished: Callable[[str], dict[str, Any]]
) -> None:
    flow = sfn.start_execution(stateMachineArn=sandbox["stateMachines"]["flow"], input='{"waitSeconds": 3000}')[
        "executionArn"
    ]
    sfn.stop_execution(executionArn=flow, error="Abort", cause="by hand")

    listener = sandbox["stateMachines"]["listener_state_machine"]
    heard = eventually(lambda: event_about(sfn, listener, flow))
    assert heard["detail-type"] == "Step Functions Execution Status Change"
    assert heard["source"] == "aws.states"
    assert (heard["detail"]["status"], heard["detail"]["error"]) == ("ABORTED", "Abort")
    assert json.loads(heard["detail"]["input"]) == {"waitSeconds": 3000}
    assert isinstance(heard["detail"]["stopDate"], int)
    told_of_redrives = {name: value for name, value in heard["detail"].items() if name.startswith("redrive")}
    assert told_of_redrives == {
        "redriveCount": 0,
        "redriveDate": None,
        "redriveStatus": "REDRIVABLE",
        "redriveStatusReason": None,
    }


def test_a_rule_sends_what_its_template_makes_of_the_event_to_a_queue(
    sfn: Any, sandbox: dict[str, Any], client: Callable[[str], Any]
) -> None:
    sqs = client("sqs")
    url = sqs.get_queue_url(QueueName="t-HeardQueue")["QueueUrl"]
    flow = sfn.start_execution(stateMachineArn=sandbox["stateMachines"]["flow"], input='{"waitSeconds": 3000}')[
        "executionArn"
    ]
    sfn.stop_execution(executionArn=flow)

    def message_about_the_flow() -> dict[str, Any] | None:
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            told: dict[str, Any] = json.loads(message["Body"])
            if told["executionArn"] == flow:
                return told
        return None

    told = eventually(message_about_the_flow)
    stopped = sfn.describe_execution(executionArn=flow)["stopDate"]
    assert told == {
        "executionArn": flow,
        "name": flow.rpartition(":")[2],
        "stopDate": pytest.approx(stopped.timestamp() * 1000, abs=1),
        "redriveCount": 0,
    }


def test_a_redriven_execution_that_ends_again_is_reported_again_with_its_redrive_count(
    sfn: Any, sandbox: dict[str, Any]
) -> None:
    flow = sfn.start_execution(stateMachineArn=sandbox["stateMachines"]["flow"], input='{"waitSeconds": 3000}')[
        "executionArn"
    ]
    sfn.stop_execution(executionArn=flow)
    sfn.redrive_execution(executionArn=flow)
    sfn.stop_execution(executionArn=flow)

    listener = sandbox["stateMachines"]["listener_state_machine"]
    eventually(lambda: len(events_about(sfn, listener, flow)) == 2)
    details = [event["detail"] for event in events_about(sfn, listener, flow)]
    assert sorted((detail["redriveCount"], detail["status"]) for detail in details) == [(0, "ABORTED"), (1, "ABORTED")]
    assert sorted(type(detail["redriveDate"]) is int for detail in details) == [False, True]


def event_about(sfn: Any, listener: str, execution_arn: str) -> dict[str, Any] | None:
    return next(iter(events_about(sfn, listener, execution_arn)), None)


def events_about(sfn: Any, listener: str, execution_arn: str) -> list[dict[str, Any]]:
    found = []
    for listed in sfn.list_executions(stateMachineArn=listener)["executions"]:
        described = sfn.describe_execution(executionArn=listed["executionArn"])
        event: dict[str, Any] = json.loads(described["input"])
        if event.get("detail", {}).get("executionArn") == execution_arn:
            found.append(event)
    return found


EVENT = {"source": "aws.states", "detail": {"status": "FAILED", "name": "abc-1", "tags": ["x", "y"]}}


@pytest.mark.parametrize(
    ("pattern", "is_match"),
    [
        ({"source": ["aws.states"]}, True),
        ({"source": ["aws.sqs"]}, False),
        ({"detail": {"status": ["FAILED", "ABORTED"], "name": [{"prefix": "abc-"}]}}, True),
        ({"detail": {"status": [{"anything-but": ["FAILED"]}]}}, False),
        ({"detail": {"tags": ["y"]}}, True),
        ({"detail": {"output": [{"exists": False}]}}, True),
        ({"detail": {"output": ["x"]}}, False),
    ],
)
def test_a_pattern_matches_as_in_eventbridge(pattern: dict[str, Any], is_match: bool) -> None:
    assert matches(pattern, EVENT) is is_match


def test_a_filter_that_is_not_known_is_an_error() -> None:
    with pytest.raises(PatternUnknown, match="cidr"):
        matches({"source": [{"cidr": "10.0.0.0/8"}]}, EVENT)


def test_a_target_gets_the_event_a_constant_or_a_filled_template() -> None:
    assert json.loads(target_input(Target("a", None), EVENT)) == EVENT
    assert target_input(Target("a", "7"), EVENT) == "7"
    transformer = {
        "InputPathsMap": {"name": "$.detail.name", "tags": "$.detail.tags"},
        "InputTemplate": '{"nameParts": [["<name>", "x-<name>"]], "plain": <name>, "tags": <tags>}',
    }
    assert json.loads(target_input(Target("a", None, transformer), EVENT)) == {
        "nameParts": [["abc-1", "x-abc-1"]],
        "plain": "abc-1",
        "tags": ["x", "y"],
    }
