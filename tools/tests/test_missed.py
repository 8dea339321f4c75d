"""A message of Scheduler's dead-letter queue tells what to start, in whichever form its body comes."""

import json
from typing import Any

import pytest

from tools.schedules.missed import MissedUnreadable, missed_of

MACHINE = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:farsync-start_once"
SCHEDULE = "arn:aws:scheduler:ap-northeast-2:123456789012:schedule/farsync-schedules/night"
TIME = "2026-11-21T18:00:00Z"
INPUT = {"machine": "run_job", "nameParts": [["j"], ["default"], ["schedule", SCHEDULE, TIME]], "input": {"job": "j"}}
TEXT = json.dumps(INPUT)
UNFILLED = TEXT.replace(SCHEDULE, "<aws.scheduler.schedule-arn>").replace(TIME, "<aws.scheduler.scheduled-time>")


def message(body: str, **attributes: str) -> dict[str, Any]:
    told = {"SCHEDULE_ARN": SCHEDULE, "SCHEDULED_TIME": TIME, "TARGET_ARN": MACHINE, "ERROR_CODE": "AccessDenied"}
    told |= attributes
    return {
        "MessageId": "m",
        "Body": body,
        "MessageAttributes": {name: {"DataType": "String", "StringValue": value} for name, value in told.items()},
    }


@pytest.mark.parametrize(
    "body",
    [
        TEXT,
        UNFILLED,
        json.dumps({"StateMachineArn": MACHINE, "Input": TEXT}),
        json.dumps({"stateMachineArn": MACHINE, "input": UNFILLED}),
    ],
    ids=["the input", "the input unfilled", "the call", "the call unfilled"],
)
def test_what_start_once_would_have_been_given_is_found(body: str) -> None:
    missed = missed_of(message(body))
    assert json.loads(missed.start_once_input) == INPUT
    assert missed[:4] == (SCHEDULE, TIME, "AccessDenied", MACHINE)


@pytest.mark.parametrize(
    ("body", "attributes", "reason"),
    [
        (TEXT, {"IS_PAYLOAD_TRUNCATED": "true"}, "too long"),
        (TEXT, {"TARGET_ARN": "arn:aws:lambda:ap-northeast-2:123456789012:function:f"}, "no state machine"),
        ("night", {}, "no JSON"),
        ("[]", {}, "no JSON object"),
        ('{"job": "j"}', {}, "no input of start_once"),
    ],
)
def test_a_message_that_is_none_of_farsyncs_is_not_started(body: str, attributes: dict[str, str], reason: str) -> None:
    with pytest.raises(MissedUnreadable, match=reason):
        missed_of(message(body, **attributes))
