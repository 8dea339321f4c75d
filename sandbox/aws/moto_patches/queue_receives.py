"""A standard queue gives a message to one receiver at a time, as soon as it is visible, and wakes who waits for it.

moto receives without a lock, so that two receivers can get the same message. It goes through every message at each
call, five times at a send to a FIFO queue: a quarter of a second for a thousand messages. It notices an end of
visibility up to a second late, counts twelve hours of visibility from the send, and changes the visibility of messages
that are not in flight. Which messages of a FIFO queue are duplicates is left to `fifo_deduplication`.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
"""

import base64
import copy
import time
from collections.abc import Callable
from typing import Any

from moto.core.utils import unix_time_millis
from moto.sqs.exceptions import InvalidParameterValue, ReceiptHandleIsInvalid, SQSException
from moto.sqs.models import Queue, SQSBackend, _filter_message_attributes

from sandbox.aws.moto_patches.queue_times import Line
from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.wiring import current

_LONGEST_VISIBILITY_SECONDS = 43200
# A FIFO queue's messages wait for others of their group, too, so that no single moment says when to poll again.
_FIFO_POLL_SECONDS = 0.1


def apply() -> None:
    def add_message(self: Any, message: Any) -> None:
        with self._messages_lock:
            self._messages.append(message)
            if not self.fifo_queue:
                # moto has written the end of the delay; how long it is belongs to the line.
                line_for(self).add(message, max(0.0, message.delayed_until / 1000 - time.time()))
            self._messages_lock.notify_all()

    def receive_message(
        self: Any,
        queue_name: str,
        count: int,
        wait_seconds_timeout: float,
        visibility_timeout: int,
        message_attribute_names: list[str] | None = None,
    ) -> list[Any]:
        queue = self.get_queue(queue_name)
        names = message_attribute_names or []

        def take() -> list[Any]:
            if queue.fifo_queue:
                return list(moto_receive(self, queue_name, count, 0, visibility_timeout, names))
            return _take(queue, count, visibility_timeout, is_held=False)

        received = _await(queue, take, wait_seconds_timeout)
        for message in received:
            _filter_message_attributes(message, names)
        return received

    def change_message_visibility(self: Any, queue_name: str, receipt_handle: str, visibility_timeout: int) -> None:
        queue = self.get_queue(queue_name)
        with queue._messages_lock:
            if queue.fifo_queue:
                moto_change(self, queue_name, receipt_handle, visibility_timeout)
            else:
                _hide(queue, receipt_handle, int(visibility_timeout))
            queue._messages_lock.notify_all()

    def delete_message(self: Any, receipt_handle: str) -> None:
        with self._messages_lock:
            if self.fifo_queue:
                moto_delete(self, receipt_handle)
            elif message := line_for(self).messages.get(_message_id(receipt_handle)):
                _forget(self, message)

    def purge_queue(self: Any, queue_name: str) -> None:
        queue = self.get_queue(queue_name)
        with queue._messages_lock:
            moto_purge(self, queue_name)
            line_for(queue).clear()

    def delete_queue(self: Any, queue_name: str) -> None:
        queue = self.get_queue(queue_name)
        moto_delete_queue(self, queue_name)
        _close(queue)

    def reset(self: Any) -> None:
        queues = list(self.queues.values())
        moto_reset(self)
        for queue in queues:
            _close(queue)

    replace(Queue, "add_message", add_message)
    replace(Queue, "approximate_number_of_messages", property(lambda queue: _counts(queue)[0]))
    replace(Queue, "approximate_number_of_messages_delayed", property(lambda queue: _counts(queue)[1]))
    replace(Queue, "approximate_number_of_messages_not_visible", property(lambda queue: _counts(queue)[2]))
    moto_delete = replace(Queue, "delete_message", delete_message)
    moto_receive = replace(SQSBackend, "receive_message", receive_message)
    moto_change = replace(SQSBackend, "change_message_visibility", change_message_visibility)
    moto_purge = replace(SQSBackend, "purge_queue", purge_queue)
    moto_delete_queue = replace(SQSBackend, "delete_queue", delete_queue)
    moto_reset = replace(SQSBackend, "reset", reset)


def receive_and_hold(queue: Any, count: int, wait_seconds: float, is_wanted: Callable[[], bool]) -> list[Any]:
    """Copies of up to `count` messages, for a call that ends with `release`.

    Gives none after `wait_seconds`, once the queue is deleted, or after `wake` where `is_wanted` says no.
    """

    def take() -> list[Any]:
        return _take(queue, count, queue.visibility_timeout, is_held=True) if is_wanted() else []

    return _await(queue, take, wait_seconds, is_wanted)


def release(queue: Any, received: Any) -> None:
    """`received` is a copy that `receive_and_hold` gave."""
    with queue._messages_lock:
        message = line_for(queue).messages.get(received.id)
        if message is not None and message.receipt_handle == received.receipt_handle:
            line_for(queue).release(message)
            queue._messages_lock.notify_all()


def wake(queue: Any) -> None:
    with queue._messages_lock:
        queue._messages_lock.notify_all()


def line_for(queue: Any) -> Line:
    line: Line | None = queue.__dict__.get("line")
    if line is None:
        line = queue.__dict__["line"] = Line(queue.name in current().scaled_queues)
    return line


def _close(queue: Any) -> None:
    with queue._messages_lock:
        line_for(queue).is_closed = True
        queue._messages_lock.notify_all()


def _await(
    queue: Any, take: Callable[[], list[Any]], wait_seconds: float, is_wanted: Callable[[], bool] = lambda: True
) -> list[Any]:
    ends_at = time.monotonic() + wait_seconds
    with queue._messages_lock:
        while not (received := take()) and is_wanted() and not line_for(queue).is_closed:
            remaining = ends_at - time.monotonic()
            if remaining <= 0:
                break
            next_seconds = _FIFO_POLL_SECONDS if queue.fifo_queue else line_for(queue).seconds_to_next()
            queue._messages_lock.wait(remaining if next_seconds is None else min(remaining, next_seconds))
        return received


def _take(queue: Any, count: int, visibility_seconds: int, is_held: bool) -> list[Any]:
    line = line_for(queue)
    taken: list[Any] = []
    while len(taken) < count and (message := line.pop_ready()) is not None:
        if message.sent_timestamp / 1000 + queue.message_retention_period <= time.time():
            _forget(queue, message)
        elif queue.dead_letter_queue and message.approximate_receive_count >= queue.redrive_policy["maxReceiveCount"]:
            _forget(queue, message)
            queue.dead_letter_queue.add_message(message)
        else:
            taken.append(message)
    for message in taken:
        message.approximate_receive_count += 1
        message.approximate_first_receive_timestamp = message.approximate_first_receive_timestamp or _milliseconds()
        message.receipt_handle = _handle(message)
        line.receive(message, visibility_seconds, is_held)
    return [copy.copy(message) for message in taken]


def _hide(queue: Any, handle: str, seconds: int) -> None:
    line = line_for(queue)
    message = line.messages.get(_message_id(handle))
    where = f"Value {handle} for parameter ReceiptHandle is invalid."
    if message is None:
        reason = "Message does not exist or is not available for visibility timeout change."
        raise InvalidParameterValue(f"{where} Reason: {reason}")
    if not line.is_in_flight(message):
        raise SQSException("AWS.SimpleQueueService.MessageNotInflight", "The message referred to is not in flight.")
    if line.seconds_since_receive(message) + seconds > _LONGEST_VISIBILITY_SECONDS:
        reason = f"Total VisibilityTimeout for the message is beyond the limit [{_LONGEST_VISIBILITY_SECONDS} seconds]"
        raise InvalidParameterValue(f"Value {seconds} for parameter VisibilityTimeout is invalid. Reason: {reason}")
    line.hide(message, seconds)


def _counts(queue: Any) -> tuple[int, int, int]:
    """How many messages can be received, are delayed, and are hidden."""
    now, messages = unix_time_millis(), list(queue._messages)
    delayed = sum(message.delayed_until > now for message in messages)
    hidden = sum(message.visible_at >= now for message in messages)
    return len(messages) - delayed - hidden, delayed, hidden


def _forget(queue: Any, message: Any) -> None:
    queue._messages.remove(message)
    line_for(queue).remove(message)


def _handle(message: Any) -> str:
    return base64.urlsafe_b64encode(f"{message.id}:{message.approximate_receive_count}".encode()).decode()


def _message_id(handle: str) -> str:
    """Raises ReceiptHandleIsInvalid."""
    try:
        return base64.b64decode(handle, altchars=b"-_", validate=True).decode().partition(":")[0]
    except ValueError as error:  # also where it is no base64, or no text inside
        raise ReceiptHandleIsInvalid from error


def _milliseconds() -> int:
    return int(time.time() * 1000)
