"""Reading bodies and queries; whatever is wrong is rejected as `bad-parameter` and named."""

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from sandbox.naver_dataflow.dialects import Dialect
from sandbox.naver_dataflow.rejections import bad_parameter
from sandbox.provider_service.validation import first_fault

DEFAULT_PAGE_LIMIT = 1000
ROLE_AND_PATHS = ("nrn", "scriptPath", "logPath")


class Page(NamedTuple):
    page: int
    limit: int

    def shown(self, items: list[dict[str, object]]) -> dict[str, object]:
        """This page of all items."""
        first = self.page * self.limit
        return {"list": items[first : first + self.limit], "count": len(items), "page": self.page, "limit": self.limit}


def _bucket_path(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or parts[0] == "/" or ".." in parts or "\\" in path or not path.isprintable():
        raise ValueError("must be <bucket>/<folder>/, without '..'")
    return path


BucketPath = Annotated[str, AfterValidator(_bucket_path)]


class Fields(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, alias_generator=to_camel, extra="ignore")


FieldsT = TypeVar("FieldsT", bound=Fields)


class NodeFields(Fields):
    """Whether a node can run shows only when it does."""

    id: int
    name: str
    type: str
    parent_node_ids: list[int]


class JobFields(Fields):
    # Korean and Japanese pages: a letter or `_` first. The English `-` is a slip of translation.
    # https://api.ncloud-docs.com/docs/analytics-dataflow-createjob
    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{2,99}$")] = ""
    type: str = ""
    nodes: list[NodeFields] = []
    is_temp: bool = False
    max_concurrent_runs: Annotated[int, Field(ge=1, le=1000)] | None = None


class StartFields(Fields):
    parameters: dict[str, str | bool | int | float] | None = None


class RunSettings(Fields):
    """`jobCondition` in requests and executions, `runCondition` on a job."""

    # The tables say DATAFLOW, every example says DEFAULT.
    # https://api.ncloud-docs.com/docs/en/analytics-dataflow-executejob
    worker_type: Literal["DEFAULT", "DATAFLOW"] = "DEFAULT"
    num_worker: Annotated[int, Field(ge=2, le=10)] = 2
    timeout: Annotated[int, Field(le=1440)] = 360
    # As a new job has them: no role yet, and folders in the bucket that Data Flow keeps for the account.
    # https://api.ncloud-docs.com/docs/en/analytics-dataflow-getjobbyid
    nrn: str = ""
    script_path: BucketPath = "dataflow-sandbox/scripts/"
    log_path: BucketPath = "dataflow-sandbox/sparkHistoryLogs/"


def read_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise bad_parameter("body: must be a JSON object") from error
    if not isinstance(value, dict):
        raise bad_parameter("body: must be a JSON object")
    return value


def read_page(query: Mapping[str, str], minimum_limit: int) -> Page:
    return Page(_count(query, "page", 0, 0), _count(query, "limit", DEFAULT_PAGE_LIMIT, minimum_limit))


def _count(query: Mapping[str, str], name: str, default: int, minimum: int) -> int:
    text = query.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < minimum:
        raise bad_parameter(f"{name}: must be a whole number of at least {minimum}")
    return int(text)


def read_job(fields: Mapping[str, Any], required: set[str], dialect: Dialect) -> JobFields:
    """`required` names the fields that must be there."""
    for name in sorted(required - fields.keys()):
        raise bad_parameter(f"{name}: is required" + (f", one of {', '.join(dialect.job_types)}" * (name == "type")))
    if "type" in fields and fields["type"] not in dialect.job_types:
        raise bad_parameter(f"type: must be one of {', '.join(dialect.job_types)}")
    return _checked(JobFields, fields)


def read_parameters(fields: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_checked(StartFields, fields).parameters or {})


def read_run_settings(
    fields: Mapping[str, Any], dialect: Dialect, stored: Mapping[str, Any], *, is_required: bool
) -> dict[str, Any]:
    """The run settings of a request, whole: what it leaves out comes from the job (G2) or the defaults (G1)."""
    condition = fields.get("jobCondition")
    if condition is None and not is_required:
        return dict(stored)
    if not isinstance(condition, dict):
        raise bad_parameter("jobCondition: an object is required")
    if dialect.is_condition_required:
        for name in ROLE_AND_PATHS:
            if name not in condition:
                raise bad_parameter(f"jobCondition.{name}: is required")
        stored = {}
    settings = _checked(RunSettings, {**stored, **condition}, "jobCondition.")
    if settings.timeout < dialect.minimum_timeout_minutes:
        raise bad_parameter(f"jobCondition.timeout: must be at least {dialect.minimum_timeout_minutes}")
    return settings.model_dump(by_alias=True)


def _checked(model: type[FieldsT], fields: Mapping[str, Any], prefix: str = "") -> FieldsT:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise bad_parameter(prefix + ": ".join(first_fault(error))) from error
