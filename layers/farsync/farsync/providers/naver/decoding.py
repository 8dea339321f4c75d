"""Data Flow's replies in our vocabulary, read tolerantly.

The provider's pages contradict one another and their own examples, so nothing that a reply says is rejected for
being out of a documented range, and a field that cannot be read counts as missing:
https://api.ncloud-docs.com/docs/en/analytics-dataflow-getjobexecutionbyid
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Annotated

from pydantic import (
    AfterValidator,
    AliasChoices,
    AliasPath,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
)

from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus, Job
from farsync.providers.base import ExecutionPage, JobPage
from farsync.providers.subject import check_subject
from farsync.providers.tolerant_fields import TOLERANT, Identifier, Listing, Nothing, Number, Text, Word

KOREA_TIME = timezone(timedelta(hours=9))
NOT_RUNNABLE_WORDS = frozenset({"DRAFT", "EDITING", "STOPPED", "DELETED"})
# A workflow's executions are begun by its trigger.
IS_MANUAL = {"JOB": True, "WORKFLOW": False}
STATUSES = {
    "READY": ExecutionStatus.PENDING,
    "RUNNING": ExecutionStatus.RUNNING,
    "COMPLETED": ExecutionStatus.SUCCEEDED,
    "FAILED": ExecutionStatus.FAILED,
    "CANCELED": ExecutionStatus.CANCELED,
}

Settings = Annotated[dict[str, object] | Nothing, Field(union_mode="left_to_right")]
# The pages of 2023 show dates without offset: Korean time.
KoreanDate = Annotated[datetime, AfterValidator(lambda date: date.replace(tzinfo=KOREA_TIME))]
Date = Annotated[AwareDatetime | KoreanDate | Nothing, Field(union_mode="left_to_right")]


class DataFlowJob(Job):
    """A job under the provider's names."""

    model_config = ConfigDict(**TOLERANT, validate_by_alias=True)

    job: Identifier = Field(validation_alias=AliasChoices("jobId", "resourceId"))
    name: Word = ""
    status: Word = ""
    type: Text = None
    description: Text = None
    # G2 creates and updates jobs with `jobCondition`; its page of getJob is cut off before the name that it answers.
    condition: Settings = Field(None, validation_alias=AliasChoices("runCondition", "jobCondition"))
    timeout_minutes: Number = Field(
        None, validation_alias=AliasChoices(AliasPath("runCondition", "timeout"), AliasPath("jobCondition", "timeout"))
    )
    last_execution_status: Text = None
    created_at: Date = Field(None, validation_alias="createdDate")
    updated_at: Date = Field(None, validation_alias="updatedDate")
    last_execution_at: Date = Field(None, validation_alias="lastExecutionDate")

    @property
    def obstacle(self) -> str | None:
        if self.status not in NOT_RUNNABLE_WORDS:
            return None
        return f"it stands in state {self.status!r}; finish or restore it in the provider's console"


class ExecutionRecord(BaseModel):
    """An execution as the provider gives it."""

    model_config = TOLERANT

    execution_id: Identifier = Field(validation_alias="jobExecutionId")
    job: Text = Field(None, validation_alias="jobId")
    job_name: Text = Field(None, validation_alias="jobName")
    condition: Settings = Field(None, validation_alias="jobCondition")
    status: Word = ""
    created_at: Date = Field(None, validation_alias="createdDate")
    started_at: Date = Field(None, validation_alias="startDate")
    ended_at: Date = Field(None, validation_alias="endDate")
    parsed_parameters: Settings = Field(None, validation_alias="parsedParameters")
    kind: Text = Field(None, validation_alias="type")


class Page(Listing):
    total: Number = Field(None, validation_alias="count")
    limit: Number = None


class JobListing(Page):
    items: tuple[DataFlowJob, ...] | None = Field(None, validation_alias="list")


class ExecutionListing(Page):
    items: tuple[ExecutionRecord, ...] | None = Field(None, validation_alias="list")


def decode_job(body: bytes, job: str) -> Job:
    """Read the reply to "get job"; raises ValueError when it is no job, or another."""
    decoded = DataFlowJob.model_validate_json(body)
    check_subject(job, decoded.job)
    return decoded


def decode_jobs(body: bytes, page: int, limit: int) -> JobPage:
    """Read a page of jobs; raises ValueError when it is no listing."""
    listing = JobListing.model_validate_json(body)
    return JobPage(listing.listed(listing.items), listing.total, page, listing.limit or limit)


def decode_execution(body: bytes, connection: str, job: str, execution_id: str | None = None) -> Execution:
    """Read one execution; raises ValueError when it is none, of another job, or not that of the given id."""
    record = ExecutionRecord.model_validate_json(body)
    if execution_id is not None:
        check_subject(execution_id, record.execution_id)
    return _to_execution(record, connection, job)


def decode_executions(body: bytes, connection: str, job: str, page: int, limit: int) -> ExecutionPage:
    """Read a page of executions; raises ValueError when it is no listing, or one of another job."""
    listing = ExecutionListing.model_validate_json(body)
    executions = tuple(_to_execution(record, connection, job) for record in listing.listed(listing.items))
    return ExecutionPage(executions, listing.total, page, listing.limit or limit)


def _to_execution(record: ExecutionRecord, connection: str, job: str) -> Execution:
    # Ids are compared with ids: `jobName` is a name, and `job` is an id.
    check_subject(job, record.job)
    return Execution(
        ref=ExecutionRef(connection=connection, job=job, execution_id=record.execution_id),
        job_name=record.job_name,
        status=STATUSES.get(record.status, ExecutionStatus.RUNNING),
        provider_status=record.status,
        is_status_known=record.status in STATUSES,
        created_at=record.created_at,
        started_at=record.started_at,
        ended_at=record.ended_at,
        parameters=_parameters(record.parsed_parameters),
        condition=record.condition,
        log_paths=_log_paths(record.condition or {}),
        is_manual=IS_MANUAL.get(record.kind or ""),
    )


def _parameters(parsed: Mapping[str, object] | None) -> dict[str, str] | None:
    """Documented as an object; shown as an empty array even after a start with parameters: no echo."""
    if parsed is None:
        return None
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in parsed.items()}


def _log_paths(condition: Mapping[str, object]) -> tuple[str, ...]:
    paths = (condition.get("consoleLogPath"), condition.get("logPath"))
    return tuple(path for path in paths if isinstance(path, str) and path)
