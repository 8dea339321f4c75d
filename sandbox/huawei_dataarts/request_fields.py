"""Bodies and queries; whatever is wrong is rejected with DLF.3051 and named."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from sandbox.huawei_dataarts.job_definition import JobParam
from sandbox.huawei_dataarts.rejections import bad_parameter
from sandbox.provider_service.http_messages import Request
from sandbox.provider_service.validation import Fields, FieldsT, read_fields, read_object


class ListQuery(Fields):
    limit: Annotated[int, Field(ge=1)] = 10
    offset: Annotated[int, Field(ge=0)] = 0
    job_name: str = ""

    def page(self, items: list[Any], offset_unit: Literal["page", "record"]) -> list[Any]:
        skip = self.offset * self.limit if offset_unit == "page" else self.offset
        return items[skip : skip + self.limit]


class JobQuery(ListQuery):
    # Newer pages allow 1000; whoever asks for 100 is right everywhere.
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    job_type: Literal["BATCH", "REAL_TIME"] = "BATCH"


class InstanceQuery(ListQuery):
    limit: Annotated[int, Field(ge=1, le=1000)] = 10
    min_plan_time: int | None = None
    max_plan_time: int | None = None
    precise_query: bool = False
    status: str = ""
    instance_type: int | None = None


class StartBody(Fields):
    job_params: list[JobParam] | None = None
    """Whether the type of a parameter is called `type` or `paramType` makes no difference."""


def read_query(model: type[FieldsT], query: Mapping[str, str]) -> FieldsT:
    """What is empty is not given."""
    return read_fields(model, {name: value for name, value in query.items() if value}, bad_parameter)


def read_body(request: Request) -> dict[str, Any]:
    """An empty body is an empty object: that of a start is optional."""
    return read_object(request.body.strip() or b"{}", bad_parameter)


def read_job_params(request: Request) -> dict[str, str]:
    """Values by name."""
    body = read_fields(StartBody, read_body(request), bad_parameter)
    return {param.name: param.value for param in body.job_params or ()}
