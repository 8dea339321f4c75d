"""DataArts Factory's replies in our vocabulary."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from farsync.model.execution import Execution, ExecutionStatus, Job, NodeResult
from farsync.providers.base import ExecutionPage, JobPage
from farsync.providers.huawei.records import DataArtsInstance, DataArtsJob, UnreadableInstance
from farsync.providers.huawei.statuses import ATTENTION_REASONS, FORCED, IGNORED, INSTANCE_STATUSES, PLAIN_WORDS
from farsync.providers.subject import OtherSubject, check_subject
from farsync.providers.tolerant_fields import MOST_ENTRIES, TOLERANT, IdOfExecution, Listing, Nothing, Text

MOST_LOG_PATHS = 50


ReadJob = Annotated[DataArtsJob | Nothing, Field(union_mode="left_to_right")]
ReadInstance = Annotated[DataArtsInstance | UnreadableInstance | Nothing, Field(union_mode="left_to_right")]


class JobListing(Listing):
    items: tuple[ReadJob, ...] | None = Field(None, validation_alias="jobs", max_length=MOST_ENTRIES)


class InstanceListing(Listing):
    items: tuple[ReadInstance, ...] | None = Field(None, validation_alias="instances", max_length=MOST_ENTRIES)


class StartedInstance(BaseModel):
    model_config = TOLERANT

    instance_id: IdOfExecution = Field(validation_alias="instanceId")
    job_name: Text = Field(None, validation_alias="jobName")


def decode_job(body: bytes, job: str) -> Job:
    """Read the reply to "view job"; raises ValueError when it is no job, or another."""
    decoded = DataArtsJob.model_validate_json(body)
    check_subject(job, decoded.job)
    return decoded


def decode_jobs(body: bytes, page: int, limit: int) -> JobPage:
    """Read a page of jobs; raises ValueError when it is no listing."""
    listing = JobListing.model_validate_json(body)
    jobs = tuple(job for job in listing.listed(listing.items) if job is not None)
    return JobPage(jobs, listing.total, page, limit)


def decode_started(body: bytes, job: str) -> str:
    """Read the id of the instance that run-immediate began; raises ValueError when there is none of this job."""
    started = StartedInstance.model_validate_json(body)
    check_subject(job, started.job_name)
    return started.instance_id


def decode_instance(body: bytes, connection: str, job: str, execution_id: str) -> Execution:
    """Read one instance with its nodes; raises ValueError when it is none, or another."""
    instance = DataArtsInstance.model_validate_json(body, context=(connection, job))
    check_subject(execution_id, instance.ref.execution_id)
    check_subject(job, instance.job_name)
    nodes = tuple(sorted(instance.nodes, key=_is_not_failed))
    paths = dict.fromkeys(node.log_path for node in nodes if node.log_path)
    return _with_flags(instance).model_copy(update={"nodes": nodes, "log_paths": tuple(paths)[:MOST_LOG_PATHS]})


def decode_instances(body: bytes, connection: str, job: str, page: int, limit: int) -> ExecutionPage:
    """Read a page of a job's instances; raises ValueError when it is no listing, or one of other jobs. Older
    generations match names loosely: `total` counts what belongs to other jobs too. An entry without an id is
    unreadable.
    """
    listing = InstanceListing.model_validate_json(body, context=(connection, job))
    every = listing.listed(listing.items)
    listed = tuple(instance for instance in every if isinstance(instance, DataArtsInstance))
    unreadable = tuple(
        entry.created_at if entry else None for entry in every if not isinstance(entry, DataArtsInstance)
    )
    own = tuple(_with_flags(instance) for instance in listed if instance.job_name in (job, None))
    if listed and not own and not any(_is_loose_match(job, instance.job_name or "") for instance in listed):
        raise OtherSubject
    entries = () if len(own) == len(listed) else listed
    return ExecutionPage(own, listing.total, page, limit, entries=entries, unreadable=unreadable)


def _is_loose_match(job: str, name: str) -> bool:
    """Whether a search for the job may bring along one of this name, in databases to which `_` is any character."""
    return re.search(re.escape(job).replace("_", "."), name, re.IGNORECASE) is not None


def _with_flags(instance: DataArtsInstance) -> DataArtsInstance:
    """With what its status says beyond being one, and what the flags beside it say."""
    word = instance.provider_status
    if word in PLAIN_WORDS and not (instance.force_success or instance.ignore_success):
        return instance
    kind = _success_kind(instance) if instance.status.is_terminal else None
    changes: dict[str, object] = {
        "is_status_known": word in INSTANCE_STATUSES,
        "attention_reason": ATTENTION_REASONS.get(word),
        "success_kind": kind,
        # The flags are about an end, and nothing before it.
        "status": ExecutionStatus.SUCCEEDED if kind else instance.status,
    }
    return instance.model_copy(update=changes)


def _success_kind(instance: DataArtsInstance) -> Literal["forced", "failure_ignored"] | None:
    if instance.force_success or instance.provider_status == FORCED:
        return "forced"
    return "failure_ignored" if instance.ignore_success or instance.provider_status == IGNORED else None


def _is_not_failed(node: NodeResult) -> bool:
    return node.status is not ExecutionStatus.FAILED
