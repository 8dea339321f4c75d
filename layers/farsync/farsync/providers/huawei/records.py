"""Jobs, instances and nodes of DataArts Factory under the provider's names, read tolerantly.

Two generations of the service answer, and its own examples contradict themselves (an instance that failed though
every node succeeded; nodes that ran days after it): no rule is derived from one field for another.
https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0095.html

A page may hold 1000 instances, so all is read in compiled code, and as what it is to us at once.
"""

import re
from typing import Annotated

from pydantic import (
    AliasChoices,
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)

from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus, Job, NodeResult
from farsync.model.identifiers import JobId
from farsync.providers.huawei.statuses import INSTANCE_STATUSES
from farsync.providers.tolerant_fields import (
    LARGEST_COUNT,
    LONGEST_ID,
    PATTERN_OF_IDS,
    TOLERANT,
    Count,
    Minutes,
    Moment,
    Name,
    Nothing,
    Path,
    Rate,
    Text,
    Word,
)

KINDS = {"0": False, "2": True, "5": False, "6": False, "7": False}
"""Whether an `instanceType` is that of what was run by hand or by run-immediate."""
REAL_TIME = "REAL_TIME"
LONGEST_REASON = 500

MOST_NODES = 1000
ID = re.compile(PATTERN_OF_IDS)
MILLISECONDS = re.compile("[0-9]{1,15}")

# Milliseconds since the epoch; what has not happened yet is 0, null or absent.
Date = Annotated[Moment | Nothing, Field(union_mode="left_to_right")]
Flag = Annotated[bool | Annotated[bool, BeforeValidator(lambda _: False)], Field(union_mode="left_to_right")]


def _look_up(word: object) -> ExecutionStatus:
    """An unknown word is never an end."""
    return INSTANCE_STATUSES.get(word, ExecutionStatus.RUNNING) if isinstance(word, str) else ExecutionStatus.RUNNING


def _reference(instance_id: object, info: ValidationInfo) -> dict[str, str]:
    """Raises ValueError where it is no id."""
    if type(instance_id) is not int and not (isinstance(instance_id, str) and ID.fullmatch(instance_id)):
        raise ValueError("not an id")
    text = str(instance_id)
    if len(text) > LONGEST_ID:
        raise ValueError("not an id")
    connection, job = info.context or ("", "")
    return {"connection": connection, "job": job, "execution_id": text}


def _first_line(message: object) -> str | None:
    lines = message.strip().splitlines() if isinstance(message, str) else []
    return lines[0][:LONGEST_REASON] if lines else None


def _attempt(started: object) -> str:
    """A rerun keeps the instance's id and begins anew; before the beginning there is none."""
    if isinstance(started, str) and MILLISECONDS.fullmatch(started):
        started = int(started)
    return str(started) if type(started) is int and 0 < started <= LARGEST_COUNT else ""


Reference = Annotated[ExecutionRef, BeforeValidator(_reference)]
Status = Annotated[ExecutionStatus, BeforeValidator(_look_up)]
FirstLine = Annotated[str | None, BeforeValidator(_first_line)]
Attempt = Annotated[str, BeforeValidator(_attempt)]
IsManual = Annotated[bool | None, BeforeValidator(lambda kind: KINDS.get(str(kind)))]


class DataArtsJob(Job):
    """A job of the list, or by itself; by itself it gives no state, and calls its type `processType`."""

    model_config = ConfigDict(**TOLERANT, validate_by_alias=True)

    job: JobId = Field(validation_alias="name")
    name: Name = ""
    status: Word = ""
    type: Text = Field(None, validation_alias=AliasChoices("jobType", "processType"))
    description: Text = None
    condition: Nothing = None
    timeout_minutes: Minutes = Field(None, validation_alias=AliasPath("basicConfig", "instanceTimeout"))
    last_execution_status: Text = Field(None, validation_alias="lastInstanceStatus")
    created_at: Date = Field(None, validation_alias="createTime")
    updated_at: Date = Field(None, validation_alias="lastUpdateTime")
    last_execution_at: Date = Field(None, validation_alias="lastInstanceEndTime")

    @property
    def obstacle(self) -> str | None:
        """A batch job can be run in every state of its schedule; a real-time job never."""
        return (
            "it is a real-time job, which has no end to wait for; name a batch job" if self.type == REAL_TIME else None
        )


class DataArtsNode(NodeResult):
    """A node of an instance."""

    model_config = ConfigDict(**TOLERANT, validate_by_alias=True)

    name: Name = Field("", validation_alias="nodeName")
    type: Name = ""
    status: Status = ExecutionStatus.RUNNING
    provider_status: Word = Field("", validation_alias="status")
    started_at: Date = Field(None, validation_alias="startTime")
    ended_at: Date = Field(None, validation_alias="endTime")
    retries: Count = Field(None, validation_alias="retryTimes")
    input_rows: Count = Field(None, validation_alias="inputRowCount")
    rows_per_second: Rate = Field(None, validation_alias="speed")
    log_path: Path = None


def _objects(nodes: object) -> list[object]:
    """Whatever a node holds, it can be read."""
    if not isinstance(nodes, list) or len(nodes) > MOST_NODES:
        return []
    return [node for node in nodes if isinstance(node, dict)]


Nodes = Annotated[tuple[DataArtsNode, ...], BeforeValidator(_objects)]


class UnreadableInstance(BaseModel):
    """An instance without an id."""

    model_config = TOLERANT

    created_at: Date = Field(None, validation_alias="planTime")


class DataArtsInstance(Execution):
    """An instance of the list, or in detail; only the list has a message, only the detail has nodes.

    It is read with the connection's and the job's name as context. What follows from more than one field, or hardly
    ever, is not read here.
    """

    model_config = ConfigDict(**TOLERANT, validate_by_alias=True)

    ref: Reference = Field(validation_alias="instanceId")
    job_name: Text = None
    status: Status = ExecutionStatus.RUNNING
    provider_status: Word = Field("", validation_alias="status")
    # When it was to run; for what is started at once, that is when it was asked for. `submitTime` is when the job
    # was submitted, days earlier.
    created_at: Date = Field(None, validation_alias="planTime")
    started_at: Date = Field(None, validation_alias="startTime")
    ended_at: Date = Field(None, validation_alias="endTime")
    parameters: Nothing = Field(None, exclude=True)
    condition: Nothing = Field(None, exclude=True)
    attempt: Attempt = Field("", validation_alias="startTime", exclude=True)
    is_manual: IsManual = Field(None, validation_alias="instanceType")
    success_kind: Nothing = None
    attention_reason: Nothing = None
    failure_reason: FirstLine = Field(None, validation_alias="errorMessage", exclude=True, repr=False)
    nodes: Nodes = ()
    force_success: Flag = Field(False, exclude=True)
    ignore_success: Flag = Field(False, exclude=True)
