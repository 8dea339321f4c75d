"""What a rejection of Huawei Cloud says to a person, and what of it goes to the log."""

import json

import pytest
from requests.structures import CaseInsensitiveDict

from farsync.http_client.response import Reply
from farsync.model.errors import ProviderReply
from farsync.providers.huawei.errors import Operation, rejection
from farsync.providers.huawei.replies import provider_reply

NOW = 1768464000.0
DATE_OF_NOW = "Thu, 15 Jan 2026 08:00:00 GMT"
NO_SUCH_SERVICE = (
    "endpoint: DataArts Factory's job API is not at this address; correct region or endpoint in the connection's "
    "secret."
)
REJECTED = (
    "Huawei Cloud rejected the keys or the signature; check accessKey, secretKey and, for temporary keys, "
    "securityToken. It locks a key for five minutes after more than five rejections."
)


def make_reply(status: int, code: str = "", message: str = "said", **headers: str) -> Reply:
    body = json.dumps({"error_code": code, "error_msg": message}).encode()
    names = {"x-request-id": "trace", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Reply(status, CaseInsensitiveDict(names), body, NOW)


@pytest.mark.parametrize(
    ("status", "code", "operation", "words"),
    [
        (400, "DLF.0100", Operation.GET_JOB, "DataArts Factory knows no such job in this workspace."),
        (404, "DLF.0137", Operation.CANCEL, "DataArts Factory knows no such instance of the job."),
        (
            400,
            "DLF.0819",
            Operation.LIST_JOBS,
            "workspace: there is no such workspace in the project; correct it in the connection's secret.",
        ),
        (
            409,
            "DLF.30107",
            Operation.START,
            "The job runs already, and DataArts Factory allows no second instance.",
        ),
        (400, "DLF.0101", Operation.START, "The workspace's quota is used up."),
        (400, "DLF.6888", Operation.GET_JOB, "The user lacks a role in the workspace."),
        (
            400,
            "DLF.1006",
            Operation.START,
            "The job cannot be run as it stands (DLF.1006); see to it in the console.",
        ),
        (400, "DLF.1006", Operation.GET_JOB, "DataArts Factory rejected the request (DLF.1006)."),
        (400, "DLF.30118", Operation.CANCEL, "The instance cannot be stopped in its present state."),
        (400, "DLF.30118", Operation.START, "The start was answered by 400."),
        (400, "DLF.30118", Operation.GET_JOB, "DataArts Factory rejected the request (DLF.30118)."),
        (400, "DLF.3051", Operation.CANCEL, "DataArts Factory rejected the request (DLF.3051)."),
        (400, "작업.1", Operation.GET_JOB, "DataArts Factory rejected the request."),
        (400, "", Operation.GET_JOB, "DataArts Factory rejected the request."),
        (404, "APIGW.0101", Operation.GET_JOB, NO_SUCH_SERVICE),
        (400, "APIG.0101", Operation.GET_JOB, NO_SUCH_SERVICE),
        (404, "", Operation.GET_JOB, NO_SUCH_SERVICE),
        (404, "APIG.0103", Operation.GET_JOB, "The API gateway does not reach DataArts Factory."),
        (400, "APIGW.0105", Operation.START, "The API gateway does not reach DataArts Factory."),
        (499, "APIGW.0105", Operation.START, "The start was answered by 499."),
        (
            308,
            "",
            Operation.GET_JOB,
            "endpoint: DataArts Factory has moved to another address (308); correct it in the connection's secret.",
        ),
        (
            302,
            "",
            Operation.GET_JOB,
            "DataArts Factory answered 302, which leads to another address and is never followed; if it stays so, "
            "correct 'endpoint' in the connection's secret.",
        ),
        (500, "APIGW.0105", Operation.START, "The start was answered by 500."),
        (500, "APIGW.0105", Operation.CANCEL, "DataArts Factory answered 500."),
        (
            401,
            "APIGW.0307",
            Operation.GET_JOB,
            "Huawei Cloud rejected the temporary keys, which have run out or belong to another region; put new "
            "ones into the secret.",
        ),
        (
            403,
            "APIGW.0310",
            Operation.GET_JOB,
            "projectId: the project is not available; correct it in the connection's secret.",
        ),
        (405, "APIGW.0502", Operation.GET_JOB, "The account's quota of API calls is used up."),
        (401, "", Operation.GET_JOB, f"{REJECTED}"),
        (403, "", Operation.GET_JOB, "The keys are not allowed to do this; check the user's roles."),
        (409, "", Operation.START, "The job cannot be started in its present state."),
        (429, "", Operation.START, "Huawei Cloud asks for fewer requests."),
    ],
)
def test_a_rejection_says_what_is_wrong_and_where_to_put_it_right(
    status: int, code: str, operation: Operation, words: str
) -> None:
    told = rejection(make_reply(status, code), operation)

    assert str(told) == words
    assert told.said is not None
    assert (told.said.http_status, told.said.trace_id) == (status, "trace")


def test_a_missing_workspace_is_reported_as_one() -> None:
    told = rejection(make_reply(400, "APIGW.0106", "Invalid header parameter: Workspace, required"), Operation.GET_JOB)

    assert str(told) == "workspace: this account needs it; add it to the connection's secret."
    assert told.said is not None


def test_a_missing_parameter_of_another_name_is_a_bad_request() -> None:
    told = rejection(make_reply(400, "APIGW.0106", "Invalid parameter: limit"), Operation.GET_JOB)

    assert str(told) == "DataArts Factory rejected the request (APIGW.0106)."


def test_a_clock_that_is_off_stands_beside_the_advice_on_keys() -> None:
    reply = make_reply(401, "APIGW.0301", Date="Thu, 15 Jan 2026 07:00:00 GMT")

    assert str(rejection(reply, Operation.GET_JOB)) == (
        f"{REJECTED} This machine's clock is +3600 s off, which may be why; set it."
    )


@pytest.mark.parametrize("date", ["Thu, 15 Jan 2026 07:45:00 GMT", DATE_OF_NOW, "no date"])
def test_up_to_a_quarter_of_an_hour_a_clock_is_not_blamed(date: str) -> None:
    assert str(rejection(make_reply(401, "APIGW.0301", Date=date), Operation.GET_JOB)) == f"{REJECTED}"


@pytest.mark.parametrize(("status", "operation"), [(429, Operation.START), (503, Operation.GET_EXECUTION)])
def test_the_time_to_stay_away_is_passed_on(status: int, operation: Operation) -> None:
    assert rejection(make_reply(status, Retry_After="12"), operation).retry_after_seconds == 12


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"<h1>Bad\xff</h1> ", ProviderReply(502, None, "14 bytes of no known type", "trace")),
        (b"[" * 100_000, ProviderReply(502, None, "100000 bytes of no known type", "trace")),
        (b'{"code": "C.1", "message": "' + b"y" * 1000 + b'"}', ProviderReply(502, "C.1", "y" * 500, "trace")),
        (b'{"error_code": 7, "error_msg": ""}', ProviderReply(502, "7", None, "trace")),
        (b'{"error_msg": 0}', ProviderReply(502, None, "0", "trace")),
    ],
    ids=["no JSON", "JSON without end", "a long message", "a number for a code", "a number for a message"],
)
def test_what_the_provider_said_is_kept_for_the_log_within_bounds(body: bytes, kept: ProviderReply) -> None:
    assert provider_reply(Reply(502, CaseInsensitiveDict({"X-Request-Id": "trace"}), body, NOW)) == kept


def test_a_request_id_in_the_body_stands_in_for_a_missing_header() -> None:
    body = b'{"error_code": "DLF.0100", "request_id": "from the body"}'

    assert provider_reply(Reply(400, CaseInsensitiveDict(), body, NOW)).trace_id == "from the body"
