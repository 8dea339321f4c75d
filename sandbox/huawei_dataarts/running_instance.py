"""What the thread of an instance may note about it: nothing any more, once somebody else has decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.huawei_dataarts.records import Instance, Instances, NodeRecord
from sandbox.provider_service.life import Life, RunStopped


@dataclass
class RunningInstance:
    """Every method but `nodes` raises `RunStopped`."""

    instance: Instance
    life: Life
    instances: Instances
    clock: Callable[[], float]

    def nodes(self) -> Mapping[str, NodeRecord]:
        return self._current().nodes

    def begin(self) -> None:
        self._change(lambda current, now: {"status": "running", "started_at": current.started_at or now})

    def note_node(self, node_name: str, **fields: object) -> None:
        self._change(lambda current, _: {"nodes": current.nodes_with([node_name], **fields)})

    def begin_node(self, node_name: str, log_path: str | None) -> None:
        started = {"started_at": self.clock(), "ended_at": None}
        self.note_node(node_name, status="running", retry_times=0, log_path=log_path, **started)

    def end_node(self, node_name: str, status: str) -> None:
        self.note_node(node_name, status=status, ended_at=self.clock())

    def park(self, status: str, error_message: str) -> None:
        """It moves no more until a person does something about it."""
        self._change(lambda *_: {"status": status, "ended_at": None, "error_message": error_message})

    def end(self, status: str, **fields: object) -> None:
        self._change(lambda current, now: current.ended_with(status, now, **fields))

    def _change(self, change: Callable[[Instance, float], Mapping[str, object]]) -> None:
        with self.instances.changing:
            if self.life.stopped.is_set():
                raise RunStopped
            current = self._current()
            self.instances.put(current.model_copy(update=change(current, self.clock())))

    def _current(self) -> Instance:
        return self.instances.find(self.instance.instance_id) or self.instance
