"""A FIFO queue remembers deduplication ids for five minutes, and answers a duplicate as it did the first time.

moto forgets an id when its message is deleted, and gives the duplicate another message id.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
"""

import hashlib
import threading
import time
from typing import Any

from moto.sqs.models import SQSBackend

from sandbox.aws.moto_patches.replacing import replace

REMEMBERED_SECONDS = 300.0
_lock = threading.Lock()


def apply() -> None:
    def send_message(
        self: Any,
        queue_name: str,
        message_body: str,
        message_attributes: Any = None,
        delay_seconds: int | None = None,
        deduplication_id: str | None = None,
        group_id: str | None = None,
        system_attributes: Any = None,
        validate_group_id: bool = True,
    ) -> Any:
        def send() -> Any:
            return moto_send(
                self,
                queue_name,
                message_body,
                message_attributes,
                delay_seconds,
                deduplication_id,
                group_id,
                system_attributes,
                validate_group_id,
            )

        queue = self.get_queue(queue_name)
        identity = deduplication_id
        if identity is None and queue.attributes.get("ContentBasedDeduplication") == "true":
            identity = hashlib.sha256(message_body.encode()).hexdigest()
        if not queue.fifo_queue or identity is None:
            return send()
        with _lock:
            sent = queue.__dict__.setdefault("sent_by_deduplication_id", {})
            moment, message = sent.get(identity, (float("-inf"), None))
            if time.monotonic() - moment >= REMEMBERED_SECONDS:
                message = send()
                sent[identity] = (time.monotonic(), message)
            return message

    moto_send = replace(SQSBackend, "send_message", send_message)
