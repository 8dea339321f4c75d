"""The threads of the instances, and everybody who changes an instance besides its thread."""

from collections.abc import Callable, Mapping, Set

from sandbox.huawei_dataarts.job_run import JobRun
from sandbox.huawei_dataarts.node_run import Workshop
from sandbox.huawei_dataarts.records import MANUAL, WORKING, Instance, Instances, Job, NodeRecord
from sandbox.huawei_dataarts.running_instance import RunningInstance
from sandbox.huawei_dataarts.slots import Slots
from sandbox.provider_service.life import Life
from sandbox.provider_service.pace import Pace
from sandbox.provider_service.records import count_on

FIRST_ID = 34764
"""That of the provider's example."""
RESET = {
    "status": "waiting",
    "started_at": None,
    "ended_at": None,
    "retry_times": 0,
    "input_row_count": 0,
    "rows_per_second": None,
}


class Worker:
    """Who changes an instance gives the state that it is in; false means that this has changed meanwhile."""

    def __init__(self, instances: Instances, workshop: Workshop, slots: Slots) -> None:
        self._instances = instances
        self._workshop = workshop
        self._slots = slots
        self._ids = count_on([instance.instance_id for instance in instances.all()], FIRST_ID)

    def resume(self) -> None:
        """A wait goes on, an unfinished node begins again."""
        for instance in self._instances.all():
            if instance.status in WORKING:
                self._launch(instance)

    def start(self, job: Job, params: Mapping[str, str], pace: Pace, hidden_seconds: float) -> Instance:
        now = self._workshop.clock()
        definition = job.definition
        nodes = definition.nodes_in_running_order()
        instance = Instance(
            instance_id=next(self._ids),
            job_id=job.job_id,
            workspace=job.workspace,
            definition=definition,
            job_params={**{param.name: param.value for param in definition.params}, **params},
            instance_type=MANUAL,
            version=job.version,
            plan_time=now,
            submitted_at=now,
            visible_at=now + hidden_seconds,
            queue_seconds=pace.queue_seconds,
            run_seconds=pace.run_seconds,
            nodes={node.name: NodeRecord(node_name=node.name, type=node.type) for node in nodes},
        )
        self._instances.put(instance)
        self._launch(instance)
        return instance

    def end(self, instance: Instance, status: str, **flags: bool) -> bool:
        """Ends it from outside, in whatever state it is."""
        return self._change(instance, lambda current: current.ended_with(status, self._workshop.clock(), **flags))

    def park(self, instance: Instance, status: str) -> bool:
        """A person's hold: it moves no more until `go_on`."""

        def parked(current: Instance) -> Mapping[str, object]:
            running = {name for name, node in current.nodes.items() if node.status == "running"}
            return {**_held(status), "nodes": current.nodes_with(running, status="pause")}

        return self._change(instance, parked)

    def go_on(self, instance: Instance, node_names: Set[str]) -> bool:
        """Goes on with what is not over, and with the named nodes, which are done once more."""
        return self._begin_again(instance, node_names)

    def rerun(self, instance: Instance, node_names: Set[str]) -> bool:
        """The same id, once more from the named nodes; when it started and how it ended is forgotten."""
        return self._begin_again(instance, node_names, is_forced=False, is_ignored=False, started_at=None)

    def stop(self) -> None:
        self._workshop.lives.stop_all(self._slots.wake)

    def _begin_again(self, instance: Instance, node_names: Set[str], **fields: object) -> bool:
        def reset(current: Instance) -> Mapping[str, object]:
            return {**_held("waiting"), "nodes": current.nodes_with(node_names, **RESET), **fields}

        return self._change(instance, reset, goes_on=True)

    def _change(
        self, instance: Instance, change: Callable[[Instance], Mapping[str, object]], *, goes_on: bool = False
    ) -> bool:
        with self._instances.changing:
            current = self._instances.find(instance.instance_id)
            if current is None or current.status != instance.status:
                return False
            self._workshop.lives.stop(instance.instance_id)
            self._slots.wake()
            changed = current.model_copy(update=change(current))
            self._instances.put(changed)
            if goes_on:
                self._launch(changed.model_copy(update={"submitted_at": self._workshop.clock()}))
            return True

    def _launch(self, instance: Instance) -> None:
        self._workshop.lives.begin(instance.instance_id, lambda life: self._live(instance, life))

    def _live(self, instance: Instance, life: Life) -> None:
        workshop = self._workshop
        running = RunningInstance(instance, life, self._instances, workshop.clock)
        if instance.status == "waiting":
            life.wait(instance.submitted_at + instance.queue_seconds / workshop.speed - workshop.clock())
        self._slots.acquire(instance.job_id, instance.instance_id, life)
        try:
            JobRun(running, workshop).run()
        finally:
            self._slots.release(instance.job_id)


def _held(status: str) -> dict[str, object]:
    """A status that is no end."""
    return {"status": status, "ended_at": None, "error_message": None}
