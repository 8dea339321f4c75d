"""Somebody who takes the events off the queue as they come: nobody lets thousands of them stand there."""

import json
import threading
from typing import Any

from tests.chaos.aws_calls import AwsCalls

PAUSE_SECONDS = 0.3


class Consumer:
    """Takes events from its making until `stop`. A message that comes again since it could not be deleted counts once:
    SQS gives it the same id.
    """

    def __init__(self, aws: AwsCalls, queue_url: str) -> None:
        self._aws = aws
        self._queue_url = queue_url
        self._events: dict[str, dict[str, Any]] = {}
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()

    def stop(self) -> list[dict[str, Any]]:
        """Everything that ever stood on the queue, in the order of its receipt."""
        self._is_stopped.set()
        self._thread.join()
        self._receive()
        return list(self._events.values())

    def _take(self) -> None:
        while not self._is_stopped.wait(PAUSE_SECONDS):
            self._receive()

    def _receive(self) -> None:
        asked = {"QueueUrl": self._queue_url, "MaxNumberOfMessages": 10}
        while messages := self._aws.sqs("ReceiveMessage", asked).get("Messages"):
            for message in messages:
                self._events.setdefault(message["MessageId"], json.loads(message["Body"]))
                handle = {"QueueUrl": self._queue_url, "ReceiptHandle": message["ReceiptHandle"]}
                self._aws.sqs("DeleteMessage", handle)
