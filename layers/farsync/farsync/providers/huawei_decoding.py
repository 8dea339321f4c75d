"""DataArts Factory's replies in our vocabulary."""

from typing import Literal

from pydantic import BaseModel, Field

from farsync.execution import Execution, ExecutionStatus, Job, NodeResult
from farsync.providers.huawei_records import DataArtsInstance, DataArtsJob
from farsync.providers.huawei_statuses import ATTENTION_REASONS, FORCED, IGNORED, INSTANCE_STATUSES, PLAIN_WORDS
from farsync.providers.protocol import ExecutionPage, JobPage
from farsync.providers.tolerant_fields import TOLERANT, Identifier, Number

LOG_PATHS_TOLD = 50


class JobListing(BaseModel):
    model_config = TOLERANT

    jobs: tuple[DataArtsJob, ...]
    total: Number = None


class InstanceListing(BaseModel):
    model_config = TOLERANT

    instances: tuple[DataArtsInstance, ...]
    total: Number = None


class StartedInstance(BaseModel):
    model_config = TOLERANT

    instance_id: Identifier = Field(validation_alias="instanceId")


def decode_job(body: bytes) -> Job:
    """Read the reply to "view job"; raises ValueError when it is no job."""
    return DataArtsJob.model_validate_json(body)


def decode_jobs(body: bytes, page: int, limit: int) -> JobPage:
    """Read a page of jobs; raises ValueError when it is no listing."""
    listing = JobListing.model_validate_json(body)
    return JobPage(listing.jobs, listing.total, page, limit)


def decode_started(body: bytes) -> str:
    """Read the id of the instance that run-immediate began; raises ValueError when there is none."""
    return StartedInstance.model_validate_json(body).instance_id


def decode_instance(body: bytes, connection: str, job: str) -> Execution:
    """Read one instance with its nodes; raises ValueError when it is none."""
    instance = DataArtsInstance.model_validate_json(body, context=(connection, job))
    nodes = tuple(sorted(instance.nodes, key=_is_not_failed))
    paths = dict.fromkeys(node.log_path for node in nodes if node.log_path)
    return _judged(instance).model_copy(update={"nodes": nodes, "log_paths": tuple(paths)[:LOG_PATHS_TOLD]})


def decode_instances(body: bytes, connection: str, job: str, page: int, limit: int) -> ExecutionPage:
    """Read a page of a job's instances; raises ValueError when it is no listing.

    Older generations match the job's name loosely: `total` counts what belongs to other jobs too.
    """
    listing = InstanceListing.model_validate_json(body, context=(connection, job))
    own = tuple(_judged(instance) for instance in listing.instances if instance.job_name in (job, None))
    entries = () if len(own) == len(listing.instances) else listing.instances
    return ExecutionPage(own, listing.total, page, limit, entries=entries)


def _judged(instance: DataArtsInstance) -> DataArtsInstance:
    """With what its status says beyond being one, and what the flags beside it say."""
    word = instance.vendor_status
    if word in PLAIN_WORDS and not (instance.force_success or instance.ignore_success):
        return instance
    kind = _success_kind(instance) if instance.status.is_terminal else None
    judgement: dict[str, object] = {
        "is_status_known": word in INSTANCE_STATUSES,
        "attention_reason": ATTENTION_REASONS.get(word),
        "success_kind": kind,
        # The flags tell of an end, and nothing before it.
        "status": ExecutionStatus.SUCCEEDED if kind else instance.status,
    }
    return instance.model_copy(update=judgement)


def _success_kind(instance: DataArtsInstance) -> Literal["forced", "failure_ignored"] | None:
    if instance.force_success or instance.vendor_status == FORCED:
        return "forced"
    return "failure_ignored" if instance.ignore_success or instance.vendor_status == IGNORED else None


def _is_not_failed(node: NodeResult) -> bool:
    return node.status is not ExecutionStatus.FAILED
