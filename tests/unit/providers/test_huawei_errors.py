"""Rejections in the codes of DataArts Factory and its gateway, in each shape that a body may have."""

import pytest

from farsync.model.errors import ProviderReply
from farsync.providers.huawei.replies import provider_reply
from tests.unit.providers.rejected_replies import (
    FEWER,
    KEYS_REJECTED,
    NO_SUCH_SERVICE,
    NOT_ALLOWED,
    make_reply,
    rejection,
)

DATE_OF_NOW = "Thu, 15 Jan 2026 08:00:00 GMT"
REJECTED = "DataArts Factory rejected the request ({code})."
ANSWERED = "DataArts Factory answered {status}."
MAY_HAVE_BEGUN = "The start was answered by {status}."
NO_JOB = "DataArts Factory knows no such job in this workspace."
NO_INSTANCE = "DataArts Factory knows no such instance of the job."
NO_WORKSPACE = "workspace: there is no such workspace in the project; correct it in the connection's secret."
RUNS_ALREADY = "The job runs already, and DataArts Factory allows no second instance."
AS_IT_STANDS = "The job cannot be run as it stands ({code}); see to it in the console."
NOT_STOPPED = "The instance cannot be stopped in its present state."
RUN_OUT = (
    "Huawei Cloud rejected the temporary keys, which have run out or belong to another region; put new ones into the "
    "secret."
)
NO_PROJECT = "projectId: the project is not available; correct it in the connection's secret."
NOT_REACHED = "The API gateway does not reach DataArts Factory."
SERVICE = [
    ("0100 30100", "GET_JOB START", "JobNotFound", NO_JOB),
    ("0137 30137", "GET_EXECUTION CANCEL", "ExecutionNotFound", NO_INSTANCE),
    ("0819 20819", "LIST_JOBS START", "ConnectionInvalid", NO_WORKSPACE),
    ("0101 30101 30114", "START", "QuotaExceeded", "The workspace's quota is used up."),
    ("30107 30116", "START", "AlreadyRunning", RUNS_ALREADY),
    ("6888", "GET_JOB START", "PermissionDenied", "The user lacks a role in the workspace."),
    ("0136 1006 30103 30104 30105 30106 30117 30122 30123", "START", "JobNotRunnable", AS_IT_STANDS),
    ("0802 0803 0815 1242 2014 3004 3018 3051 30109", "START", "InvalidRequest", REJECTED),
    ("30111 30121 6201 6241 6263 6264 6322", "START", "InvalidRequest", REJECTED),
    ("1006 30118 99999", "GET_JOB", "InvalidRequest", REJECTED),
    ("3051", "CANCEL", "InvalidRequest", REJECTED),
    ("30118 30119", "CANCEL", "ProviderUnavailable", NOT_STOPPED),
    ("0137 30118 99999", "START", "StartUnconfirmed", MAY_HAVE_BEGUN),
]
GATEWAY = [
    ("404.0101 400.0101", "GET_JOB", "ConnectionInvalid", NO_SUCH_SERVICE["huawei"]),
    ("404.0103 400.0104 400.0105", "GET_JOB", "ProviderUnavailable", NOT_REACHED),
    ("400.0105", "START", "ProviderUnavailable", NOT_REACHED),
    ("400.0106 400.0201 413.0201 414.0201 494.0201 400.0602", "GET_JOB", "InvalidRequest", REJECTED),
    ("400.0106 494.0201", "START", "InvalidRequest", REJECTED),
    ("500.0105 502.0201 504.0201 500.0601 503.0613 500.0705", "GET_JOB", "ProviderUnavailable", ANSWERED),
    ("400.9999 499.0105 500.0105 502.0201 504.0201 502.0610", "START", "StartUnconfirmed", MAY_HAVE_BEGUN),
    ("401.0301 401.0303 401.0305", "GET_JOB", "AuthenticationFailed", KEYS_REJECTED["huawei"]),
    ("401.0307", "GET_JOB", "AuthenticationFailed", RUN_OUT),
    ("403.0302 403.0304 403.0306 403.0401 403.0802", "GET_JOB", "PermissionDenied", NOT_ALLOWED["huawei"]),
    ("429.0308", "GET_JOB", "Throttled", FEWER["huawei"]),
    ("403.0310", "GET_JOB", "ConnectionInvalid", NO_PROJECT),
    ("405.0501 405.0502", "GET_JOB", "QuotaExceeded", "The account's quota of API calls is used up."),
]
CASES = [
    *(
        pytest.param(400, f"DLF.{number}", operation, error, words, id=f"DLF.{number}-{operation}")
        for numbers, operations, error, words in SERVICE
        for number in numbers.split()
        for operation in operations.split()
    ),
    *(
        pytest.param(int(case[:3]), f"{layer}{case[3:]}", operation, error, words, id=f"{layer}-{case}-{operation}")
        for cases, operation, error, words in GATEWAY
        for case in cases.split()
        for layer in ("APIGW", "APIG")
    ),
]


def said(code: str, message: str = "said") -> dict[str, object]:
    return {"error_code": code, "error_msg": message}


@pytest.mark.parametrize(("status", "code", "operation", "error", "words"), CASES)
def test_a_code_has_its_error_and_remedy(status: int, code: str, operation: str, error: str, words: str) -> None:
    for body in (said(code), {"errorCode": code, "errorMsg": "said"}):
        rejected = rejection("huawei", make_reply(status, body), operation)
        assert (type(rejected).__name__, str(rejected)) == (error, words.format(code=code, status=status))
        assert rejected.said == ProviderReply(status, code, "said", "trace")


@pytest.mark.parametrize(
    ("message", "error", "words"),
    [
        (
            "Invalid header parameter: Workspace, required",
            "ConnectionInvalid",
            "workspace: this account needs it; add it to the connection's secret.",
        ),
        ("Invalid parameter: limit", "InvalidRequest", "DataArts Factory rejected the request (APIGW.0106)."),
    ],
)
def test_a_missing_workspace_is_the_connections_matter(message: str, error: str, words: str) -> None:
    rejected = rejection("huawei", make_reply(400, said("APIGW.0106", message)), "LIST_JOBS")
    assert (type(rejected).__name__, str(rejected)) == (error, words)


def test_a_code_that_is_none_is_not_repeated_and_may_come_after_the_start() -> None:
    rejected = rejection("huawei", make_reply(400, said("작업.1")), "GET_JOB")
    assert str(rejected) == "DataArts Factory rejected the request."
    assert type(rejection("huawei", make_reply(400, said("ODD.1")), "START")).__name__ == "StartUnconfirmed"


@pytest.mark.parametrize("number", ["0100", "3051", "30117"])
def test_the_providers_words_stay_out_of_our_messages_since_they_may_repeat_a_secret(number: str) -> None:
    rejected = rejection("huawei", make_reply(400, said(f"DLF.{number}", "value hidden is wrong")), "START")
    assert "hidden" not in str(rejected)


@pytest.mark.parametrize("code", ["APIGW.0301", "APIG.0301", "APIGW.0303", "APIGW.0307", "ODD.1"])
def test_rejected_keys_are_to_rest_as_long_as_the_provider_locks_them(code: str) -> None:
    rejected = rejection("huawei", make_reply(401, said(code), Date=DATE_OF_NOW), "GET_JOB")
    assert rejected.retry_after_seconds == 300


@pytest.mark.parametrize(
    ("date", "advice"),
    [
        ("Thu, 15 Jan 2026 07:00:00 GMT", " This machine's clock is +3600 s off, which may be why; set it."),
        ("Thu, 15 Jan 2026 08:15:01 GMT", " This machine's clock is -901 s off, which may be why; set it."),
        ("Thu, 15 Jan 2026 07:45:00 GMT", ""),
        (DATE_OF_NOW, ""),
        ("no date", ""),
    ],
)
def test_a_clock_that_is_off_stands_beside_the_advice_on_keys(date: str, advice: str) -> None:
    rejected = rejection("huawei", make_reply(401, said("APIGW.0301"), Date=date), "GET_JOB")
    assert str(rejected) == f"{KEYS_REJECTED['huawei']}{advice}"


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"code": "APIG.0101", "message": "no"}, "APIG.0101", "no"),
        ({"error": said("DLF.0100")}, "DLF.0100", "said"),
        ({"error_code": 7, "error_msg": ""}, "7", None),
        ({"error_msg": 0}, None, "0"),
    ],
)
def test_the_log_keeps_code_and_message_under_any_key(body: object, code: str | None, message: str | None) -> None:
    assert provider_reply(make_reply(502, body)) == ProviderReply(502, code, message, "trace")


def test_a_request_id_in_the_body_stands_in_for_a_missing_header() -> None:
    body = {**said("DLF.0100"), "request_id": "from the body"}
    assert provider_reply(make_reply(400, body, x_request_id="")).trace_id == "from the body"
