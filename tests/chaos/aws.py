"""AWS as somebody beside the functions uses it: the faults of the play hit these calls too, which try again."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import boto3
import requests
from botocore.config import Config

POLL_QUEUE, CLOSE_QUEUE = "poll", "close"
DEAD_LETTER_QUEUES = ("poll-dead", "close-dead", "completions-dead.fifo", "undelivered")
COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
PATIENT = Config(retries={"mode": "legacy", "max_attempts": 12}, read_timeout=60, max_pool_connections=50)


class Aws:
    """Safe to use from several threads. Executions are read where the sandbox shows them, which takes no faults."""

    def __init__(self, described: dict[str, Any]) -> None:
        self._endpoint = described["endpoint"]
        self._machines = described["stateMachines"]
        self._queue_prefix = str(described["pollQueueUrl"]).removesuffix(POLL_QUEUE)
        keys = {"aws_access_key_id": described["accessKeyId"], "aws_secret_access_key": described["secretAccessKey"]}
        place = {"endpoint_url": self._endpoint, "region_name": described["region"]}
        self.states: Any = boto3.client("stepfunctions", config=PATIENT, **place, **keys)
        self.sqs: Any = boto3.client("sqs", config=PATIENT, **place, **keys)

    def start(self, machine: str, name: str, machine_input: object) -> None:
        """An execution of this name; that it is there already is what a repeated call wants."""
        asked = {"stateMachineArn": self._machines[machine], "name": name, "input": json.dumps(machine_input)}
        with suppress(self.states.exceptions.ExecutionAlreadyExists):
            self.states.start_execution(**asked)

    def show(self, execution_arn: str, newest_events: int = 0) -> dict[str, Any] | None:
        """Name, status, stopDate, redriveCount and events, the oldest first; None where there is no such execution."""
        reply = self._show(execution_arn, events=newest_events)
        return None if reply.status_code == 404 else reply.json()

    def newest_events(self, execution_arn: str) -> list[dict[str, Any]]:
        """At most 40, newest first; none where there is no such execution."""
        shown = self.show(execution_arn, 40)
        return shown["events"][::-1] if shown else []

    def running(self, machine: str) -> list[str]:
        """Names."""
        lines = self._show(self._machines[machine], status="RUNNING", events=0).text.splitlines()
        return [json.loads(line)["name"] for line in lines]

    def executions(self, machine: str) -> Iterator[bytes]:
        """All, with their events, a line each."""
        reply = self._show(self._machines[machine])
        assert reply.ok, reply.text
        yield from reply.content.splitlines()

    def send(self, queue: str, body: str) -> None:
        self.sqs.send_message(QueueUrl=self._url(queue), MessageBody=body)

    def purge(self, queue: str) -> None:
        self.sqs.purge_queue(QueueUrl=self._url(queue))

    def messages(self) -> dict[str, int]:
        """How many there are on the two queues of work, hidden and delayed ones too."""
        return {queue: self._count(queue) for queue in (POLL_QUEUE, CLOSE_QUEUE)}

    def dead_letters(self) -> dict[str, list[str]]:
        """The bodies of the first ten of each queue that has any."""
        return {queue: self._bodies(queue) for queue in DEAD_LETTER_QUEUES if self._count(queue)}

    def _count(self, queue: str) -> int:
        asked = self.sqs.get_queue_attributes(QueueUrl=self._url(queue), AttributeNames=list(COUNTS))
        return sum(map(int, asked["Attributes"].values()))

    def _bodies(self, queue: str) -> list[str]:
        received = self.sqs.receive_message(QueueUrl=self._url(queue), MaxNumberOfMessages=10)
        return [message["Body"] for message in received.get("Messages", [])]

    def _url(self, queue: str) -> str:
        return f"{self._queue_prefix}{queue}"

    def _show(self, arn: str, **query: object) -> requests.Response:
        url = f"{self._endpoint}/_sandbox/executions/{arn}"
        return requests.get(url, params={name: str(value) for name, value in query.items()}, timeout=300)


def is_end(event: dict[str, Any]) -> bool:
    """Of a history: its execution is over, unless it was redriven since."""
    return str(event["type"]).startswith("Execution") and event["type"] not in {"ExecutionStarted", "ExecutionRedriven"}


def state_entered(event: dict[str, Any]) -> str | None:
    details: dict[str, str] = event.get("stateEnteredEventDetails", {})
    return details.get("name")
