"""The pollers of one mapping: they receive, invoke, and delete what has not failed."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from moto.sqs.exceptions import QueueDoesNotExist

from sandbox.aws import moto_services
from sandbox.aws.events.targets import delete_message_request, invoke_request
from sandbox.aws.http_server import ConnectionDropped, HttpReply, HttpRequest
from sandbox.aws.lambdas.host import SandboxStopped
from sandbox.aws.mappings.records import BatchFailed, batch_event, failed_ids
from sandbox.aws.moto_patches.queue_receives import receive_and_hold, release, wake
from sandbox.aws.template.model import QueueMapping

_LONG_POLL_SECONDS = 20.0
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0
_LOG = logging.getLogger(__name__)


@dataclass
class Counts:
    """`received` and `deleted` count messages, `invocations` and `failedBatches` calls."""

    received: int = 0
    invocations: int = 0
    deleted: int = 0
    reportedFailed: int = 0
    failedBatches: int = 0


class MappingPoller:
    """`call_aws` is the sandbox's endpoint, so that faults and the log of calls see these calls as any others.

    A failed message is left alone: it comes back when its visibility ends. A failed batch makes the mapping pause, for
    longer each time it happens again, at most thirty seconds divided by `speed`.
    """

    def __init__(
        self, mapping: QueueMapping, call_aws: Callable[[HttpRequest], HttpReply], pollers: int, speed: float
    ) -> None:
        self.mapping = mapping
        self._call_aws = call_aws
        self._speed = speed
        self._counts = Counts()
        self._last_failure: str | None = None
        self._failures_in_a_row = 0
        self._is_stopped = False
        self._is_paused = not mapping.is_enabled
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=self._poll, daemon=True) for _ in range(pollers)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Nothing more is received; a call under way ends by itself."""
        self._is_stopped = True
        self._wake()

    def pause(self, is_paused: bool) -> None:
        """Or resume."""
        self._is_paused = is_paused
        self._wake()

    def as_json(self) -> dict[str, Any]:
        with self._changed:
            return {
                "name": self.mapping.name,
                "function": self.mapping.function,
                "queue": self.mapping.queue,
                "isPaused": self._is_paused,
                "pollers": len(self._threads),
                **asdict(self._counts),
                "lastFailure": self._last_failure,
            }

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
        queue = moto_services.queues().queues.get(self.mapping.queue)
        if queue is not None:
            wake(queue)

    def _is_wanted(self) -> bool:
        return not self._is_stopped and not self._is_paused

    def _poll(self) -> None:
        while self._await_work():
            try:
                queue = moto_services.queues().get_queue(self.mapping.queue)
            except QueueDoesNotExist:
                self._note_failure("the queue does not exist")
                continue
            messages = receive_and_hold(queue, self.mapping.batch_size, _LONG_POLL_SECONDS, self._is_wanted)
            if not messages:
                continue
            try:
                self._handle(queue, messages)
            except SandboxStopped:
                return

    def _await_work(self) -> bool:
        """Waits out pauses; False when the mapping has stopped."""
        with self._changed:
            if self._failures_in_a_row:
                pause_seconds = _FIRST_PAUSE_SECONDS * 2.0 ** min(self._failures_in_a_row - 1, 10)
                self._changed.wait_for(
                    lambda: self._is_stopped or not self._failures_in_a_row,
                    min(pause_seconds, _LONGEST_PAUSE_SECONDS) / self._speed,
                )
            self._changed.wait_for(lambda: self._is_stopped or not self._is_paused)
            return not self._is_stopped

    def _handle(self, queue: Any, messages: Sequence[Any]) -> None:
        with self._changed:
            self._counts.received += len(messages)
            self._counts.invocations += 1
        try:
            failed = self._invoke(messages)
        except BatchFailed as failure:
            self._note_failure(str(failure))
        else:
            self._note_success(len(messages), len(failed))
            for message in messages:
                if message.id not in failed:
                    self._delete(message)
        finally:
            for message in messages:
                release(queue, message)

    def _invoke(self, messages: Sequence[Any]) -> frozenset[str]:
        """The ids of the messages that the function reports as failed. Raises BatchFailed."""
        event = batch_event(messages, self.mapping.queue_arn)
        try:
            reply = self._call_aws(invoke_request(self.mapping.function, event, waits=True))
        except ConnectionDropped as dropped:
            raise BatchFailed("the connection was dropped") from dropped
        if reply.status != 200 or "X-Amz-Function-Error" in dict(reply.headers):
            raise BatchFailed(reply.body.decode(errors="replace"))
        if not self.mapping.reports_failures:
            return frozenset()
        return failed_ids(reply.body, [message.id for message in messages])

    def _delete(self, message: Any) -> None:
        """A message that cannot be deleted comes back, as with AWS."""
        request = delete_message_request(self.mapping.queue, message.receipt_handle)
        try:
            reply = self._call_aws(request)
        except ConnectionDropped:
            _LOG.warning("mapping %s: message %s could not be deleted", self.mapping.name, message.id)
            return
        if reply.status != 200:
            _LOG.warning("mapping %s: message %s was not deleted: %r", self.mapping.name, message.id, reply.body)

    def _note_success(self, received: int, failed: int) -> None:
        with self._changed:
            self._failures_in_a_row = 0
            self._counts.reportedFailed += failed
            self._counts.deleted += received - failed
            self._changed.notify_all()

    def _note_failure(self, why: str) -> None:
        _LOG.warning("mapping %s: %s", self.mapping.name, why)
        with self._changed:
            self._failures_in_a_row += 1
            self._counts.failedBatches += 1
            self._last_failure = why
