"""PutEvents and PutLogEvents, by API and from state machines, and what the sandbox shows of both."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

Run = Callable[..., dict[str, Any]]
PUT_EVENTS = "arn:aws:states:::events:putEvents"
PUT_LOGS = "arn:aws:states:::aws-sdk:cloudwatchlogs:putLogEvents"
STREAM = {"logGroupName": "/t/told", "logStreamName": "lines"}


def entry(**given: Any) -> dict[str, Any]:
    return {"EventBusName": "night", "Source": "test", "DetailType": "Told", "Detail": '{"job": "작업"}', **given}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"Source": "aws.states"}, "NotAuthorizedForSourceException"),
        ({"Detail": "no JSON"}, "MalformedDetail"),
        ({"Detail": "[]"}, "MalformedDetail"),
        ({"DetailType": ""}, "InvalidArgument"),
    ],
)
def test_an_entry_that_is_wrong_fails_alone(client: Callable[[str], Any], wrong: dict[str, str], code: str) -> None:
    answer = client("events").put_events(Entries=[entry(**wrong), entry()])
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][0]["ErrorCode"] == code
    assert "EventId" in answer["Entries"][1]


def test_a_state_machine_fails_by_name_when_eventbridge_rejects(
    run: Run, task_states: Callable[..., Any], order_faults: Callable[..., None]
) -> None:
    order_faults(operation="PutEvents", fault="http_403")
    assert run(task_states(PUT_EVENTS, {"Entries": [entry()]}))["error"] == "EventBridge.AccessDeniedException"


def test_a_stream_that_the_template_lacks_takes_no_lines(client: Callable[[str], Any]) -> None:
    event = {"timestamp": int(time.time() * 1000), "message": "x"}
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client("logs").put_log_events(**(STREAM | {"logStreamName": "other"}), logEvents=[event])


@pytest.mark.parametrize("hours", [-15 * 24, 3])
def test_a_line_of_another_time_is_rejected(client: Callable[[str], Any], hours: int) -> None:
    event = {"timestamp": int((time.time() + hours * 3600) * 1000), "message": "x"}
    with pytest.raises(ClientError, match="InvalidParameterException"):
        client("logs").put_log_events(**STREAM, logEvents=[event])


@pytest.mark.parametrize("service", ["events", "logs"])
def test_a_call_that_is_signed_for_another_service_is_rejected(sandbox: dict[str, Any], service: str) -> None:
    target = {"events": "AWSEvents.PutEvents", "logs": "Logs_20140328.PutLogEvents"}[service]
    headers = {"x-amz-target": target, "authorization": "AWS4-HMAC-SHA256 Credential=a/b/ap-northeast-2/sqs/c"}
    assert requests.post(sandbox["endpoint"], data="{}", headers=headers, timeout=30).status_code == 403
