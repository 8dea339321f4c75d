"""What the Factory remembers: jobs, and instances with their nodes."""

import threading
from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict

from sandbox.huawei_dataarts.job_definition import JobDefinition
from sandbox.provider_service.records import Records, Storage

MANUAL, ONE_TIME = 2, 7
"""Values of `instanceType`."""
WORKING = ("waiting", "running")
NEEDING_A_PERSON = ("running-exception", "pause", "freeze", "waiting-confirm")
ENDED = ("success", "fail", "manual-stop", "skip-by-depend")
NODE_ENDED = ("success", "fail", "skip", "manual-stop")


class Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class Job(Record):
    job_id: int
    workspace: str
    definition: JobDefinition
    version: int
    """0 until a version is submitted."""
    created_at: float
    updated_at: float
    status: str = "STOPPED"
    started_at: float | None = None
    stopped_at: float | None = None

    @property
    def name(self) -> str:
        return self.definition.name


class Jobs(Records[Job]):
    def __init__(self, storage: Storage) -> None:
        super().__init__(storage, Job, "job_id")

    def named(self, workspace: str, name: str) -> Job | None:
        return next((job for job in self.all() if (job.workspace, job.name) == (workspace, name)), None)


class NodeRecord(Record):
    """What became of a node of an instance."""

    node_name: str
    type: str
    status: str = "waiting"
    started_at: float | None = None
    ended_at: float | None = None
    retry_times: int = 0
    """Attempts after the first one."""
    input_row_count: int = 0
    rows_per_second: float | None = None
    log_path: str | None = None


class Instance(Record):
    """An instance keeps the definition it was started with; later changes of the job do not touch it."""

    instance_id: int
    job_id: int
    workspace: str
    definition: JobDefinition
    job_params: dict[str, str]
    """The job's own parameters, with those of the start over them."""
    instance_type: int
    version: int
    plan_time: float
    submitted_at: float
    visible_at: float
    """From when on lists show it."""
    queue_seconds: float
    run_seconds: float
    nodes: dict[str, NodeRecord]
    """By name, in running order."""
    status: str = "waiting"
    """One of the twelve words, but for the two special successes, which are `success` with a flag."""
    is_forced: bool = False
    is_ignored: bool = False
    started_at: float | None = None
    ended_at: float | None = None
    stop_requested_at: float | None = None
    error_message: str | None = None

    @property
    def job_name(self) -> str:
        return self.definition.name

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    def nodes_with(self, names: Iterable[str], **fields: object) -> dict[str, NodeRecord]:
        """All nodes, those named with other values."""
        chosen = set(names)
        return {name: node.model_copy(update=fields) if name in chosen else node for name, node in self.nodes.items()}

    def ended_with(self, status: str, now: float, **fields: object) -> Mapping[str, object]:
        """What changes with its end: nodes that run or wait are stopped."""
        nodes = {
            name: node
            if node.status in NODE_ENDED
            else node.model_copy(
                update={"status": "manual-stop", "ended_at": now if node.status == "running" else None}
            )
            for name, node in self.nodes.items()
        }
        flags = {"is_forced": False, "is_ignored": False, "error_message": None}
        return {**flags, "status": status, "ended_at": now, "nodes": nodes, **fields}


class Instances(Records[Instance]):
    """`changing` is held from reading an instance to changing its status or its nodes."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage, Instance, "instance_id")
        self.changing = threading.Lock()

    def of_job(self, job_id: int) -> list[Instance]:
        return [instance for instance in self.all() if instance.job_id == job_id]
