"""Jobs, instances and nodes of DataArts Factory under the provider's names, read tolerantly.

Two generations of the service answer, and its own examples contradict themselves (an instance that failed though
every node succeeded; nodes that ran days after it): no rule is derived from one field for another.
https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0095.html

A page may hold 1000 instances, so all is read in compiled code, and as what it is to us at once.
"""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AliasChoices, AliasPath, AwareDatetime, BeforeValidator, ConfigDict, Field, ValidationInfo

from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus, Job, NodeResult
from farsync.providers.huawei.statuses import INSTANCE_STATUSES
from farsync.providers.tolerant_fields import TOLERANT, Identifier, Nothing, Number, Text, Word

MANUAL = (2, "2")
"""The `instanceType` of what was run by hand or by run-immediate."""
REAL_TIME = "REAL_TIME"
LONGEST_REASON = 500

# Milliseconds since the epoch; what has not happened yet is 0, null or absent.
NOTHING_BEFORE = datetime(1970, 1, 2, tzinfo=UTC)
Moment = Annotated[Annotated[AwareDatetime, Field(gt=NOTHING_BEFORE)] | Nothing, Field(union_mode="left_to_right")]
Rate = Annotated[float | Nothing, Field(union_mode="left_to_right")]
Flag = Annotated[bool | Annotated[bool, BeforeValidator(lambda _: False)], Field(union_mode="left_to_right")]
# instanceTimeout is documented as 5 to 1440 minutes; 0, which the provider's example shows, is no limit.
Minutes = Annotated[Annotated[int, Field(gt=0)] | Nothing, Field(union_mode="left_to_right")]


def _look_up(word: object) -> ExecutionStatus:
    """An unknown word is never an end."""
    return INSTANCE_STATUSES.get(word, ExecutionStatus.RUNNING) if isinstance(word, str) else ExecutionStatus.RUNNING


def _reference(instance_id: object, info: ValidationInfo) -> dict[str, str]:
    if not isinstance(instance_id, int | str) or instance_id == "":
        raise ValueError("not an id")
    connection, job = info.context or ("", "")
    return {"connection": connection, "job": job, "execution_id": str(instance_id)}


def _first_line(message: object) -> str | None:
    lines = message.strip().splitlines() if isinstance(message, str) else []
    return lines[0][:LONGEST_REASON] if lines else None


def _attempt(started: object) -> str:
    """A rerun keeps the instance's id and begins anew; before the beginning there is none."""
    milliseconds = str(started)
    return milliseconds if milliseconds.isdecimal() and int(milliseconds) else ""


Reference = Annotated[ExecutionRef, BeforeValidator(_reference)]
Status = Annotated[ExecutionStatus, BeforeValidator(_look_up)]
FirstLine = Annotated[str | None, BeforeValidator(_first_line)]
Attempt = Annotated[str, BeforeValidator(_attempt)]
IsManual = Annotated[bool | None, BeforeValidator(lambda kind: None if kind is None else kind in MANUAL)]


class DataArtsJob(Job):
    """A job of the list, or by itself; by itself it gives no state, and calls its type `processType`."""

    model_config = ConfigDict(**TOLERANT, validate_by_alias=True)

    job: Identifier = Field(validation_alias="name")
    name: Word = ""
    status: Word = ""
    type: Text = Field(None, validation_alias=AliasChoices("jobType", "processType"))
    description: Text = None
    condition: Nothing = None
    timeout_minutes: Minutes = Field(None, validation_alias=AliasPath("basicConfig", "instanceTimeout"))
    last_execution_status: Text = Field(None, validation_alias="lastInstanceStatus")
    created_at: Moment = Field(None, validation_alias="createTime")
    updated_at: Moment = Field(None, validation_alias="lastUpdateTime")
    last_execution_at: Moment = Field(None, validation_alias="lastInstanceEndTime")

    @property
    def obstacle(self) -> str | None:
        """A batch job can be run in every state of its schedule; a real-time job never."""
        return (
            "it is a real-time job, which has no end to wait for; name a batch job" if self.type == REAL_TIME else None
        )


class DataArtsNode(NodeResult):
    """A node of an instance."""

    model_config = ConfigDict(**TOLERANT, validate_by_alias=True)

    name: Word = Field("", validation_alias="nodeName")
    type: Word = ""
    status: Status = ExecutionStatus.RUNNING
    provider_status: Word = Field("", validation_alias="status")
    started_at: Moment = Field(None, validation_alias="startTime")
    ended_at: Moment = Field(None, validation_alias="endTime")
    retries: Number = Field(None, validation_alias="retryTimes")
    input_rows: Number = Field(None, validation_alias="inputRowCount")
    rows_per_second: Rate = Field(None, validation_alias="speed")
    log_path: Text = None


Nodes = Annotated[
    tuple[DataArtsNode, ...] | Annotated[tuple[DataArtsNode, ...], BeforeValidator(lambda _: ())],
    Field(union_mode="left_to_right"),
]


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
    created_at: Moment = Field(None, validation_alias="planTime")
    started_at: Moment = Field(None, validation_alias="startTime")
    ended_at: Moment = Field(None, validation_alias="endTime")
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
