"""The names, ARNs and URLs that the resources of a template get in the sandbox."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from sandbox.aws.settings import ACCOUNT_ID, REGION
from sandbox.aws.template.yaml_document import TemplateError

_NAME_PROPERTIES = {
    "AWS::Serverless::Function": "FunctionName",
    "AWS::Serverless::StateMachine": "Name",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::Scheduler::ScheduleGroup": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Logs::LogStream": "LogStreamName",
}
_ARNS = {
    "AWS::Serverless::Function": "lambda:{region}:{account}:function:{name}",
    "AWS::Serverless::StateMachine": "states:{region}:{account}:stateMachine:{name}",
    "AWS::SQS::Queue": "sqs:{region}:{account}:{name}",
    "AWS::Scheduler::Schedule": "scheduler:{region}:{account}:schedule/default/{name}",
    "AWS::Scheduler::ScheduleGroup": "scheduler:{region}:{account}:schedule-group/{name}",
    "AWS::Events::Rule": "events:{region}:{account}:rule/{name}",
    "AWS::IAM::Role": "iam::{account}:role/{name}",
    "AWS::Logs::LogGroup": "logs:{region}:{account}:log-group:{name}:*",
}
_REF_IS_ARN = {"AWS::Serverless::StateMachine"}
_REF_IS_API_ID = {"AWS::Serverless::HttpApi"}


class Stack(Protocol):
    """What stands in a template, and where it is deployed."""

    @property
    def resources(self) -> Mapping[str, Any]: ...

    @property
    def stack_name(self) -> str: ...

    @property
    def endpoint(self) -> str: ...

    def resolve(self, value: Any, where: str, /) -> Any: ...


def physical_name_of(stack: Stack, logical_id: str) -> str:
    """The name that the template gives, else `<stack>-<logical id>`. A FIFO queue's name ends in .fifo."""
    resource = stack.resources[logical_id]
    properties = resource.get("Properties") or {}
    name_property = _NAME_PROPERTIES.get(resource["Type"])
    if name_property and name_property in properties:
        where = f"{logical_id}.{name_property}"
        given = stack.resolve(properties[name_property], where)
        if given is not None:
            if resource["Type"].endswith("StateMachine") and not re.fullmatch(r"[0-9A-Za-z_-]{1,80}", given):
                raise TemplateError(f"{where}: {given!r} is no name of a state machine")
            return str(given)
    suffix = ".fifo" if str(properties.get("FifoQueue", False)).lower() == "true" else ""
    return f"{stack.stack_name}-{logical_id}{suffix}"


def arn_of(stack: Stack, logical_id: str, where: str) -> str:
    resource_type = stack.resources[logical_id]["Type"]
    if resource_type not in _ARNS:
        raise TemplateError(f"{where}: the sandbox knows no ARN for {logical_id} ({resource_type})")
    name = physical_name_of(stack, logical_id)
    return "arn:aws:" + _ARNS[resource_type].format(region=REGION, account=ACCOUNT_ID, name=name)


def queue_url_of(stack: Stack, logical_id: str) -> str:
    return f"{stack.endpoint}/{ACCOUNT_ID}/{physical_name_of(stack, logical_id)}"


def physical_id_of(stack: Stack, logical_id: str, where: str) -> str:
    """What `!Ref logical_id` gives."""
    resource_type = stack.resources[logical_id]["Type"]
    if resource_type in _REF_IS_ARN:
        return arn_of(stack, logical_id, where)
    if resource_type == "AWS::SQS::Queue":
        return queue_url_of(stack, logical_id)
    if resource_type in _REF_IS_API_ID:
        return "sandbox"
    return physical_name_of(stack, logical_id)


def attribute_of(stack: Stack, logical_id: str, attribute: str, where: str) -> str:
    """What `!GetAtt logical_id.attribute` gives."""
    if logical_id not in stack.resources:
        raise TemplateError(f"{where}: there is no resource {logical_id}")
    if attribute == "Arn":
        return arn_of(stack, logical_id, where)
    if attribute in ("Name", "QueueName"):
        return physical_name_of(stack, logical_id)
    if attribute == "QueueUrl":
        return queue_url_of(stack, logical_id)
    resource_type = stack.resources[logical_id]["Type"]
    raise TemplateError(f"{where}: the sandbox does not know {attribute} of {logical_id} ({resource_type})")
