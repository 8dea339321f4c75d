"""What a rejection of AWS is called here, and what it says."""

import pytest

from farsync.aws.client import AwsCaller, AwsRequestFailed, named
from farsync.http_client.client import Transport
from farsync.model.errors import FarsyncError, PermissionDenied, ProviderReply, ProviderUnavailable, Throttled
from tests.unit.aws.conftest import ENVIRON
from tests.unit.http_client.wire_server import Respond, reply, reset, wire_server


def failure_of(transport: Transport, response: Respond) -> AwsRequestFailed:
    """Of a call that is never repeated."""
    with wire_server(response) as server, pytest.raises(AwsRequestFailed) as caught:
        AwsCaller(transport, {**ENVIRON, "AWS_ENDPOINT_URL": server.endpoint}).call("states", "StartExecution", {})
    return caught.value


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        ("ThrottlingException", Throttled, "AWS throttles: ThrottlingException: said"),
        ("RequestLimitExceeded", Throttled, "AWS throttles: RequestLimitExceeded: said"),
        ("AccessDeniedException", PermissionDenied, "AWS rejects the function: AccessDeniedException: said"),
        ("AccessDenied", PermissionDenied, "AWS rejects the function: AccessDenied: said"),
        ("InternalError", ProviderUnavailable, "AWS did not answer as expected: InternalError: said"),
    ],
)
def test_a_rejection_of_aws_gets_a_name_that_the_state_machine_knows(
    code: str, error: type[FarsyncError], words: str
) -> None:
    told = named(AwsRequestFailed(code, "said", 400))

    assert type(told) is error
    assert str(told) == words


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b'{"__type": "com.amazonaws.x#A", "message": "said"}', "A", "said"),
        (b'{"__type": "B:http://internal/", "Message": "Said"}', "B", "Said"),
        (b'{"__type": "C", "message": "", "Message": "other"}', "C", "other"),
        (b'{"__type": "D", "message": "first", "Message": "second"}', "D", "first"),
        (b"<html>", "Http418", "no message"),
        (b"[]", "Http418", "no message"),
    ],
)
def test_code_and_message_are_found_in_each_shape(transport: Transport, body: bytes, code: str, message: str) -> None:
    failure = failure_of(transport, reply(418, body))

    assert str(failure) == f"{code}: {message}"
    assert failure.said == ProviderReply(418, code, message)


def test_an_answer_that_cannot_be_read_is_reported_as_one(transport: Transport) -> None:
    assert str(failure_of(transport, reply(200, b"<html>"))) == "Unreadable: the answer is no JSON object"


def test_an_answer_without_a_body_is_an_empty_one(transport: Transport) -> None:
    with wire_server(reply(200, b"")) as server:
        caller = AwsCaller(transport, {**ENVIRON, "AWS_ENDPOINT_URL": server.endpoint})
        assert caller.call("states", "StopExecution", {}) == {}


def test_no_answer_at_all_is_reported_with_the_service(transport: Transport) -> None:
    failure = failure_of(transport, reset)

    assert str(failure) == "Unreachable: states could not be reached"
    assert failure.said == ProviderReply(None, "Unreachable", "states could not be reached")


def test_a_missing_variable_is_reported_at_once_since_it_will_not_come(transport: Transport) -> None:
    with pytest.raises(AwsRequestFailed) as caught:
        AwsCaller(transport, {}).call("states", "DescribeExecution", {})

    assert str(caught.value) == "EnvironmentIncomplete: set AWS_REGION"
    assert not caught.value.is_transient
    assert caught.value.said == ProviderReply(400, "EnvironmentIncomplete", "set AWS_REGION")


@pytest.mark.parametrize("ending", ["", "/"])
def test_an_endpoint_may_end_with_a_slash(transport: Transport, ending: str) -> None:
    with wire_server(reply()) as server:
        AwsCaller(transport, {**ENVIRON, "AWS_ENDPOINT_URL": f"{server.endpoint}{ending}"}).call(
            "states", "StartExecution", {}
        )

    assert server.requests[0].target == "/"
