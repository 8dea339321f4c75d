"""What a rejection of NAVER Cloud says to a person, and what of it goes to the log."""

import json

import pytest
from requests.structures import CaseInsensitiveDict

from farsync.http_client.response import Reply
from farsync.model.errors import ProviderReply
from farsync.providers.naver.errors import Operation, provider_reply, rejection

NO_SUCH_SERVICE = "endpoint: there is no Data Flow service at this address; correct it in the connection's secret."


def make_reply(status: int, body: object, **headers: str) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, CaseInsensitiveDict({"x-ncp-trace-id": "trace", **headers}), content, 1742523174.0)


@pytest.mark.parametrize(
    ("status", "code", "operation", "words"),
    [
        (
            401,
            "200",
            Operation.GET_JOB,
            "NAVER Cloud rejected the keys or the signature; check accessKey, secretKey and the clock.",
        ),
        (401, "210", Operation.GET_JOB, "The keys are not allowed to do this; check the account's policies."),
        (403, "", Operation.GET_JOB, "The keys are not allowed to do this; check the account's policies."),
        (404, "300", Operation.GET_JOB, NO_SUCH_SERVICE),
        (404, "", Operation.LIST_JOBS, NO_SUCH_SERVICE),
        (404, "", Operation.CANCEL, "Data Flow knows no such execution of the job."),
        (404, "", Operation.START, "Data Flow knows no such job."),
        (409, "", Operation.CANCEL, "The execution cannot be cancelled in its present state."),
        (400, "bad-state", Operation.GET_JOB, "Data Flow rejects this in the job's present state."),
        (409, "", Operation.START, "The job cannot be started in its present state."),
        (429, "400", Operation.START, "The account's quota is used up."),
        (429, "", Operation.START, "NAVER Cloud asks for fewer requests."),
        (400, "bad-parameter", Operation.START, "Data Flow rejected the request (bad-parameter)."),
        (400, "잘못", Operation.START, "Data Flow rejected the request."),
        (499, "", Operation.START, "The start was answered by 499."),
        (499, "", Operation.GET_JOB, "Data Flow rejected the request."),
        (400, "510", Operation.START, "The start was answered by 400."),
        (
            301,
            "",
            Operation.GET_JOB,
            "endpoint: Data Flow has moved to another address (301); correct it in the connection's secret.",
        ),
        (500, "900", Operation.START, "The start was answered by 500."),
        (500, "900", Operation.CANCEL, "Data Flow answered 500."),
    ],
)
def test_a_rejection_says_what_is_wrong_and_where_to_put_it_right(
    status: int, code: str, operation: Operation, words: str
) -> None:
    told = rejection(make_reply(status, {"errorCode": code, "message": "said"}), operation)

    assert str(told) == words
    assert told.said is not None
    assert (told.said.http_status, told.said.trace_id) == (status, "trace")


@pytest.mark.parametrize("reason", ["The job is already RUNNING.", "no concurrent execution", "Concurrency limit"])
def test_a_start_beside_a_running_execution_is_reported_as_one(reason: str) -> None:
    told = rejection(make_reply(409, {"detail": reason}), Operation.START)

    assert str(told) == "The job runs already, and Data Flow allows no second execution."
    assert told.said == ProviderReply(409, None, reason, "trace")


def test_a_word_that_only_contains_running_is_no_running_execution() -> None:
    told = rejection(make_reply(409, {"detail": "prerunning checks failed"}), Operation.START)

    assert str(told) == "The job cannot be started in its present state."


def test_a_rejection_that_says_nothing_is_reported_without_a_code() -> None:
    assert str(rejection(make_reply(400, {}), Operation.GET_JOB)) == "Data Flow rejected the request."


@pytest.mark.parametrize(("status", "operation"), [(429, Operation.START), (503, Operation.GET_EXECUTION)])
def test_the_time_to_stay_away_is_passed_on(status: int, operation: Operation) -> None:
    assert rejection(make_reply(status, {}, **{"Retry-After": "12"}), operation).retry_after_seconds == 12


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b"<h1>Bad\xff</h1> ", None, "14 bytes of no known type"),
        (b"[" * 100_000, None, "100000 bytes of no known type"),
        ({"errorCode": "100", "message": "y" * 1000}, "100", "y" * 500),
        ({"errorCode": 0, "message": 0}, "0", "0"),
        ({"errorCode": ["100"], "message": "a", "details": "b"}, None, "a: b"),
        ({"returnCode": "7", "returnMessage": "a", "detail": "b"}, "7", "a: b"),
    ],
    ids=[
        "no JSON",
        "JSON without end",
        "a long message",
        "numbers",
        "a code that is none",
        "keys of the older generation",
    ],
)
def test_what_the_provider_said_is_kept_for_the_log_within_bounds(
    body: object, code: str | None, message: str | None
) -> None:
    assert provider_reply(make_reply(500, body)) == ProviderReply(500, code, message, "trace")
