"""PutEvents and PutLogEvents reject what AWS rejects."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

ENTRY = {"Source": "test", "DetailType": "test", "Detail": '{"job": "작업"}'}
STREAM = {"logGroupName": "/t/events", "logStreamName": "lines"}


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
    answer = client("events").put_events(Entries=[ENTRY | wrong, ENTRY])
    assert (answer["FailedEntryCount"], answer["Entries"][0]["ErrorCode"]) == (1, code)
    assert "EventId" in answer["Entries"][1]


def test_entries_are_counted_without_the_escapes_of_the_request(client: Callable[[str], Any]) -> None:
    quotes = json.dumps({"text": '"' * 130_000})
    assert client("events").put_events(Entries=[ENTRY | {"Detail": quotes}])["FailedEntryCount"] == 0
    with pytest.raises(ClientError, match="ValidationException"):
        client("events").put_events(Entries=[ENTRY | {"Detail": quotes[:-2] + "more" * 1000 + quotes[-2:]}])


def test_a_line_that_is_too_long_is_rejected(client: Callable[[str], Any]) -> None:
    logs, now = client("logs"), int(time.time() * 1000)
    logs.put_log_events(**STREAM, logEvents=[{"timestamp": now, "message": "x" * (262_144 - 26)}])
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.put_log_events(**STREAM, logEvents=[{"timestamp": now, "message": "x" * (262_144 - 25)}])


@pytest.mark.parametrize(
    ("stream", "hours", "code"),
    [
        ("other", 0, "ResourceNotFoundException"),
        ("lines", -15 * 24, "InvalidParameterException"),
        ("lines", 3, "InvalidParameterException"),
    ],
)
def test_a_line_for_no_stream_or_of_another_time_is_rejected(
    client: Callable[[str], Any], stream: str, hours: int, code: str
) -> None:
    event = {"timestamp": int((time.time() + hours * 3600) * 1000), "message": "x"}
    with pytest.raises(ClientError, match=code):
        client("logs").put_log_events(**(STREAM | {"logStreamName": stream}), logEvents=[event])


def put_lines(client: Callable[[str], Any], hours_ago: int, *ages_seconds: int) -> list[dict[str, Any]]:
    """One line for each age, of which four fill a page; in the order of time."""
    now = int((time.time() - hours_ago * 3600) * 1000)
    lines = [{"timestamp": now - age * 1000, "message": f"{age}{'x' * 250_000}"} for age in ages_seconds]
    for line in lines:
        client("logs").put_log_events(**STREAM, logEvents=[line])
    return sorted(lines, key=lambda line: line["timestamp"])


def shown(page: dict[str, Any]) -> list[dict[str, Any]]:
    return [{name: event[name] for name in ("timestamp", "message")} for event in page["events"]]


def test_lines_are_read_back_from_the_newest_until_the_token_stays_the_same(client: Callable[[str], Any]) -> None:
    lines = put_lines(client, 0, 5, 4, 1, 3, 2)
    window = {"startTime": lines[0]["timestamp"], "endTime": lines[-1]["timestamp"] + 1}
    newest = client("logs").get_log_events(**STREAM, **window)
    assert shown(newest) == lines[1:]
    older = client("logs").get_log_events(**STREAM, **window, nextToken=newest["nextBackwardToken"])
    assert shown(older) == lines[:1]
    last = client("logs").get_log_events(**STREAM, **window, nextToken=older["nextBackwardToken"])
    assert (last["events"], last["nextBackwardToken"]) == ([], older["nextBackwardToken"])


def test_lines_of_a_window_are_read_whose_end_is_outside(client: Callable[[str], Any]) -> None:
    lines = put_lines(client, 5, 4, 3, 2, 1)
    window = {"startTime": lines[0]["timestamp"], "endTime": lines[3]["timestamp"]}
    assert shown(client("logs").get_log_events(**STREAM, **window, limit=2)) == lines[1:3]


@pytest.mark.parametrize("target", ["AWSEvents.PutEvents", "Logs_20140328.GetLogEvents", "AWSStepFunctions.X"])
def test_a_call_that_is_signed_for_another_service_is_rejected(sandbox: dict[str, Any], target: str) -> None:
    headers = {"x-amz-target": target, "authorization": "AWS4-HMAC-SHA256 Credential=a/b/ap-northeast-2/sqs/c"}
    assert requests.post(sandbox["endpoint"], data="{}", headers=headers, timeout=30).status_code == 403
