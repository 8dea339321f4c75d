"""What the consumers of the fixtures have got, and what is left on their queues."""

import json
from pathlib import Path
from typing import Any

from tests.support.waiting import eventually


def read_records(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def received(log: Path, at_least: int) -> list[dict[str, Any]]:
    return eventually(lambda: records if len(records := read_records(log)) >= at_least else None, seconds=20)


def is_empty(sqs: Any, queue: str = "t-PollQueue") -> bool:
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))["Attributes"]
    return all(counts[name] == "0" for name in names)
