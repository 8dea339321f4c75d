"""The sandbox as somebody beside the functions uses it: the faults of the play hit these calls too, which try again."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import boto3
import requests
from botocore.config import Config

from tests.support.sandbox import Sandbox

POLL_QUEUE, CLOSE_QUEUE = "poll", "close"
DEAD_LETTER_QUEUES = ("poll-dead", "close-dead", "completions-dead.fifo", "undelivered")
COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
PATIENT = Config(retries={"mode": "legacy", "max_attempts": 12}, max_pool_connections=50)


class PatientSandbox(Sandbox):
    """Safe to use from several threads. Executions are read where the sandbox shows them, which takes no faults."""

    def _client(self, service: Any) -> Any:
        keys = {"aws_access_key_id": self.aws["accessKeyId"], "aws_secret_access_key": self.aws["secretAccessKey"]}
        place = {"endpoint_url": self.aws["endpoint"], "region_name": self.aws["region"]}
        return boto3.client(service, config=PATIENT, **place, **keys)

    def start_named(self, machine: str, name: str, machine_input: object) -> None:
        """That an execution of this name is there already is what a repeated call wants."""
        with suppress(self.step_functions.exceptions.ExecutionAlreadyExists):
            self.start(machine, machine_input, name)

    def show(self, execution_arn: str, newest_events: int = 0) -> dict[str, Any] | None:
        """Name, status, stopDate, redriveCount and events, the oldest first; None where there is no such execution."""
        reply = self._show(execution_arn, events=newest_events)
        shown: dict[str, Any] | None = None if reply.status_code == 404 else reply.json()
        return shown

    def newest_events(self, execution_arn: str) -> list[dict[str, Any]]:
        """At most 40, newest first; none where there is no such execution."""
        shown = self.show(execution_arn, 40)
        return shown["events"][::-1] if shown else []

    def running(self, machine: str) -> list[str]:
        """Lines of JSON."""
        return self._show(self.aws["stateMachines"][machine], status="RUNNING", events=0).text.splitlines()

    def executions(self, machine: str) -> Iterator[bytes]:
        """All, with their events, a line each."""
        reply = self._show(self.aws["stateMachines"][machine])
        assert reply.ok, reply.text
        yield from reply.content.splitlines()

    def send(self, queue: str, message: object) -> None:
        self.queue.send_message(QueueUrl=self._url(queue), MessageBody=json.dumps(message))

    def purge(self, queue: str) -> None:
        self.queue.purge_queue(QueueUrl=self._url(queue))

    def messages(self) -> dict[str, int]:
        """How many there are on the two queues of work, hidden and delayed ones too."""
        return {queue: self._count(queue) for queue in (POLL_QUEUE, CLOSE_QUEUE)}

    def dead_letters(self) -> dict[str, list[str]]:
        """The bodies of the first ten of each queue that has any."""
        received = {
            queue: self.queue.receive_message(QueueUrl=self._url(queue), MaxNumberOfMessages=10)
            for queue in DEAD_LETTER_QUEUES
            if self._count(queue)
        }
        return {queue: [message["Body"] for message in reply["Messages"]] for queue, reply in received.items()}

    def _count(self, queue: str) -> int:
        asked = self.queue.get_queue_attributes(QueueUrl=self._url(queue), AttributeNames=list(COUNTS))
        return sum(map(int, asked["Attributes"].values()))

    def _url(self, queue: str) -> str:
        return str(self.aws["pollQueueUrl"]).removesuffix(POLL_QUEUE) + queue

    def _show(self, arn: str, **query: str | int) -> requests.Response:
        return requests.get(f"{self.aws['endpoint']}/_sandbox/executions/{arn}", params=query, timeout=300)
