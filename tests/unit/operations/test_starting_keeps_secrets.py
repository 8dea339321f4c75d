"""A secret parameter at a provider that repeats what it was sent: the value stands in no log line and in no error."""

import json
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest

from conftest import LogLines
from farsync.model.errors import FarsyncError, InvalidRequest
from farsync.operations.trigger_execution import start
from farsync.runtime.entrypoint import serve
from sandbox.provider_service.http_messages import Reply
from tests.unit.operations.cloud import Cloud

SECRET = 'hunter2-secret "é"/x'


class Start:
    """Of a run that has been prepared, and whose start the provider answers as a test says."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        request: dict[str, Any] = {"job": cloud.job, "parameters": {cloud.emulator.parameter: {"secret": "token"}}}
        self.payload = {"request": request, "run": cloud.prepared(**request), "redriveCount": 0}
        is_huawei = cloud.emulator.connection == "huawei"
        self.words, self.code = ("error_msg", "error_code") if is_huawei else ("message", "errorCode")

    def answered(self, body: str, status: int, value: str = SECRET) -> dict[str, object]:
        self.cloud.aws.secrets["farsync/parameters/default/token"] = value
        self.cloud.emulator.exchange = lambda request: Reply(status, body.encode())  # type: ignore[method-assign]  # noqa: ARG005
        return serve(self.payload, partial(start, self.cloud.environment))

    def rejected(self, body: str, status: int = 400, value: str = SECRET) -> FarsyncError:
        with pytest.raises(FarsyncError) as caught:
            self.answered(body, status, value)
        return caught.value

    def rejected_with_words(self, words: str, status: int = 400, value: str = SECRET) -> FarsyncError:
        return self.rejected(json.dumps({self.words: words}), status, value)


@pytest.fixture
def this_start(cloud: Cloud) -> Start:
    return Start(cloud)


@pytest.mark.parametrize("status", [400, 401, 403, 409, 500])
def test_a_secret_that_the_provider_repeats_stands_in_no_error_and_no_log(
    this_start: Start, log_lines: LogLines, status: int
) -> None:
    error = this_start.rejected_with_words(f"the value '{SECRET}' is not allowed", status)
    logged = {line["provider_message"] for line in log_lines() if "provider_message" in line}
    assert logged == {"the value '***' is not allowed"}
    assert "hunter2" not in f"{log_lines()} {error} {error.__cause__} {error.said}"


def test_a_secret_in_the_reason_to_come_back_later_stands_in_no_answer(this_start: Start, log_lines: LogLines) -> None:
    answer = this_start.answered(json.dumps({this_start.words: f"too often for {SECRET}"}), 429)
    assert answer["outcome"] == "postponed"
    assert "hunter2" not in f"{log_lines()} {answer}"


@pytest.mark.parametrize(
    ("value", "words", "logged"),
    [
        (SECRET, f"{json.dumps(SECRET)[1:-1]} is wrong", "*** is wrong"),
        (SECRET, f"{json.dumps(SECRET, ensure_ascii=False)[1:-1]} is wrong", "*** is wrong"),
        (SECRET, f"{quote(SECRET, safe='')} is wrong", "*** is wrong"),
        (SECRET, f"{quote(SECRET, safe='').replace('%C3%A9', '%c3%a9')} is wrong", "*** is wrong"),
        (SECRET, "x" * 490 + SECRET, "x" * 490 + "***"),
        ("hunter2\n", "hunter2 is wrong", "*** is wrong"),
        ("a", "the value 'a' of a parameter", "the value '***' of *** parameter"),
        ("", "a value is missing", "a value is missing"),
        (" \n", "a value is missing", "a value is missing"),
    ],
    ids=["json", "json-in-utf-8", "url", "url-in-small-letters", "cut", "with-a-line-end", "short", "empty", "blank"],
)
def test_a_secret_that_the_provider_repeats_in_whatever_spelling_is_hidden(
    this_start: Start, log_lines: LogLines, value: str, words: str, logged: str
) -> None:
    error = this_start.rejected_with_words(words, 413, value)
    assert log_lines()[-1]["provider_message"] == logged
    assert str(error).endswith(" rejected the request.")


def test_a_secret_in_a_reply_that_cannot_be_read_stands_nowhere(this_start: Start, log_lines: LogLines) -> None:
    body = f'{{"parameters": {json.dumps(SECRET)}'
    this_start.rejected(body, 200)
    assert log_lines()[-1]["provider_message"] == f"{len(body.encode())} bytes of application/json"


def test_a_secret_that_the_provider_makes_its_code_stands_in_no_error(this_start: Start, log_lines: LogLines) -> None:
    error = this_start.rejected(json.dumps({this_start.code: "hunter2"}), 413, "hunter2")
    assert isinstance(error, InvalidRequest)
    assert str(error).endswith(" rejected the request (***).")
    assert log_lines()[-1]["provider_code"] == "***"
