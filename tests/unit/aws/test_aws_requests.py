"""Signed calls to AWS, over a real socket that plays AWS."""

import json

import pytest

from farsync.aws.client import AwsCaller, AwsRequestFailed
from farsync.http_client.client import Transport
from tests.unit.aws.conftest import ENVIRON
from tests.unit.http_client.wire_server import reply, reset, wire_server

NOT_FOUND = b'{"__type":"com.amazonaws.x#ResourceNotFoundException","Message":"no such secret"}'


def test_a_secret_is_read_by_a_signed_request(transport: Transport) -> None:
    with wire_server(reply(200, b'{"SecretString": "text"}')) as server:
        caller = AwsCaller(transport, {**ENVIRON, "AWS_ENDPOINT_URL_SECRETS_MANAGER": server.endpoint})
        answer = caller.call("secretsmanager", "GetSecretValue", {"SecretId": "farsync/connections/default"})

    sent = server.requests[0]
    assert answer == {"SecretString": "text"}
    assert json.loads(sent.body) == {"SecretId": "farsync/connections/default"}
    assert sent.headers["x-amz-target"] == "secretsmanager.GetSecretValue"
    assert sent.headers["content-type"] == "application/x-amz-json-1.1"
    assert sent.headers["x-amz-security-token"] == "the-token"
    assert sent.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/ap-northeast-2/secretsmanager/aws4_request" in sent.headers["authorization"]


def test_a_state_machine_is_asked_in_its_own_dialect(transport: Transport) -> None:
    with wire_server(reply()) as server:
        AwsCaller(transport, {**ENVIRON, "AWS_ENDPOINT_URL_SFN": server.endpoint}).call(
            "states", "StartExecution", {"name": "run"}
        )

    assert server.requests[0].headers["x-amz-target"] == "AWSStepFunctions.StartExecution"
    assert server.requests[0].headers["content-type"] == "application/x-amz-json-1.0"


def test_credentials_that_lambda_replaced_are_used_from_then_on(transport: Transport) -> None:
    with wire_server(reply()) as server:
        environ = {**ENVIRON, "AWS_ENDPOINT_URL": server.endpoint}
        caller = AwsCaller(transport, environ)
        caller.call("states", "DescribeExecution", {})
        environ["AWS_ACCESS_KEY_ID"] = "AKIDROTATED"
        caller.call("states", "DescribeExecution", {})

    assert "Credential=AKIDROTATED/" in server.requests[1].headers["authorization"]


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("ap-northeast-2", "secretsmanager.ap-northeast-2.amazonaws.com"),
        ("cn-north-1", "secretsmanager.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_without_an_override_a_call_goes_to_the_region(region: str, host: str) -> None:
    class Unplugged(Transport):
        def post(self, url: str, *_: object, **__: object) -> None:  # type: ignore[override]
            raise ConnectionAbortedError(url)

    caller = AwsCaller(Unplugged(), {**ENVIRON, "AWS_REGION": region})
    with pytest.raises(ConnectionAbortedError, match=f"https://{host}/"):
        caller.call("secretsmanager", "GetSecretValue", {})


def test_a_rejection_of_aws_carries_its_code(transport: Transport) -> None:
    with wire_server(reply(400, NOT_FOUND)) as server, pytest.raises(AwsRequestFailed) as caught:
        AwsCaller(transport, {**ENVIRON, "AWS_ENDPOINT_URL": server.endpoint}).call(
            "secretsmanager", "GetSecretValue", {}
        )

    assert (caught.value.code, len(server.requests)) == ("ResourceNotFoundException", 1)
    assert caught.value.said is not None
    assert caught.value.said.http_status == 400


def test_the_code_may_stand_in_a_header(transport: Transport) -> None:
    rejection = reply(403, b"", x_amzn_ErrorType="AccessDeniedException:http://internal/")
    with wire_server(rejection) as server, pytest.raises(AwsRequestFailed) as caught:
        AwsCaller(transport, {**ENVIRON, "AWS_ENDPOINT_URL": server.endpoint}).call("states", "StartExecution", {})

    assert caught.value.code == "AccessDeniedException"


@pytest.mark.parametrize(
    "failure", [reply(500, b""), reply(400, b'{"__type":"ThrottlingException"}'), reply(200, b"<html>"), reset]
)
def test_reading_is_tried_again_after_a_passing_failure(transport: Transport, failure: object) -> None:
    with wire_server(failure, reply(200, b'{"status": "RUNNING"}')) as server:  # type: ignore[arg-type]
        caller = AwsCaller(transport, {**ENVIRON, "AWS_ENDPOINT_URL": server.endpoint})
        assert caller.call("states", "DescribeExecution", {}) == {"status": "RUNNING"}


def test_starting_is_never_repeated(transport: Transport) -> None:
    with wire_server(reply(500, b"")) as server, pytest.raises(AwsRequestFailed):
        AwsCaller(transport, {**ENVIRON, "AWS_ENDPOINT_URL": server.endpoint}).call("states", "StartExecution", {})

    assert len(server.requests) == 1


def test_a_missing_variable_is_named(transport: Transport) -> None:
    with pytest.raises(AwsRequestFailed, match="AWS_REGION"):
        AwsCaller(transport, {}).call("states", "DescribeExecution", {})


def test_credentials_do_not_stand_in_the_text_of_an_error(transport: Transport) -> None:
    with wire_server(reset) as server, pytest.raises(AwsRequestFailed) as caught:
        AwsCaller(transport, {**ENVIRON, "AWS_ENDPOINT_URL": server.endpoint}).call("states", "StartExecution", {})

    assert ENVIRON["AWS_SECRET_ACCESS_KEY"] not in str(caught.value)
