"""The threads of the instances, and everybody who changes an instance besides its thread."""

import shutil
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

from sandbox.huawei_dataarts.instance_store import Instance, InstanceStore
from sandbox.huawei_dataarts.job_run import JobRun
from sandbox.huawei_dataarts.node_records import NodeRecords
from sandbox.huawei_dataarts.node_run import Workshop
from sandbox.huawei_dataarts.running_instance import RunningInstance, RunStopped
from sandbox.huawei_dataarts.slots import Slots
from sandbox.provider_service.life import THREAD_END_SECONDS, Life


class Worker:
    """Each method that changes an instance is told the state it is in, and returns false when that has changed."""

    def __init__(
        self,
        instances: InstanceStore,
        nodes: NodeRecords,
        workshop: Workshop,
        slots: Slots,
        clock: Callable[[], float],
    ) -> None:
        self._instances = instances
        self._nodes = nodes
        self._workshop = workshop
        self._slots = slots
        self._clock = clock
        self._changing = threading.Lock()
        self._lives: dict[int, Life] = {}

    def resume(self) -> None:
        """Takes up what a service that stopped left open: a wait goes on, an unfinished node begins again."""
        shutil.rmtree(self._workshop.staging, ignore_errors=True)
        for instance in self._instances.working():
            self._launch(instance)

    def start(self, instance: Instance) -> None:
        """`instance` is new."""
        self._instances.add(instance)
        self._nodes.add(instance.instance_id, instance.definition.nodes_in_running_order())
        self._launch(instance)

    def end(self, instance: Instance, status: str, *, is_forced: bool = False, is_ignored: bool = False) -> bool:
        """Ends it from outside, in whatever state it is."""
        with self._changing:
            if not self._is_unchanged(instance):
                return False
            self._stop_thread(instance)
            self._nodes.end_open(instance.instance_id, self._clock())
            self._instances.end(instance.instance_id, status, self._clock(), is_forced=is_forced, is_ignored=is_ignored)
            return True

    def park(self, instance: Instance, status: str) -> bool:
        """A person's hold: it moves no more until `go_on`."""
        with self._changing:
            if not self._is_unchanged(instance):
                return False
            self._stop_thread(instance)
            self._nodes.change_running(instance.instance_id, "pause")
            self._instances.set_status(instance.instance_id, status)
            return True

    def go_on(self, instance: Instance, node_names: Iterable[str]) -> bool:
        """Goes on with what is not over, and with the named nodes, which are done once more."""
        return self._begin_again(
            instance, node_names, lambda: self._instances.set_status(instance.instance_id, "waiting")
        )

    def rerun(self, instance: Instance, node_names: Iterable[str]) -> bool:
        """The same id, once more from the named nodes."""
        return self._begin_again(instance, node_names, lambda: self._instances.begin_again(instance.instance_id))

    def stop(self) -> None:
        """Instances stay as they are; `resume` takes them up again."""
        lives = list(self._lives.values())
        for life in lives:
            life.stop()
        self._slots.wake()
        for life in lives:
            life.thread.join(THREAD_END_SECONDS)

    def _begin_again(self, instance: Instance, node_names: Iterable[str], change: Callable[[], None]) -> bool:
        with self._changing:
            if not self._is_unchanged(instance):
                return False
            self._stop_thread(instance)
            self._nodes.reset(instance.instance_id, node_names)
            change()
            self._launch(replace(instance, submitted_at=self._clock(), status="waiting"))
            return True

    def _is_unchanged(self, instance: Instance) -> bool:
        current = self._instances.find(instance.instance_id)
        return current is not None and current.status == instance.status

    def _stop_thread(self, instance: Instance) -> None:
        life = self._lives.get(instance.instance_id)
        if life is not None:
            life.stop()
            self._slots.wake()

    def _launch(self, instance: Instance) -> None:
        thread = threading.Thread(target=lambda: self._live(instance, life), daemon=True)
        life = Life(thread)
        self._lives[instance.instance_id] = life
        thread.start()

    def _live(self, instance: Instance, life: Life) -> None:
        running = RunningInstance(instance, life, (self._instances, self._nodes), self._changing, self._clock)
        try:
            self._queue_and_run(running)
        except RunStopped:
            pass
        finally:
            with self._changing:
                if self._lives.get(instance.instance_id) is life:
                    del self._lives[instance.instance_id]
                    shutil.rmtree(self._workshop.staging / str(instance.instance_id), ignore_errors=True)

    def _queue_and_run(self, running: RunningInstance) -> None:
        instance = running.instance
        if instance.status == "waiting":
            queued_until = instance.submitted_at + instance.queue_seconds / self._workshop.speed
            running.wait(queued_until - self._clock())
        if not self._slots.acquire(instance.job_id, instance.instance_id, running.life):
            raise RunStopped
        try:
            JobRun(running, self._workshop).run()
        finally:
            self._slots.release(instance.job_id)
