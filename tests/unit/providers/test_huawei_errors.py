"""Each row of the provider's tables of rejections, in each shape that a body may have, under our names."""

import json

import pytest
from requests.structures import CaseInsensitiveDict

from farsync.http_client.response import Reply
from farsync.model.errors import (
    AlreadyRunning,
    AuthenticationFailed,
    ConnectionInvalid,
    ExecutionNotFound,
    FarsyncError,
    InvalidRequest,
    JobNotFound,
    JobNotRunnable,
    PermissionDenied,
    ProviderUnavailable,
    QuotaExceeded,
    StartUnconfirmed,
    Throttled,
)
from farsync.providers.huawei.errors import Operation, rejection
from farsync.providers.huawei.replies import provider_reply

NOW = 1768464000.0
DATE_OF_NOW = "Thu, 15 Jan 2026 08:00:00 GMT"
READING = [Operation.LIST_JOBS, Operation.GET_JOB, Operation.LIST_EXECUTIONS, Operation.GET_EXECUTION]
HTML = b"<html><h1>502 Bad Gateway</h1></html>"


def make_reply(status: int, body: object = b"", *, now: float = NOW, **headers: str) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, CaseInsensitiveDict(names), content, now)


def said(code: str, message: str = "said") -> dict[str, object]:
    return {"error_code": code, "error_msg": message}


@pytest.mark.parametrize(
    ("number", "operation", "error"),
    [
        ("0100", Operation.START, JobNotFound),
        ("30100", Operation.START, JobNotFound),
        ("0100", Operation.GET_JOB, JobNotFound),
        ("0137", Operation.GET_EXECUTION, ExecutionNotFound),
        ("30137", Operation.GET_EXECUTION, ExecutionNotFound),
        ("0137", Operation.CANCEL, ExecutionNotFound),
        ("30137", Operation.CANCEL, ExecutionNotFound),
        ("0819", Operation.LIST_JOBS, ConnectionInvalid),
        ("20819", Operation.START, ConnectionInvalid),
        ("0101", Operation.START, QuotaExceeded),
        ("30101", Operation.START, QuotaExceeded),
        ("30114", Operation.START, QuotaExceeded),
        ("30107", Operation.START, AlreadyRunning),
        ("30116", Operation.START, AlreadyRunning),
        ("6888", Operation.GET_JOB, PermissionDenied),
        ("0136", Operation.START, JobNotRunnable),
        ("1006", Operation.START, JobNotRunnable),
        ("30103", Operation.START, JobNotRunnable),
        ("30106", Operation.START, JobNotRunnable),
        ("30117", Operation.START, JobNotRunnable),
        ("30122", Operation.START, JobNotRunnable),
        ("30109", Operation.START, InvalidRequest),
        ("0802", Operation.START, InvalidRequest),
        ("3018", Operation.START, InvalidRequest),
        ("3051", Operation.LIST_JOBS, InvalidRequest),
        ("30118", Operation.CANCEL, ProviderUnavailable),
        ("30119", Operation.CANCEL, ProviderUnavailable),
        ("99999", Operation.START, StartUnconfirmed),
        ("99999", Operation.GET_JOB, InvalidRequest),
    ],
)
@pytest.mark.parametrize("keys", [("error_code", "error_msg"), ("errorCode", "errorMsg")])
def test_a_rejection_of_the_service_has_its_name_in_either_generation(
    number: str, operation: Operation, error: type[FarsyncError], keys: tuple[str, str]
) -> None:
    told = rejection(make_reply(400, dict(zip(keys, (f"DLF.{number}", "said"), strict=True))), operation)

    assert type(told) is error
    assert told.said is not None
    assert (told.said.code, told.said.message) == (f"DLF.{number}", "said")


@pytest.mark.parametrize(
    ("status", "number", "error"),
    [
        (404, "0101", ConnectionInvalid),
        (404, "0103", ProviderUnavailable),
        (400, "0104", ProviderUnavailable),
        (500, "0105", ProviderUnavailable),
        (400, "0106", InvalidRequest),
        (400, "0201", InvalidRequest),
        (413, "0201", InvalidRequest),
        (414, "0201", InvalidRequest),
        (494, "0201", InvalidRequest),
        (502, "0201", ProviderUnavailable),
        (504, "0201", ProviderUnavailable),
        (401, "0301", AuthenticationFailed),
        (403, "0302", PermissionDenied),
        (401, "0303", AuthenticationFailed),
        (403, "0304", PermissionDenied),
        (401, "0305", AuthenticationFailed),
        (403, "0306", PermissionDenied),
        (401, "0307", AuthenticationFailed),
        (429, "0308", Throttled),
        (403, "0310", ConnectionInvalid),
        (403, "0401", PermissionDenied),
        (403, "0404", PermissionDenied),
        (405, "0501", QuotaExceeded),
        (405, "0502", QuotaExceeded),
        (500, "0601", ProviderUnavailable),
        (400, "0602", InvalidRequest),
        (500, "0605", ProviderUnavailable),
        (502, "0610", ProviderUnavailable),
        (503, "0613", ProviderUnavailable),
        (500, "0705", ProviderUnavailable),
        (403, "0802", PermissionDenied),
    ],
)
@pytest.mark.parametrize("prefix", ["APIGW", "APIG"])
@pytest.mark.parametrize("operation", READING)
def test_a_rejection_of_the_gateway_has_its_name_under_either_prefix(
    status: int, number: str, error: type[FarsyncError], prefix: str, operation: Operation
) -> None:
    assert type(rejection(make_reply(status, said(f"{prefix}.{number}")), operation)) is error


@pytest.mark.parametrize(
    ("status", "operation", "error"),
    [
        (400, Operation.START, StartUnconfirmed),
        (400, Operation.GET_JOB, InvalidRequest),
        (401, Operation.START, AuthenticationFailed),
        (403, Operation.START, PermissionDenied),
        (404, Operation.START, ConnectionInvalid),
        (409, Operation.START, JobNotRunnable),
        (409, Operation.GET_JOB, InvalidRequest),
        (429, Operation.START, Throttled),
        (500, Operation.START, StartUnconfirmed),
        (502, Operation.START, StartUnconfirmed),
        (504, Operation.START, StartUnconfirmed),
        (503, Operation.CANCEL, ProviderUnavailable),
        (302, Operation.GET_JOB, ProviderUnavailable),
        (301, Operation.GET_JOB, ConnectionInvalid),
        (308, Operation.CANCEL, ConnectionInvalid),
        (408, Operation.GET_EXECUTION, ProviderUnavailable),
        (421, Operation.GET_EXECUTION, ProviderUnavailable),
        (425, Operation.GET_EXECUTION, ProviderUnavailable),
    ],
)
@pytest.mark.parametrize("body", [b"", HTML, b"null", b"[]", b'{"error_code": 1', {"error": None}, said("ODD.1")])
def test_a_status_has_its_name_whatever_its_body(
    status: int, operation: Operation, error: type[FarsyncError], body: object
) -> None:
    assert type(rejection(make_reply(status, body), operation)) is error


@pytest.mark.parametrize(("status", "number"), [(502, "0201"), (504, "0201"), (500, "0601"), (502, "0610")])
def test_a_start_that_the_gateway_lost_may_have_begun(status: int, number: str) -> None:
    assert type(rejection(make_reply(status, said(f"APIGW.{number}")), Operation.START)) is StartUnconfirmed


@pytest.mark.parametrize("code", ["APIGW.0301", "APIG.0301", "APIGW.0303", "APIGW.0307"])
def test_rejected_keys_are_to_rest_as_long_as_the_provider_locks_them(code: str) -> None:
    told = rejection(make_reply(401, said(code), Date=DATE_OF_NOW), Operation.GET_JOB)

    assert told.retry_after_seconds == 300


def test_rejected_keys_are_reported_with_the_providers_lock() -> None:
    assert "five minutes" in str(rejection(make_reply(401, said("APIGW.0301")), Operation.GET_JOB))


@pytest.mark.parametrize("code", ["APIGW.0301", "APIGW.0303"])
@pytest.mark.parametrize(("off_seconds", "told"), [(1000, "+1000 s"), (-1000, "-1000 s")])
def test_a_clock_that_is_off_is_reported_by_the_replys_date(code: str, off_seconds: int, told: str) -> None:
    reply = make_reply(401, said(code), now=NOW + off_seconds, Date=DATE_OF_NOW)

    assert f"clock is {told}" in str(rejection(reply, Operation.GET_JOB))


@pytest.mark.parametrize("date", [DATE_OF_NOW, "Thu, 15 Jan 2026 07:46:00 GMT", "", "no date"])
def test_a_clock_that_is_right_enough_is_not_blamed(date: str) -> None:
    assert "clock" not in str(rejection(make_reply(401, said("APIGW.0303"), Date=date), Operation.GET_JOB))


@pytest.mark.parametrize(("told_seconds", "seconds"), [("3", 3.0), ("", None)])
def test_a_throttled_reply_says_how_long_to_stay_away_if_it_does(told_seconds: str, seconds: float | None) -> None:
    told = rejection(make_reply(429, said("APIGW.0308"), Retry_After=told_seconds), Operation.GET_EXECUTION)

    assert told.retry_after_seconds == seconds


def test_a_missing_workspace_is_the_connections_matter() -> None:
    told = rejection(make_reply(400, said("APIGW.0106", "Invalid header parameter: workspace, required")), READING[0])

    assert type(told) is ConnectionInvalid
    assert str(told).startswith("workspace: ")


@pytest.mark.parametrize(
    ("body", "code", "message", "request_id"),
    [
        (said("DLF.0100", "The job does not exists."), "DLF.0100", "The job does not exists.", None),
        ({**said("APIGW.0301"), "request_id": "r1"}, "APIGW.0301", "said", "r1"),
        ({"code": "APIG.0101", "message": "no"}, "APIG.0101", "no", None),
        ({"error": said("DLF.0100")}, "DLF.0100", "said", None),
        (HTML, None, "37 bytes of no known type", None),
        (b"", None, "0 bytes of no known type", None),
        (b"[1]", None, "3 bytes of no known type", None),
    ],
)
def test_code_message_and_request_id_are_found_in_each_shape(
    body: object, code: str | None, message: str | None, request_id: str | None
) -> None:
    emulator = provider_reply(make_reply(400, body))

    assert (emulator.code, emulator.message, emulator.trace_id) == (code, message, request_id)


def test_the_providers_words_stay_out_of_our_messages_since_they_may_repeat_a_secret() -> None:
    for number in ("0100", "3051", "30117"):
        told = rejection(make_reply(400, said(f"DLF.{number}", "value hidden is wrong")), Operation.START)

        assert "hidden" not in str(told)
