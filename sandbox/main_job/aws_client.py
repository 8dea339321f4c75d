"""What the main job asks of AWS: state machines, the queue, the HTTP API, and schedules."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
import requests
from botocore.config import Config
from requests_aws4auth import AWS4Auth

from sandbox.main_job.failure import MainJobFailed

TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Described:
    """A Step Functions execution, as DescribeExecution gives it."""

    status: str
    started_at: datetime
    stopped_at: datetime | None
    output: Mapping[str, Any]
    error: str


class AwsClient:
    """`aws` is that part of the sandbox's description."""

    def __init__(self, aws: Mapping[str, Any]) -> None:
        keys = {"aws_access_key_id": aws["accessKeyId"], "aws_secret_access_key": aws["secretAccessKey"]}
        session = boto3.Session(region_name=aws["region"], **keys)
        config = Config(inject_host_prefix=False, connect_timeout=5, read_timeout=TIMEOUT_SECONDS)
        self._states = session.client("stepfunctions", endpoint_url=aws["endpoint"], config=config)
        self._queue = session.client("sqs", endpoint_url=aws["endpoint"], config=config)
        self._aws = aws
        self._signature = AWS4Auth(aws["accessKeyId"], aws["secretAccessKey"], aws["region"], "execute-api")
        self._http = requests.Session()

    def state_machine_arn(self, name: str) -> str:
        return str(self._aws["stateMachines"][name])

    def execution_arn(self, machine: str, name: str) -> str:
        return f"{self.state_machine_arn(machine).replace(':stateMachine:', ':execution:')}:{name}"

    def create_state_machine(self, name: str, definition: Mapping[str, Any]) -> str:
        """Returns its ARN."""
        role = f"arn:aws:iam::{self._aws['accountId']}:role/{name}"
        created = self._states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role)
        return created["stateMachineArn"]

    def start(self, machine_arn: str, name: str, run_input: Mapping[str, Any]) -> str:
        """Returns the ARN of the execution."""
        started = self._states.start_execution(stateMachineArn=machine_arn, name=name, input=json.dumps(run_input))
        return started["executionArn"]

    def describe(self, execution_arn: str) -> Described | None:
        """None where there is no such execution (yet)."""
        try:
            answer = self._states.describe_execution(executionArn=execution_arn)
        except self._states.exceptions.ExecutionDoesNotExist:
            return None
        return Described(
            status=answer["status"],
            started_at=answer["startDate"],
            stopped_at=answer.get("stopDate"),
            output=json.loads(answer.get("output") or "{}"),
            error=": ".join(filter(None, (answer.get("error"), _sentence(answer.get("cause", ""))))),
        )

    def history(self, execution_arn: str) -> Sequence[Mapping[str, Any]]:
        """The first thousand events, oldest first."""
        return self._states.get_execution_history(executionArn=execution_arn, maxResults=1000)["events"]

    def take_events(self, wait_seconds: int) -> list[dict[str, Any]]:
        """What stands on the completion queue, taken off it, as a consumer does."""
        url = self._aws["queueUrl"]
        received = self._queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=wait_seconds)
        messages = received.get("Messages", [])
        for message in messages:
            self._queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages]

    def call_http_api(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """A request to the HTTP API, signed with SigV4. Raises MainJobFailed."""
        return self._request(method, f"{self._aws['httpApi']}{path}", body, self._signature)

    def deploy_stack(self, name: str, template: Path) -> None:
        """A stack of schedules, beside what the sandbox read from template.yaml. Raises MainJobFailed."""
        url = f"{self._aws['endpoint']}/_sandbox/stacks/{name}"
        self._request("PUT", url, json.loads(template.read_text()), None)

    def fire_schedule(self, name: str) -> str:
        """As EventBridge Scheduler fires it at its time; returns the ARN of the target's execution.

        Raises MainJobFailed.
        """
        url = f"{self._aws['endpoint']}/_sandbox/schedules/{name}/fire"
        return str(self._request("POST", url, {}, None)["executionArn"])

    def _request(self, method: str, url: str, body: object, signature: AWS4Auth | None) -> dict[str, Any]:
        reply = self._http.request(method, url, json=body, auth=signature, timeout=TIMEOUT_SECONDS)
        if not reply.ok:
            raise MainJobFailed(f"{method} {url} was answered with {reply.status_code}: {reply.text[:300]}")
        answer: dict[str, Any] = reply.json()
        return answer


def _sentence(cause: str) -> str:
    """A run whose execution failed gives the data of its event as the cause, a rejected one what its function said."""
    if not cause.startswith("{"):
        return cause
    content = json.loads(cause)
    return str(content.get("error", {}).get("message") or content.get("errorMessage") or cause)
