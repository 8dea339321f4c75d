"""Schedules and rules start their targets, and tests can fire a schedule at will."""

import datetime
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.aws.events.delivery import Deliveries
from sandbox.aws.events.input_transformer import target_input
from sandbox.aws.events.scheduler import Scheduler
from sandbox.aws.events.targets import TargetCaller
from sandbox.aws.http_server import HttpReply, HttpRequest
from sandbox.aws.template.model import Schedule, Target
from tests.support.waiting import eventually


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


EVENT = {"source": "aws.states", "detail": {"status": "FAILED", "name": "abc-1", "tags": ["x", "y"]}}


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
