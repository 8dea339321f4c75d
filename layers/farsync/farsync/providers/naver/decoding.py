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
    BaseModel,
    ConfigDict,
    Field,
    NaiveDatetime,
)

from farsync.model.dates import LATEST_DATE, OLDEST_DATE
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus, Job
from farsync.model.identifiers import JobId
from farsync.providers.base import ExecutionPage, JobPage
from farsync.providers.subject import OtherSubject, check_subject
from farsync.providers.tolerant_fields import (
    LONGEST_PATH,
    MOST_ENTRIES,
    TOLERANT,
    Count,
    IdOfExecution,
    Listing,
    Minutes,
    Moment,
    Name,
    Nothing,
    Text,
    Word,
)

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

LARGEST_SETTINGS_BYTES = 50_000
"""Of run settings that a run takes along: with a request of 100 KiB they fit into the 262,144 bytes of a state."""


def _unless_large(settings: dict[str, object] | None) -> dict[str, object] | None:
    return settings if settings is None or len(json.dumps(settings)) <= LARGEST_SETTINGS_BYTES else None


Settings = Annotated[dict[str, object] | Nothing, Field(union_mode="left_to_right")]
StoredSettings = Annotated[Settings, AfterValidator(_unless_large)]
# The pages of 2023 show dates without offset: Korean time.
KoreanDate = Annotated[
    NaiveDatetime,
    AfterValidator(lambda date: date.replace(tzinfo=KOREA_TIME)),
    Field(ge=OLDEST_DATE, lt=LATEST_DATE),
]
Date = Annotated[Moment | KoreanDate | Nothing, Field(union_mode="left_to_right")]


class DataFlowJob(Job):
    """A job under the provider's names."""

    model_config = ConfigDict(**TOLERANT, validate_by_alias=True)

    job: JobId = Field(validation_alias=AliasChoices("jobId", "resourceId"))
    name: Name = ""
    status: Word = ""
    type: Text = None
    description: Text = None
    # G2 creates and updates jobs with `jobCondition`; its page of getJob is cut off before the name that it answers.
    condition: StoredSettings = Field(None, validation_alias=AliasChoices("runCondition", "jobCondition"))
    timeout_minutes: Minutes = Field(
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

    execution_id: IdOfExecution = Field(validation_alias="jobExecutionId")
    job: Text = Field(None, validation_alias="jobId")
    job_name: Text = Field(None, validation_alias="jobName")
    condition: Settings = Field(None, validation_alias="jobCondition")
    status: Word = ""
    created_at: Date = Field(None, validation_alias="createdDate")
    started_at: Date = Field(None, validation_alias="startDate")
    ended_at: Date = Field(None, validation_alias="endDate")
    parsed_parameters: Settings = Field(None, validation_alias="parsedParameters")
    kind: Text = Field(None, validation_alias="type")


class UnreadableRecord(BaseModel):
    """An execution without an id."""

    model_config = TOLERANT

    created_at: Date = Field(None, validation_alias="createdDate")


class Page(Listing):
    total: Count = Field(None, validation_alias="count")
    limit: Count = None


ReadJob = Annotated[DataFlowJob | Nothing, Field(union_mode="left_to_right")]
ReadRecord = Annotated[ExecutionRecord | UnreadableRecord | Nothing, Field(union_mode="left_to_right")]


class JobListing(Page):
    items: tuple[ReadJob, ...] | None = Field(None, validation_alias="list", max_length=MOST_ENTRIES)


class ExecutionListing(Page):
    items: tuple[ReadRecord, ...] | None = Field(None, validation_alias="list", max_length=MOST_ENTRIES)


def decode_job(body: bytes, job: str) -> Job:
    """Read the reply to "get job"; raises ValueError when it is no job, or another."""
    decoded = DataFlowJob.model_validate_json(body)
    check_subject(job, decoded.job)
    return decoded


def decode_jobs(body: bytes, page: int, limit: int) -> JobPage:
    """Read a page of jobs; raises ValueError when it is no listing."""
    listing = JobListing.model_validate_json(body)
    jobs = tuple(job for job in listing.listed(listing.items) if job is not None)
    return JobPage(jobs, listing.total, page, listing.limit or limit)


def decode_execution(body: bytes, connection: str, job: str, execution_id: str | None = None) -> Execution:
    """Read one execution; raises ValueError when it is none, of another job, or not that of the given id."""
    record = ExecutionRecord.model_validate_json(body)
    if execution_id is not None:
        check_subject(execution_id, record.execution_id)
    return _to_execution(record, connection, job)


def decode_executions(body: bytes, connection: str, job: str, page: int, limit: int) -> ExecutionPage:
    """Read a page of executions; raises ValueError when it is no listing, or one of another job. An entry without an
    id, or of another job, is unreadable.
    """
    listing = ExecutionListing.model_validate_json(body)
    own, unreadable = list[ExecutionRecord](), list[datetime | None]()
    is_of_another = False
    for record in listing.listed(listing.items):
        if isinstance(record, ExecutionRecord) and record.job in (job, None):
            own.append(record)
        else:
            is_of_another |= isinstance(record, ExecutionRecord)
            unreadable.append(record.created_at if record else None)
    if is_of_another and not own:
        raise OtherSubject
    return ExecutionPage(
        tuple(_to_execution(record, connection, job) for record in own),
        listing.total,
        page,
        listing.limit or limit,
        unreadable=tuple(unreadable),
    )


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
    return tuple(path for path in paths if isinstance(path, str) and 0 < len(path) <= LONGEST_PATH)
