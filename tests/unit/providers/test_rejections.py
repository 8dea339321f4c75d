"""What a rejection means whose body is in nobody's words: its error, and what a person reads."""

import pytest

from tests.unit.providers.rejected_replies import (
    FEWER,
    HTML,
    KEYS_REJECTED,
    NO_SUCH_SERVICE,
    NOT_ALLOWED,
    make_reply,
    provider_reply,
    rejection,
)

SERVICE = {"naver": "Data Flow", "huawei": "DataArts Factory"}
MOVED = "endpoint: {service} has moved to another address ({status}); correct it in the connection's secret."
LED_ELSEWHERE = (
    "{service} answered {status}, which leads to another address and is never followed; if it stays so, correct "
    "'endpoint' in the connection's secret."
)
OF_ANOTHER_SERVICE = (
    "endpoint: what answers there is not {service}'s API ({status}); correct it in the connection's secret."
)
NO_ANSWER = "{{service}} does not answer to these keys: {why}; see to the account, or take other keys."
EITHER = ("naver", "huawei")
BY_STATUS = [
    (EITHER, "400 499", "GET_JOB", "InvalidRequest", "{service} rejected the request."),
    (EITHER, "301", "GET_JOB", "ConnectionInvalid", MOVED),
    (EITHER, "308", "CANCEL", "ConnectionInvalid", MOVED),
    (EITHER, "302", "GET_JOB", "ProviderUnavailable", LED_ELSEWHERE),
    (EITHER, "405 406 407 426 501 505", "GET_JOB", "ConnectionInvalid", OF_ANOTHER_SERVICE),
    (EITHER, "402", "GET_JOB", "PermissionDenied", NO_ANSWER.format(why="it asks for payment (402)")),
    (EITHER, "451", "CANCEL", "PermissionDenied", NO_ANSWER.format(why="a law stands against it (451)")),
    (EITHER, "408 421 423 424 425 500", "GET_EXECUTION", "ProviderUnavailable", "{service} answered {status}."),
    (EITHER, "502 503", "CANCEL", "ProviderUnavailable", "{service} answered {status}."),
    (EITHER, "400 500 502 504", "START", "StartUnconfirmed", "The start was answered by {status}."),
    (EITHER, "409", "GET_JOB", "InvalidRequest", "{service} rejects this in the job's present state."),
    (EITHER, "409", "CANCEL", "ProviderUnavailable", "The execution cannot be cancelled in its present state."),
    (EITHER, "409", "START", "JobNotRunnable", "The job cannot be started in its present state."),
    (["naver"], "401", "GET_JOB", "AuthenticationFailed", KEYS_REJECTED["naver"]),
    (["naver"], "403", "GET_JOB", "PermissionDenied", NOT_ALLOWED["naver"]),
    (["naver"], "404", "GET_JOB", "JobNotFound", "Data Flow knows no such job."),
    (["naver"], "404", "LIST_EXECUTIONS", "JobNotFound", "Data Flow knows no such job."),
    (["naver"], "404", "START", "JobNotFound", "Data Flow knows no such job."),
    (["naver"], "404", "GET_EXECUTION", "ExecutionNotFound", "Data Flow knows no such execution of the job."),
    (["naver"], "404", "CANCEL", "ExecutionNotFound", "Data Flow knows no such execution of the job."),
    (["naver"], "404", "LIST_JOBS", "ConnectionInvalid", NO_SUCH_SERVICE["naver"]),
    (["naver"], "429", "START", "Throttled", FEWER["naver"]),
    (["huawei"], "401", "START", "AuthenticationFailed", KEYS_REJECTED["huawei"]),
    (["huawei"], "403", "START", "PermissionDenied", NOT_ALLOWED["huawei"]),
    (["huawei"], "404", "START", "ConnectionInvalid", NO_SUCH_SERVICE["huawei"]),
    (["huawei"], "429", "START", "Throttled", FEWER["huawei"]),
]
CASES = [
    pytest.param(cloud, int(status), operation, error, words, id=f"{cloud}-{status}-{operation}")
    for clouds, statuses, operation, error, words in BY_STATUS
    for cloud in clouds
    for status in statuses.split()
]


@pytest.mark.parametrize(("cloud", "status", "operation", "error", "words"), CASES)
@pytest.mark.parametrize("body", [b"", HTML, b"null", b"[]", b'{"error_code": 1', {"error": None}])
def test_a_status_has_its_error_and_remedy(
    cloud: str, status: int, operation: str, error: str, words: str, body: object
) -> None:
    rejected = rejection(cloud, make_reply(status, body), operation)

    assert type(rejected).__name__ == error
    assert str(rejected) == words.format(service=SERVICE[cloud], status=status)
    assert rejected.said is not None
    assert (rejected.said.http_status, rejected.said.trace_id) == (status, "trace")


@pytest.mark.parametrize(("status", "operation"), [(429, "START"), (429, "GET_JOB"), (503, "GET_EXECUTION")])
@pytest.mark.parametrize(("asked", "seconds"), [("12", 12), ("", None)])
def test_a_retry_after_is_passed_on(cloud: str, status: int, operation: str, asked: str, seconds: int | None) -> None:
    assert rejection(cloud, make_reply(status, Retry_After=asked), operation).retry_after_seconds == seconds


@pytest.mark.parametrize("cloud", EITHER)
@pytest.mark.parametrize("body", [HTML, b"", b"[1]", b"\xff\xfe", b"[" * 100_000, {"code": True, "message": True}])
def test_the_log_keeps_only_the_size_of_a_body_in_nobodys_words(cloud: str, body: object) -> None:
    reply = make_reply(500, body)
    said = provider_reply(cloud, reply)
    assert (said.code, said.message) == (None, f"{len(reply.body)} bytes of no known type")


@pytest.mark.parametrize("cloud", EITHER)
def test_the_log_keeps_the_providers_words_within_bounds(cloud: str) -> None:
    said = provider_reply(cloud, make_reply(500, {"code": "c" * 1000, "message": "m" * 1000}))
    assert (said.code, said.message) == ("c" * 100, "m" * 500)
