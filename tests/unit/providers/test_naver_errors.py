"""Rejections in the words of Data Flow and its gateway, in each shape that a body may have."""

import pytest

from farsync.model.errors import ProviderReply
from farsync.providers.naver.errors import provider_reply
from tests.unit.providers.rejected_replies import (
    FEWER,
    KEYS_REJECTED,
    NO_SUCH_SERVICE,
    NOT_ALLOWED,
    make_reply,
    rejection,
)

IANA_OTHERS = [402, 405, 406, 407, 408, 410, 411, 412, 414, 415, 416, 417, 421, 422, 423, 424, 425, 426, 428, 431, 451]


def gateway(code: str | int, message: str = "", details: str = "") -> dict[str, object]:
    return {"error": {"errorCode": code, "message": message, "details": details}}


@pytest.mark.parametrize(
    ("status", "code", "operation", "error", "words"),
    [
        (400, "100", "GET_JOB", "InvalidRequest", "Data Flow rejected the request (100)."),
        (401, "200", "GET_JOB", "AuthenticationFailed", KEYS_REJECTED["naver"]),
        (401, "210", "GET_JOB", "PermissionDenied", NOT_ALLOWED["naver"]),
        (403, "230", "GET_EXECUTION", "PermissionDenied", NOT_ALLOWED["naver"]),
        (404, "300", "GET_EXECUTION", "ConnectionInvalid", NO_SUCH_SERVICE["naver"]),
        (413, "430", "START", "InvalidRequest", "Data Flow rejected the request (430)."),
        (429, "400", "START", "QuotaExceeded", "The account's quota is used up."),
        (429, "410", "GET_JOB", "Throttled", FEWER["naver"]),
        (429, "420", "GET_JOB", "Throttled", FEWER["naver"]),
        (503, "500", "GET_JOB", "ProviderUnavailable", "Data Flow answered 503."),
        (504, "510", "LIST_JOBS", "ProviderUnavailable", "Data Flow answered 504."),
        (500, "900", "CANCEL", "ProviderUnavailable", "Data Flow answered 500."),
        (500, "900", "START", "StartUnconfirmed", "The start was answered by 500."),
        *((400, code, "START", "StartUnconfirmed", "The start was answered by 400.") for code in ("500", "510", "900")),
        (400, "bad-state", "GET_JOB", "InvalidRequest", "Data Flow rejects this in the job's present state."),
        (400, "bad-parameter", "START", "InvalidRequest", "Data Flow rejected the request (bad-parameter)."),
        (400, "잘못", "START", "InvalidRequest", "Data Flow rejected the request."),
    ],
)
def test_a_code_has_its_error_and_remedy(status: int, code: str, operation: str, error: str, words: str) -> None:
    for written in (code, int(code) if code.isdigit() else code):
        rejected = rejection("naver", make_reply(status, gateway(written, "said")), operation)
        assert (type(rejected).__name__, str(rejected)) == (error, words)
        assert rejected.said == ProviderReply(status, code, "said", "trace")


@pytest.mark.parametrize("status", IANA_OTHERS)
def test_a_start_is_rejected_by_no_status_that_the_providers_pages_do_not_name(status: int) -> None:
    rejected = rejection("naver", make_reply(status, {"errorCode": "1", "message": "no"}), "START")
    assert type(rejected).__name__ == "StartUnconfirmed"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"detail": "The job is in EDITING.", "errorType": "bad-state"}, "JobNotRunnable"),
        ({"detail": "bad-state", "errorType": "Bad Request"}, "JobNotRunnable"),
        (gateway("", "bad-state", "The job is a draft."), "JobNotRunnable"),
        ({"errorCode": "400", "message": "bad-state"}, "JobNotRunnable"),
        ({"status": {"code": "100", "message": "bad-state"}}, "JobNotRunnable"),
        ({"detail": "prerunning checks failed", "errorType": "bad-state"}, "JobNotRunnable"),
        ({"detail": "The job is already RUNNING.", "errorType": "bad-state"}, "AlreadyRunning"),
        ({"detail": "no concurrent execution", "errorType": "bad-state"}, "AlreadyRunning"),
        (gateway("", "bad-state", "Job is running."), "AlreadyRunning"),
        ({"detail": "numWorker", "errorType": "bad-parameter"}, "InvalidRequest"),
        (gateway("", "bad-parameter", "numWorker"), "InvalidRequest"),
        ({"detail": "said", "errorType": "some-type"}, "InvalidRequest"),
        ({"code": "100", "msg": "Bad Request"}, "InvalidRequest"),
    ],
)
def test_a_start_in_a_bad_state_is_reported_apart_from_a_bad_request(body: object, error: str) -> None:
    assert type(rejection("naver", make_reply(400, body), "START")).__name__ == error


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (gateway("200", "Authentication Failed", "missing"), "200", "Authentication Failed: missing"),
        ({"detail": "no such job", "errorType": "not-found"}, "not-found", "no such job"),
        ({"responseError": {"returnCode": "800", "returnMessage": "Denied"}}, "800", "Denied"),
        ({"returnCode": "7", "returnMessage": "a", "detail": "b"}, "7", "a: b"),
        ({"timestamp": "t", "status": 404, "error": "Not Found", "message": "No handler"}, None, "No handler"),
        ({"timestamp": "t", "status": 404, "error": "Not Found"}, None, "Not Found"),
        ({"code": 210, "msg": "Permission Denied"}, "210", "Permission Denied"),
        ({"status": {"code": "210", "message": "Denied"}}, "210", "Denied"),
        ({"errorCode": 0, "message": 0}, "0", "0"),
        ({"errorCode": ["100"], "message": "a", "details": "b"}, None, "a: b"),
    ],
)
def test_the_log_keeps_code_and_message_under_any_key(body: object, code: str | None, message: str | None) -> None:
    assert provider_reply(make_reply(404, body)) == ProviderReply(404, code, message, "trace")


def test_free_text_of_the_provider_does_not_stand_in_the_text_of_an_error() -> None:
    body = {"detail": "parameter $password = hunter2 is bad", "errorType": "bad-parameter"}
    assert str(rejection("naver", make_reply(400, body), "START")) == "Data Flow rejected the request (bad-parameter)."


def test_a_request_id_stands_in_for_a_missing_trace_id() -> None:
    assert provider_reply(make_reply(500, x_ncp_trace_id="", X_NCP_Request_Id="another")).trace_id == "another"
