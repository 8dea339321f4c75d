"""What the documents say of each provider's words and replies is what farsync makes of them."""

import json
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import pytest

from farsync.http_client.response import Reply
from farsync.providers.huawei import errors as huawei_errors
from farsync.providers.huawei.statuses import ATTENTION_REASONS, INSTANCE_STATUSES
from farsync.providers.naver import errors as naver_errors
from farsync.providers.naver.decoding import NOT_RUNNABLE_WORDS, STATUSES
from tests.support.markdown import ROOT, quoted, rows, section

NAVER = ROOT / "docs" / "providers" / "naver.md"
HUAWEI = ROOT / "docs" / "providers" / "huawei.md"
REPLIES = ROOT / "docs" / "dev" / "replies.md"
OF_NAVER, OF_HUAWEI = rows(REPLIES, "Data Flow"), rows(REPLIES, "DataArts Factory")
STATUS = "What a status means"

QUESTIONS: dict[str, set[str]] = {
    "a list of jobs": {"LIST_JOBS"},
    "a job, a list of executions, a start": {"GET_JOB", "LIST_EXECUTIONS", "START"},
    "an execution, a cancel": {"GET_EXECUTION", "CANCEL"},
    "a start": {"START"},
    "a cancel": {"CANCEL"},
    "anything": {"LIST_JOBS", "GET_JOB", "LIST_EXECUTIONS", "GET_EXECUTION", "START", "CANCEL"},
    "anything else": {"LIST_JOBS", "GET_JOB", "LIST_EXECUTIONS", "GET_EXECUTION", "CANCEL"},
}


def test_every_word_of_data_flow_is_reported_with_its_meaning() -> None:
    documented = {word: quoted(meaning)[0] for word, meaning in rows(NAVER, STATUS)}
    assert documented == {word: status.value for word, status in STATUSES.items()}
    assert set(quoted(section(NAVER, STATUS))) >= NOT_RUNNABLE_WORDS


def test_every_word_of_dataarts_is_reported_with_its_meaning_and_whether_a_person_is_needed() -> None:
    documented = {word: (status, note) for word, status, note in rows(HUAWEI, STATUS)}
    assert {word: status for word, (status, _) in documented.items()} == {
        word: status.value for word, status in INSTANCE_STATUSES.items()
    }
    waiting = {word for word, (_, note) in documented.items() if note.startswith("waits for a person")}
    assert waiting == ATTENTION_REASONS.keys()


def body_of_data_flow(code: str) -> object:
    is_word = not code.isdecimal()
    return {"errorType": code, "detail": "no"} if is_word else {"error": {"errorCode": code, "message": "no"}}


def body_of_dataarts(code: str) -> object:
    return {"error_code": code, "error_msg": "no"}


@pytest.mark.parametrize(
    ("row", "errors", "body"),
    [(row, naver_errors, body_of_data_flow) for row in OF_NAVER]
    + [(row, huawei_errors, body_of_dataarts) for row in OF_HUAWEI],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_reply_gives_the_error_that_is_documented(
    row: Sequence[str], errors: Any, body: Callable[[str], object]
) -> None:
    statuses, codes, asked, error = row
    for status, code in product(statuses.split(", "), quoted(codes) or [""]):
        reply = Reply(int(status), {}, json.dumps(body(code) if code else {}).encode(), 0.0)
        for operation in errors.Operation:
            if operation.name in QUESTIONS[asked]:
                assert type(errors.rejection(reply, operation)).__name__ == quoted(error)[0], (status, code, operation)


def test_every_code_of_the_factory_that_farsync_knows_is_reported() -> None:
    shown = {code.removeprefix("DLF.") for row in OF_HUAWEI for code in quoted(row[1]) if "DLF." in code}
    assert shown == {
        *huawei_errors.JOB_UNKNOWN,
        *huawei_errors.INSTANCE_UNKNOWN,
        *huawei_errors.WORKSPACE_UNKNOWN,
        *huawei_errors.QUOTA_USED_UP,
        *huawei_errors.RUNNING_ALREADY,
        *huawei_errors.ACCOUNT_NOT_ALLOWED,
        *huawei_errors.STOP_FAILED,
        *huawei_errors.NOT_RUNNABLE,
        *huawei_errors.WRONG_REQUEST,
    }
