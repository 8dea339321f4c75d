"""A FIFO queue remembers deduplication ids for five minutes, and answers a duplicate as it did the first time.

moto forgets an id when its message is deleted, and gives the duplicate another message id.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
"""

import threading
import time
from typing import Any

from moto.sqs.models import SQSBackend

from sandbox.aws.moto_patches.replacing import replace

REMEMBERED_SECONDS = 300.0
_lock = threading.Lock()


def apply() -> None:
    def send_message(self: Any, queue_name: str, body: str, *, deduplication_id: str | None = None, **more: Any) -> Any:
        queue = self.get_queue(queue_name)
        if not queue.fifo_queue or deduplication_id is None:
            return moto_send(self, queue_name, body, deduplication_id=deduplication_id, **more)
        with _lock:
            sent = queue.__dict__.setdefault("sent_by_deduplication_id", {})
            moment, message = sent.get(deduplication_id, (float("-inf"), None))
            if time.monotonic() - moment >= REMEMBERED_SECONDS:
                message = moto_send(self, queue_name, body, deduplication_id=deduplication_id, **more)
                sent[deduplication_id] = (time.monotonic(), message)
            return message

    moto_send = replace(SQSBackend, "send_message", send_message)
