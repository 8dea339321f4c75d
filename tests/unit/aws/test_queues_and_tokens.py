"""What is asked of SQS and of waiting states, over a real socket that plays AWS."""

import json
from collections.abc import Callable
from typing import Any, cast

import pytest

from farsync.aws import message_queue, task_tokens
from farsync.aws.client import AwsCaller, AwsRequestFailed
from farsync.http_client.client import Transport
from farsync.runtime.context import Context
from tests.unit.aws.conftest import ENVIRON
from tests.unit.http_client.wire_server import WireServer, reply, reset, wire_server


def environment(transport: Transport, server: WireServer) -> Context:
    nothing = cast("Any", None)
    aws = AwsCaller(
        transport, {**ENVIRON, "AWS_ENDPOINT_URL_SQS": server.endpoint, "AWS_ENDPOINT_URL": server.endpoint}
    )
    return Context(nothing, nothing, nothing, nothing, transport, aws, nothing, {})


@pytest.mark.parametrize(
    ("call", "target", "body"),
    [
        (
            lambda where: message_queue.hide(where, "a-queue", "a-handle", 600),
            "AmazonSQS.ChangeMessageVisibility",
            {"QueueUrl": "a-queue", "ReceiptHandle": "a-handle", "VisibilityTimeout": 600},
        ),
        (
            lambda where: message_queue.send(where, "a-queue", "text", 5),
            "AmazonSQS.SendMessage",
            {"QueueUrl": "a-queue", "MessageBody": "text", "DelaySeconds": 5},
        ),
        (
            lambda where: task_tokens.heartbeat(where, "a-token"),
            "AWSStepFunctions.SendTaskHeartbeat",
            {"taskToken": "a-token"},
        ),
        (
            lambda where: task_tokens.succeed(where, "a-token", "{}"),
            "AWSStepFunctions.SendTaskSuccess",
            {"taskToken": "a-token", "output": "{}"},
        ),
        (
            lambda where: task_tokens.fail(where, "a-token", "ExecutionFailed", "why"),
            "AWSStepFunctions.SendTaskFailure",
            {"taskToken": "a-token", "error": "ExecutionFailed", "cause": "why"},
        ),
    ],
)
def test_each_call_is_asked_in_its_services_words(
    transport: Transport, call: Callable[[Context], None], target: str, body: dict[str, Any]
) -> None:
    with wire_server(reply()) as server:
        call(environment(transport, server))
    (sent,) = server.requests
    assert json.loads(sent.body) == body
    assert sent.headers["x-amz-target"] == target
    assert sent.headers["content-type"] == "application/x-amz-json-1.0"


def test_a_message_is_hidden_although_the_first_attempt_was_lost(transport: Transport) -> None:
    with wire_server(reset, reply()) as server:
        message_queue.hide(environment(transport, server), "a-queue", "a-handle", 600)
    assert len(server.requests) == 2


def test_a_message_is_never_sent_twice(transport: Transport) -> None:
    with wire_server(reply(500, b"")) as server, pytest.raises(AwsRequestFailed):
        message_queue.send(environment(transport, server), "a-queue", "text")
    assert len(server.requests) == 1


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist"])
def test_a_task_that_is_over_is_reported_from_every_other_failure(transport: Transport, code: str) -> None:
    body = json.dumps({"__type": f"com.amazonaws.sfn#{code}", "message": "not any more"}).encode()
    with wire_server(reply(400, body)) as server, pytest.raises(task_tokens.TaskIsOver):
        task_tokens.heartbeat(environment(transport, server), "a-token")


def test_another_failure_is_no_task_that_is_over(transport: Transport) -> None:
    body = b'{"__type":"InvalidToken","message":"what is this?"}'
    with wire_server(reply(400, body)) as server, pytest.raises(AwsRequestFailed) as caught:
        task_tokens.heartbeat(environment(transport, server), "a-token")
    assert not isinstance(caught.value, task_tokens.TaskIsOver)
