"""Reading bodies and queries; whatever is wrong is rejected as `bad-parameter` and named."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, Field

from sandbox.naver_dataflow.dialects import Dialect
from sandbox.naver_dataflow.rejections import bad_parameter
from sandbox.provider_service.validation import Fields, read_fields

ROLE_AND_PATHS = ("nrn", "scriptPath", "logPath")
T = TypeVar("T")


class Page(Fields):
    page: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=0)] = 1000

    def shown(self, found: Sequence[T], show: Callable[[T], dict[str, object]]) -> dict[str, object]:
        """This page of all that was found."""
        first = self.page * self.limit
        items = [show(item) for item in found[first : first + self.limit]]
        return {"list": items, "count": len(found), "page": self.page, "limit": self.limit}


def _bucket_path(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or parts[0] == "/" or ".." in parts or "\\" in path or not path.isprintable():
        raise ValueError("must be <bucket>/<folder>/, without '..'")
    return path


BucketPath = Annotated[str, AfterValidator(_bucket_path)]


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
    nodes: list[NodeFields] = Field(default_factory=list)
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


def read_page(query: Mapping[str, str], minimum_limit: int) -> Page:
    page = read_fields(Page, query, bad_parameter)
    if page.limit < minimum_limit:
        raise bad_parameter(f"limit: must be at least {minimum_limit}")
    return page


def read_job(fields: Mapping[str, Any], required: set[str], dialect: Dialect) -> JobFields:
    """`required` names the fields that must be there."""
    if "type" in required | fields.keys() and fields.get("type") not in dialect.job_types:
        raise bad_parameter(f"type: must be one of {', '.join(dialect.job_types)}")
    for name in sorted(required - fields.keys()):
        raise bad_parameter(f"{name}: is required")
    return read_fields(JobFields, fields, bad_parameter, is_strict=True)


def read_parameters(fields: Mapping[str, Any]) -> dict[str, Any]:
    return dict(read_fields(StartFields, fields, bad_parameter, is_strict=True).parameters or {})


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
    whole = {**stored, **condition}
    settings = read_fields(RunSettings, whole, bad_parameter, prefix="jobCondition.", is_strict=True)
    if settings.timeout < dialect.minimum_timeout_minutes:
        raise bad_parameter(f"jobCondition.timeout: must be at least {dialect.minimum_timeout_minutes}")
    return settings.model_dump(by_alias=True)
