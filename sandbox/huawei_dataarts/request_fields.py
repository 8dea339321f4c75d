"""Bodies and queries; whatever is wrong is rejected with DLF.3051 and named."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from sandbox.huawei_dataarts.job_definition import JobParam
from sandbox.huawei_dataarts.rejections import bad_parameter
from sandbox.provider_service.validation import first_fault


class Fields(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, extra="ignore")


FieldsT = TypeVar("FieldsT", bound=Fields)


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
    return _checked(model, {name: value for name, value in query.items() if value})


def read_object(body: bytes) -> dict[str, Any]:
    """An empty body is an empty object: that of a start is optional."""
    try:
        value = json.loads(body.strip() or b"{}")
    except ValueError as error:
        raise bad_parameter("body: must be a JSON object") from error
    if not isinstance(value, dict):
        raise bad_parameter("body: must be a JSON object")
    return value


def read_job_params(body: bytes) -> dict[str, str]:
    """Values by name."""
    return {param.name: param.value for param in _checked(StartBody, read_object(body)).job_params or ()}


def _checked(model: type[FieldsT], fields: Mapping[str, Any]) -> FieldsT:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise bad_parameter(": ".join(first_fault(error))) from error
