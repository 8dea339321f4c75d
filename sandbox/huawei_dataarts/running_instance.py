"""What the thread of an instance may note about it: nothing any more, once somebody else has decided."""

import contextlib
import threading
from collections.abc import Callable, Iterator

from sandbox.huawei_dataarts.instance_store import Instance, InstanceStore
from sandbox.huawei_dataarts.node_records import NodeRecord, NodeRecords
from sandbox.provider_service.life import Life


class RunStopped(Exception):
    """The instance was stopped, parked or begun anew by somebody else, or the service ends."""


class RunningInstance:
    """Every method but `records` raises `RunStopped`. `changing` is held by whoever changes an instance."""

    def __init__(
        self,
        instance: Instance,
        life: Life,
        stores: tuple[InstanceStore, NodeRecords],
        changing: threading.Lock,
        clock: Callable[[], float],
    ) -> None:
        self.instance = instance
        self.life = life
        self._instances, self._nodes = stores
        self._changing = changing
        self._clock = clock

    def records(self) -> dict[str, NodeRecord]:
        return self._nodes.of(self.instance.instance_id)

    def wait(self, seconds: float) -> None:
        if self.life.stopped.wait(max(0.0, seconds)):
            raise RunStopped

    def begin(self) -> None:
        with self._own():
            self._instances.begin(self.instance.instance_id, self._clock())

    def begin_node(self, node_name: str, log_path: str | None) -> None:
        with self._own():
            self._nodes.begin(self.instance.instance_id, node_name, log_path, self._clock())

    def note_retry(self, node_name: str) -> None:
        with self._own():
            self._nodes.note_retry(self.instance.instance_id, node_name)

    def note_rows(self, node_name: str, input_row_count: int, rows_per_second: float) -> None:
        with self._own():
            self._nodes.note_rows(self.instance.instance_id, node_name, input_row_count, rows_per_second)

    def end_node(self, node_name: str, status: str) -> None:
        with self._own():
            self._nodes.end(self.instance.instance_id, node_name, status, self._clock())

    def park(self, status: str, error_message: str) -> None:
        """It moves no more until a person does something about it."""
        with self._own():
            self._instances.set_status(self.instance.instance_id, status, error_message)

    def end(self, status: str, *, is_ignored: bool = False, error_message: str | None = None) -> None:
        with self._own():
            self._nodes.end_open(self.instance.instance_id, self._clock())
            self._instances.end(
                self.instance.instance_id,
                status,
                self._clock(),
                is_ignored=is_ignored,
                error_message=error_message,
            )

    @contextlib.contextmanager
    def _own(self) -> Iterator[None]:
        with self._changing:
            if self.life.stopped.is_set():
                raise RunStopped
            yield
