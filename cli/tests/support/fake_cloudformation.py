"""CloudFormation with the stack farsync, and that of its schedules beside it."""

from collections.abc import Mapping
from html import escape
from typing import Protocol

XML = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
ARN = "arn:aws:states:ap-northeast-2:123456789012"


class Stack(Protocol):
    url: str
    token: str | None
    schedules: str | None


def answer(stack: Stack, asked: Mapping[str, str]) -> tuple[int, str]:
    action, name = asked["Action"], asked["StackName"]
    is_there = name == "farsync" or (name == "farsync-schedules" and stack.schedules is not None)
    if action == "CreateStack":
        stack.schedules = asked["TemplateBody"]
    elif not is_there:
        return _rejection(f"Stack with id {name} does not exist")
    elif action == "GetTemplate":
        return _result(action, f"<TemplateBody>{escape(stack.schedules or '')}</TemplateBody>")
    elif action == "UpdateStack":
        if stack.schedules == asked["TemplateBody"]:
            return _rejection("No updates are to be performed.")
        stack.schedules = asked["TemplateBody"]
    elif action == "DescribeStacks":
        return _result(action, _described(stack))
    return _result(action, "<StackId>an-id</StackId>")


def _described(stack: Stack) -> str:
    outputs = {
        "HttpApiUrl": stack.url,
        "RunJobStateMachineArn": f"{ARN}:stateMachine:farsync-run_job",
        "RunBackfillStateMachineArn": f"{ARN}:stateMachine:farsync-run_backfill",
        "StartOnceStateMachineArn": f"{ARN}:stateMachine:farsync-start_once",
        "PollDeadLetterQueueUrl": f"{stack.url}/1/poll-dead",
        "UndeliveredQueueUrl": f"{stack.url}/1/undelivered",
    }
    members = (f"<member><OutputKey>{k}</OutputKey><OutputValue>{v}</OutputValue></member>" for k, v in outputs.items())
    issuer = "https://issuer.example" if stack.token else ""
    parameter = f"<ParameterKey>JwtIssuer</ParameterKey><ParameterValue>{issuer}</ParameterValue>"
    parts = [
        "<StackStatus>UPDATE_COMPLETE</StackStatus>",
        f"<Outputs>{''.join(members)}</Outputs>",
        f"<Parameters><member>{parameter}</member></Parameters>",
    ]
    return f"<Stacks><member>{''.join(parts)}</member></Stacks>"


def _result(action: str, body: str) -> tuple[int, str]:
    return 200, f'<{action}Response xmlns="{XML}"><{action}Result>{body}</{action}Result></{action}Response>'


def _rejection(message: str) -> tuple[int, str]:
    fault = f"<Code>ValidationError</Code><Message>{message}</Message>"
    return 400, f'<ErrorResponse xmlns="{XML}"><Error>{fault}</Error></ErrorResponse>'
