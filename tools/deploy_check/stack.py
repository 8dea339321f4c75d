"""The deployed stack, asked by AWS' own API."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import boto3
import jmespath
import requests

from tools.deploy_check.emulator import REGION
from tools.deploy_check.patches import Route
from tools.deploy_check.sam import KEYS

WITHIN_SECONDS = 90
LISTINGS = (
    ("lambda", "list_functions", "Functions[].FunctionName"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings[].EventSourceArn"),
    ("lambda", "list_layers", "Layers[].LayerName"),
    ("stepfunctions", "list_state_machines", "stateMachines[].name"),
    ("sqs", "list_queues", "QueueUrls"),
    ("iam", "list_roles", "Roles[].RoleName"),
    ("iam", "list_policies", "Policies[].PolicyName"),
    ("logs", "describe_log_groups", "logGroups[].logGroupName"),
    ("events", "list_rules", "Rules[].Name"),
    ("scheduler", "list_schedules", "Schedules[].Name"),
    ("apigatewayv2", "get_apis", "Items[].Name"),
    ("cloudwatch", "describe_alarms", "MetricAlarms[].AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries[].DashboardName"),
)
"""Service, operation, and where the names stand in its reply."""
Found = TypeVar("Found")


class Stack:
    def __init__(self, endpoint: str, name: str) -> None:
        self.name = name
        self._endpoint = endpoint
        self._session = boto3.Session(KEYS["AWS_ACCESS_KEY_ID"], KEYS["AWS_SECRET_ACCESS_KEY"], region_name=REGION)

    def _client(self, service: Any) -> Any:
        return self._session.client(service, endpoint_url=self._endpoint)

    def statuses(self) -> dict[str, str]:
        """By logical id, as physical_ids."""
        return {logical_id: str(resource["ResourceStatus"]) for logical_id, resource in self._resources().items()}

    def physical_ids(self) -> dict[str, str]:
        return {
            logical_id: str(resource.get("PhysicalResourceId")) for logical_id, resource in self._resources().items()
        }

    def connect(self, connection: str, content: object) -> None:
        name = f"farsync/connections/{connection}"
        self._client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(content))

    def make_routes(self, api_id: str, routes: Sequence[Route], functions: Mapping[str, str]) -> None:
        """`functions` are logical ids to names."""
        gateway, lambdas = self._client("apigatewayv2"), self._client("lambda")
        integrations: dict[str, str] = {}
        for route in routes:
            if route.function not in integrations:
                arn = lambdas.get_function(FunctionName=functions[route.function])["Configuration"]["FunctionArn"]
                made = gateway.create_integration(
                    ApiId=api_id, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
                )
                integrations[route.function] = made["IntegrationId"]
            target = f"integrations/{integrations[route.function]}"
            gateway.create_route(ApiId=api_id, RouteKey=f"{route.method} {route.path}", Target=target)

    def call(self, api_id: str, method: str, path: str, body: object = None) -> requests.Response:
        """Over the HTTP API. MiniStack checks no signature."""
        url = f"{self._endpoint}/_aws/execute-api/{api_id}/$default{path}"
        return requests.request(method, url, json=body, timeout=60)

    def start(self, machine_arn: str, given: object) -> None:
        self._client("stepfunctions").start_execution(stateMachineArn=machine_arn, input=json.dumps(given))

    def executions(self, machine_arn: str, status: str) -> list[str]:
        """A sentence for each that has this status, with its error and cause."""
        client = self._client("stepfunctions")
        listed = client.list_executions(stateMachineArn=machine_arn, statusFilter=status)["executions"]
        described = [client.describe_execution(executionArn=execution["executionArn"]) for execution in listed]
        return [
            f"{execution['name']}: {status} {execution.get('error', '')} {execution.get('cause', '')[:300]}"
            for execution in described
        ]

    def invoke(self, function: str) -> dict[str, Any]:
        """With an empty input. What is not an object, as an error of the function, is empty too."""
        answer = self._client("lambda").invoke(FunctionName=function, Payload=b"{}")
        content = json.loads(answer["Payload"].read())
        return content if isinstance(content, dict) else {}

    def log_streams(self, group: str) -> list[str]:
        """MiniStack makes one for each call of a function."""
        found = self._client("logs").describe_log_streams(logGroupName=group)["logStreams"]
        return [stream["logStreamName"] for stream in found]

    def take(self, queue_url: str) -> list[dict[str, Any]]:
        """Messages, which are then no longer on the queue."""
        client = self._client("sqs")
        received = client.receive_message(QueueUrl=queue_url, WaitTimeSeconds=1).get("Messages", [])
        for message in received:
            client.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in received]

    @contextmanager
    def bus_listener(self, bus: str, source: str) -> Iterator[str]:
        """The URL of a queue that receives what `source` puts on the bus; neither it nor its rule stays."""
        queues, events = self._client("sqs"), self._client("events")
        name = "deploy-check-bus-listener"
        url: str = queues.create_queue(QueueName=name)["QueueUrl"]
        arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps({"source": [source]}))
        events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": name, "Arn": arn}])
        try:
            yield url
        finally:
            events.remove_targets(Rule=name, EventBusName=bus, Ids=[name])
            events.delete_rule(Name=name, EventBusName=bus)
            queues.delete_queue(QueueUrl=url)

    def delete(self) -> None:
        self._client("cloudformation").delete_stack(StackName=self.name)
        eventually(self._is_deleted)

    def leftovers(self) -> Iterator[str]:
        """Names of what carries the stack's name, of each kind that the template makes."""
        for service, operation, names in LISTINGS:
            arguments = {"Scope": "Local"} if operation == "list_policies" else {}
            listed = getattr(self._client(service), operation)(**arguments)
            yield from (f"{service}: {name}" for name in jmespath.search(names, listed) or () if self.name in name)

    def _resources(self) -> dict[str, dict[str, Any]]:
        pages = self._client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.name)
        return {each["LogicalResourceId"]: each for page in pages for each in page["StackResourceSummaries"]}

    def _is_deleted(self) -> bool:
        listed = self._client("cloudformation").list_stacks()["StackSummaries"]
        return all(each["StackStatus"] == "DELETE_COMPLETE" for each in listed if each["StackName"] == self.name)


def eventually(find: Callable[[], Found], seconds: float = WITHIN_SECONDS) -> Found:
    """The result of `find` as soon as there is something, and in the end whatever it is."""
    deadline = time.monotonic() + seconds
    while not (found := find()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return found
