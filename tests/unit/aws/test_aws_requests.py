"""Signed calls to AWS, over a real socket that plays AWS: what is asked, what is repeated, what is rejected."""

import json
from collections.abc import Callable
from typing import Any, cast

import pytest

from farsync.aws import message_queue, task_tokens
from farsync.aws.client import AwsCaller, AwsRequestFailed, Service
from farsync.http_client.client import Transport
from farsync.model.errors import ProviderReply
from farsync.runtime.context import Context
from tests.unit.aws.conftest import ENVIRON, CallerOf
from tests.unit.http_client.wire_server import Respond, reply, reset, wire_server, with_a_late_one


def stack(aws: AwsCaller) -> Context:
    nothing = cast("Any", None)
    return Context(nothing, nothing, nothing, nothing, nothing, aws, nothing, {})


def test_a_secret_is_read_by_a_signed_request(transport: Transport) -> None:
    with wire_server(reply(200, b'{"SecretString": "text"}')) as server:
        caller = AwsCaller(transport, {**ENVIRON, "AWS_ENDPOINT_URL_SECRETS_MANAGER": f"{server.endpoint}/"})
        answer = caller.call("secretsmanager", "GetSecretValue", {"SecretId": "farsync/connections/default"})

    (sent,) = server.requests
    assert answer == {"SecretString": "text"}
    assert (sent.target, json.loads(sent.body)) == ("/", {"SecretId": "farsync/connections/default"})
    assert sent.headers["x-amz-target"] == "secretsmanager.GetSecretValue"
    assert sent.headers["content-type"] == "application/x-amz-json-1.1"
    assert sent.headers["x-amz-security-token"] == "the-token"
    assert sent.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/ap-northeast-2/secretsmanager/aws4_request" in sent.headers["authorization"]


QUEUE, HANDLE, TOKEN = {"QueueUrl": "a-queue"}, {"ReceiptHandle": "a-handle"}, {"taskToken": "a-token"}


@pytest.mark.parametrize(
    ("call", "target", "body"),
    [
        (
            lambda to: message_queue.hide(to, "a-queue", "a-handle", 600),
            "AmazonSQS.ChangeMessageVisibility",
            {**QUEUE, **HANDLE, "VisibilityTimeout": 600},
        ),
        (
            lambda to: message_queue.send(to, "a-queue", "text", 5),
            "AmazonSQS.SendMessage",
            {**QUEUE, "MessageBody": "text", "DelaySeconds": 5},
        ),
        (lambda to: task_tokens.heartbeat(to, "a-token"), "AWSStepFunctions.SendTaskHeartbeat", TOKEN),
        (
            lambda to: task_tokens.succeed(to, "a-token", "{}"),
            "AWSStepFunctions.SendTaskSuccess",
            {**TOKEN, "output": "{}"},
        ),
        (
            lambda to: task_tokens.fail(to, "a-token", "ExecutionFailed", "why"),
            "AWSStepFunctions.SendTaskFailure",
            {**TOKEN, "error": "ExecutionFailed", "cause": "why"},
        ),
    ],
)
def test_each_call_is_in_its_services_words(
    caller_of: CallerOf, call: Callable[[Context], None], target: str, body: dict[str, Any]
) -> None:
    with wire_server(reply()) as server:
        call(stack(caller_of(server)))
    (sent,) = server.requests
    assert json.loads(sent.body) == body
    assert (sent.headers["x-amz-target"], sent.headers["content-type"]) == (target, "application/x-amz-json-1.0")


def test_credentials_that_lambda_replaced_are_used_from_then_on(transport: Transport) -> None:
    with wire_server(reply()) as server:
        environ = {**ENVIRON, "AWS_ENDPOINT_URL": server.endpoint}
        caller = AwsCaller(transport, environ)
        caller.call("states", "DescribeExecution", {})
        environ["AWS_ACCESS_KEY_ID"] = "AKIDROTATED"
        caller.call("states", "DescribeExecution", {})

    assert "Credential=AKIDROTATED/" in server.requests[1].headers["authorization"]


@pytest.mark.parametrize(
    ("region", "suffix"),
    [("ap-northeast-2", "amazonaws.com"), ("cn-north-1", "amazonaws.com.cn"), ("eusc-de-east-1", "amazonaws.eu")],
)
def test_without_an_override_a_call_goes_to_the_region_in_its_partition(region: str, suffix: str) -> None:
    class Unplugged(Transport):
        def post(self, url: str, *_: object, **__: object) -> None:  # type: ignore[override]
            raise ConnectionAbortedError(url)

    caller = AwsCaller(Unplugged(), {**ENVIRON, "AWS_REGION": region, "URL_SUFFIX": suffix})
    with pytest.raises(ConnectionAbortedError, match=f"https://secretsmanager.{region}.{suffix}/"):
        caller.call("secretsmanager", "GetSecretValue", {})


@pytest.mark.parametrize(
    "failure", [reply(500, b""), reply(400, b'{"__type":"ThrottlingException"}'), reply(200, b"<html>"), reset]
)
def test_reading_and_hiding_are_tried_again_after_a_passing_failure(caller_of: CallerOf, failure: Respond) -> None:
    with wire_server(failure, reply(200, b'{"status": "RUNNING"}')) as server:
        assert caller_of(server).call("states", "DescribeExecution", {}) == {"status": "RUNNING"}
    with wire_server(failure, reply()) as server:
        message_queue.hide(stack(caller_of(server)), "a-queue", "a-handle", 600)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("service", "action", "question", "echo"),
    [
        ("secretsmanager", "GetSecretValue", {"SecretId": "a"}, "Name"),
        ("states", "DescribeExecution", {"executionArn": "a"}, "executionArn"),
    ],
)
def test_an_answer_to_another_question_is_asked_for_again_on_a_new_connection(
    caller_of: CallerOf, service: Service, action: str, question: dict[str, str], echo: str
) -> None:
    other, ours = (reply(200, json.dumps({echo: name}).encode()) for name in ("b", "a"))
    with wire_server(with_a_late_one(other, other), ours) as server:
        assert caller_of(server).call(service, action, question) == {echo: "a"}
    assert server.connections_opened == 2


def test_starting_and_sending_are_never_repeated(caller_of: CallerOf) -> None:
    for act in (
        lambda aws: aws.call("states", "StartExecution", {}),
        lambda aws: message_queue.send(stack(aws), "a-queue", "text"),
    ):
        with wire_server(reply(500, b"")) as server, pytest.raises(AwsRequestFailed):
            act(caller_of(server))
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("code", "is_over"), [("TaskTimedOut", True), ("TaskDoesNotExist", True), ("InvalidToken", False)]
)
def test_a_task_that_is_over_is_no_other_failure(caller_of: CallerOf, code: str, is_over: bool) -> None:
    body = json.dumps({"__type": f"com.amazonaws.sfn#{code}", "message": "not any more"}).encode()
    with wire_server(reply(400, body)) as server, pytest.raises(AwsRequestFailed) as caught:
        task_tokens.heartbeat(stack(caller_of(server)), "a-token")
    assert isinstance(caught.value, task_tokens.TaskIsOver) is is_over


@pytest.mark.parametrize(
    ("response", "code", "message", "status"),
    [
        (reply(418, b'{"__type": "com.amazonaws.x#A", "message": "said"}'), "A", "said", 418),
        (reply(400, b'{"__type": "B:http://internal/", "Message": "Said"}'), "B", "Said", 400),
        (reply(400, b'{"__type": "C", "message": "", "Message": "other"}'), "C", "other", 400),
        (reply(400, b'{"__type": "D", "message": "first", "Message": "second"}'), "D", "first", 400),
        (reply(403, b"", x_amzn_ErrorType="Denied:http://internal/"), "Denied", "no message", 403),
        (reply(418, b"<html>"), "Http418", "no message", 418),
        (reply(418, b"[]"), "Http418", "no message", 418),
        (reply(200, b"<html>"), "NoAnswer", "states: It answered 200 and no JSON object.", None),
        (reply(200, b"[" * 100_000), "NoAnswer", "states: It answered 200 and no JSON object.", None),
        (reply(202, b"{}"), "NoAnswer", "states: It answered 202 and no JSON object.", None),
    ],
)
def test_each_shape_of_a_rejection_is_read(
    caller_of: CallerOf, response: Respond, code: str, message: str, status: int | None
) -> None:
    with wire_server(response) as server, pytest.raises(AwsRequestFailed) as caught:
        caller_of(server).call("states", "StartExecution", {})
    assert (caught.value.code, str(caught.value)) == (code, f"{code}: {message}")
    assert caught.value.said == ProviderReply(status, code, message)


def test_an_answer_without_a_body_is_an_empty_one(caller_of: CallerOf) -> None:
    with wire_server(reply(200, b"")) as server:
        assert caller_of(server).call("states", "StopExecution", {}) == {}


def test_a_missing_variable_is_reported_at_once_since_it_will_not_come(transport: Transport) -> None:
    with pytest.raises(AwsRequestFailed) as caught:
        AwsCaller(transport, {}).call("states", "DescribeExecution", {})
    assert str(caught.value) == "EnvironmentIncomplete: set AWS_REGION"
    assert not caught.value.is_transient
