"""Calls the target of a schedule or rule: starts a state machine, invokes a function, or sends to a queue."""

import json
from collections.abc import Callable, Mapping

from sandbox.aws.http_server import HttpReply, HttpRequest
from sandbox.aws.settings import ACCESS_KEY_ID, ACCOUNT_ID, REGION
from sandbox.aws.template.model import Target

CallAws = Callable[[HttpRequest], HttpReply]


class TargetFailed(Exception):
    """The target rejected the call; the text is AWS' reply."""

    def __init__(self, text: str, code: str = "AWS.Scheduler.InternalServerError", *, may_pass: bool = True) -> None:
        super().__init__(text)
        self.code = code
        self.may_pass = may_pass
        """Whether it is worth another attempt."""


class TargetCaller:
    """`call_aws` is the sandbox's endpoint, so that faults and the log of calls see these calls as any others."""

    def __init__(self, call_aws: CallAws) -> None:
        self._call_aws = call_aws

    def call(self, target: Target, payload: str) -> str | None:
        """Gives the ARN of the execution started, None for other targets. Raises TargetFailed and ConnectionDropped."""
        if ":stateMachine:" in target.arn:
            return self._start(target.arn, payload)
        if ":function:" in target.arn:
            self._ask(invoke_request(target.arn, payload.encode(), waits=False))
            return None
        if ":sqs:" in target.arn:
            self.send(target.arn, payload, {})
            return None
        raise TargetFailed(f"the sandbox calls machines, functions and queues, not {target.arn}", may_pass=False)

    def send(self, queue_arn: str, body: str, attributes: Mapping[str, str]) -> None:
        """Raises TargetFailed and ConnectionDropped."""
        message = {
            "QueueUrl": _queue_url(queue_arn.rpartition(":")[2]),
            "MessageBody": body,
            "MessageAttributes": {
                name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
            },
        }
        self._ask(_json_request("sqs", "AmazonSQS.SendMessage", json.dumps(message)))

    def _start(self, machine_arn: str, payload: str) -> str:
        body = json.dumps({"stateMachineArn": machine_arn, "input": payload})
        reply = self._ask(_json_request("states", "AWSStepFunctions.StartExecution", body))
        return str(json.loads(reply.body)["executionArn"])

    def _ask(self, request: HttpRequest) -> HttpReply:
        reply = self._call_aws(request)
        if reply.status >= 300:
            text = reply.body.decode(errors="replace")
            may_pass = reply.status >= 500 or "Throttling" in text or "TooManyRequests" in text
            raise TargetFailed(text, _error_code(text), may_pass=may_pass)
        return reply


def _error_code(text: str) -> str:
    try:
        return str(json.loads(text)["__type"]).rpartition("#")[2]
    except (ValueError, KeyError, TypeError):
        return "AWS.Scheduler.InternalServerError"


def _json_request(service: str, target: str, body: str) -> HttpRequest:
    scope = f"{ACCESS_KEY_ID}/20260101/{REGION}/{service}/aws4_request"
    headers = {
        "host": "localhost",
        "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=sandbox",
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": target,
    }
    return HttpRequest("POST", "/", headers=headers, body=body.encode())


def _queue_url(name: str) -> str:
    return f"http://localhost/{ACCOUNT_ID}/{name}"


def delete_message_request(queue_name: str, receipt_handle: str) -> HttpRequest:
    body = {"QueueUrl": _queue_url(queue_name), "ReceiptHandle": receipt_handle}
    return _json_request("sqs", "AmazonSQS.DeleteMessage", json.dumps(body))


def invoke_request(name_or_arn: str, payload: bytes, *, waits: bool) -> HttpRequest:
    """`waits` for the function's response; else the call is an event."""
    path = f"/2015-03-31/functions/{name_or_arn}/invocations"
    kind = "RequestResponse" if waits else "Event"
    return HttpRequest("POST", path, headers={"x-amz-invocation-type": kind}, body=payload)
