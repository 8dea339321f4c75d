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
from farsync.providers.naver.errors import Operation, provider_reply, rejection

READING = [Operation.LIST_JOBS, Operation.GET_JOB, Operation.LIST_EXECUTIONS, Operation.GET_EXECUTION]
HTML = b"<html><h1>502 Bad Gateway</h1></html>"


def make_reply(status: int, body: object = b"", **headers: str) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, CaseInsensitiveDict(headers), content, 1742523174.0)


def gateway(code: str | int, message: str = "", details: str = "") -> dict[str, object]:
    return {"error": {"errorCode": code, "message": message, "details": details}}


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "100", InvalidRequest),
        (401, "200", AuthenticationFailed),
        (401, "210", PermissionDenied),
        (403, "230", PermissionDenied),
        (404, "300", ConnectionInvalid),
        (413, "430", InvalidRequest),
        (429, "400", QuotaExceeded),
        (429, "410", Throttled),
        (429, "420", Throttled),
        (503, "500", ProviderUnavailable),
        (504, "510", ProviderUnavailable),
        (500, "900", ProviderUnavailable),
    ],
)
@pytest.mark.parametrize("operation", READING)
@pytest.mark.parametrize("as_number", [False, True])
def test_a_rejection_of_the_gateway_has_its_name_for_every_question(
    status: int, code: str, error: type[FarsyncError], operation: Operation, as_number: bool
) -> None:
    told = rejection(make_reply(status, gateway(int(code) if as_number else code)), operation)

    assert type(told) is error
    assert told.said is not None
    assert (told.said.http_status, told.said.code) == (status, code)


@pytest.mark.parametrize(
    ("status", "operation", "error"),
    [
        (400, Operation.GET_JOB, InvalidRequest),
        (401, Operation.GET_JOB, AuthenticationFailed),
        (403, Operation.GET_JOB, PermissionDenied),
        (404, Operation.GET_JOB, JobNotFound),
        (404, Operation.LIST_EXECUTIONS, JobNotFound),
        (404, Operation.START, JobNotFound),
        (404, Operation.GET_EXECUTION, ExecutionNotFound),
        (404, Operation.CANCEL, ExecutionNotFound),
        (404, Operation.LIST_JOBS, ConnectionInvalid),
        (405, Operation.GET_JOB, InvalidRequest),
        (429, Operation.GET_JOB, Throttled),
        (500, Operation.GET_JOB, ProviderUnavailable),
        (502, Operation.CANCEL, ProviderUnavailable),
        (301, Operation.GET_JOB, ConnectionInvalid),
        (308, Operation.CANCEL, ConnectionInvalid),
        (302, Operation.GET_JOB, ProviderUnavailable),
        (408, Operation.GET_EXECUTION, ProviderUnavailable),
        (421, Operation.GET_EXECUTION, ProviderUnavailable),
        (425, Operation.GET_EXECUTION, ProviderUnavailable),
        (409, Operation.START, JobNotRunnable),
        (429, Operation.START, Throttled),
        (500, Operation.START, StartUnconfirmed),
        (502, Operation.START, StartUnconfirmed),
        (503, Operation.START, StartUnconfirmed),
        (504, Operation.START, StartUnconfirmed),
    ],
)
@pytest.mark.parametrize(
    "body", [b"", HTML, b"null", b"[]", b'{"error": 1', {"error": None}, {"detail": "said", "errorType": "some-type"}]
)
def test_a_status_has_its_name_whatever_its_body(
    status: int, operation: Operation, error: type[FarsyncError], body: object
) -> None:
    assert type(rejection(make_reply(status, body), operation)) is error


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"detail": "The job is in EDITING.", "errorType": "bad-state"}, JobNotRunnable),
        ({"detail": "bad-state", "errorType": "Bad Request"}, JobNotRunnable),
        (gateway("", "bad-state", "The job is a draft."), JobNotRunnable),
        ({"errorCode": "400", "message": "bad-state"}, JobNotRunnable),
        ({"detail": "The job is already RUNNING.", "errorType": "bad-state"}, AlreadyRunning),
        (gateway("", "bad-state", "Job is running."), AlreadyRunning),
        ({"detail": "numWorker", "errorType": "bad-parameter"}, InvalidRequest),
        (gateway("", "bad-parameter", "numWorker"), InvalidRequest),
        ({"detail": "said", "errorType": "some-type"}, InvalidRequest),
        ({"code": "100", "msg": "Bad Request"}, InvalidRequest),
        ({"status": {"code": "100", "message": "bad-state"}}, JobNotRunnable),
    ],
)
def test_a_start_in_a_bad_state_is_reported_apart_from_a_bad_request(body: object, error: type[FarsyncError]) -> None:
    assert type(rejection(make_reply(400, body), Operation.START)) is error


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (gateway("200", "Authentication Failed", "missing"), "200", "Authentication Failed: missing"),
        (gateway(200, "Authentication Failed"), "200", "Authentication Failed"),
        ({"detail": "no such job", "errorType": "not-found"}, "not-found", "no such job"),
        ({"errorCode": "100", "message": "Bad Request"}, "100", "Bad Request"),
        ({"responseError": {"returnCode": "800", "returnMessage": "Denied"}}, "800", "Denied"),
        ({"timestamp": "t", "status": 404, "error": "Not Found", "message": "No handler"}, None, "No handler"),
        ({"timestamp": "t", "status": 404, "error": "Not Found"}, None, "Not Found"),
        ({"code": 210, "msg": "Permission Denied"}, "210", "Permission Denied"),
        ({"status": {"code": "210", "message": "Denied"}}, "210", "Denied"),
        (HTML, None, "37 bytes of no known type"),
        (b"", None, "0 bytes of no known type"),
        (b"\xff\xfe", None, "2 bytes of no known type"),
    ],
)
def test_what_the_provider_said_is_kept_for_the_log(body: object, code: str | None, message: str | None) -> None:
    kept = provider_reply(make_reply(404, body))

    assert (kept.http_status, kept.code, kept.message) == (404, code, message)


@pytest.mark.parametrize("header", ["x-ncp-trace-id", "X-NCP-Request-Id"])
def test_the_trace_id_is_kept(header: str) -> None:
    assert provider_reply(make_reply(500, **{header: "trace"})).trace_id == "trace"


@pytest.mark.parametrize(("status", "code"), [(429, "410"), (429, "400"), (503, "500")])
def test_the_time_to_stay_away_is_passed_on(status: int, code: str) -> None:
    told = rejection(make_reply(status, gateway(code), **{"retry-after": "12"}), Operation.GET_JOB)

    assert told.retry_after_seconds == 12


def test_free_text_of_the_provider_does_not_stand_in_the_text_of_an_error() -> None:
    body = {"detail": "parameter $password = hunter2 is bad", "errorType": "bad-parameter"}

    told = rejection(make_reply(400, body), Operation.START)

    assert "hunter2" not in str(told)
    assert "bad-parameter" in str(told)
