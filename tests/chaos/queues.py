"""The queues beside that of the events: what is polled, what is to be closed, and letters that nobody could deliver."""

from collections.abc import Mapping
from typing import Any

from tests.chaos.aws_calls import AwsCalls
from tests.chaos.plan import WorkQueue

WORK: tuple[WorkQueue, ...] = ("poll", "close")
DEAD_LETTERS = ("poll-dead", "close-dead", "completions-dead.fifo", "undelivered")
COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


class Queues:
    def __init__(self, aws: AwsCalls, described: Mapping[str, Any]) -> None:
        self._aws = aws
        self._prefix = str(described["pollQueueUrl"]).removesuffix("poll")

    def send(self, queue: WorkQueue, body: str) -> None:
        self._aws.sqs("SendMessage", {"QueueUrl": self._url(queue), "MessageBody": body})

    def purge(self, queue: WorkQueue) -> None:
        self._aws.sqs("PurgeQueue", {"QueueUrl": self._url(queue)})

    def messages(self) -> dict[str, int]:
        """How many there are to be worked on, hidden and delayed ones too."""
        return {queue: self._count(queue) for queue in WORK}

    def dead_letters(self) -> dict[str, list[str]]:
        """The bodies of the first ten of each queue that has any."""
        letters = {queue: self._bodies(queue) for queue in DEAD_LETTERS if self._count(queue)}
        return {queue: bodies for queue, bodies in letters.items() if bodies}

    def _count(self, queue: str) -> int:
        asked = {"QueueUrl": self._url(queue), "AttributeNames": list(COUNTS)}
        return sum(map(int, self._aws.sqs("GetQueueAttributes", asked)["Attributes"].values()))

    def _bodies(self, queue: str) -> list[str]:
        asked = {"QueueUrl": self._url(queue), "MaxNumberOfMessages": 10}
        return [message["Body"] for message in self._aws.sqs("ReceiveMessage", asked).get("Messages", [])]

    def _url(self, queue: str) -> str:
        return f"{self._prefix}{queue}"
