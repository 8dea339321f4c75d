"""Reading bodies and queries; whatever is wrong is rejected with DLF.3051 and named."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from sandbox.huawei_dataarts.job_definition import JobParam
from sandbox.huawei_dataarts.rejections import bad_parameter

DEFAULT_LIMIT = 10


@dataclass(frozen=True)
class Page:
    limit: int
    skip: int


def read_page(query: Mapping[str, str], maximum_limit: int, offset_unit: Literal["page", "record"]) -> Page:
    limit = read_count(query, "limit", DEFAULT_LIMIT, 1, maximum_limit)
    offset = read_count(query, "offset", 0, 0, 10**9)
    return Page(limit, offset * limit if offset_unit == "page" else offset)


def read_count(query: Mapping[str, str], name: str, default: int, minimum: int, maximum: int) -> int:
    number = read_optional_count(query, name)
    if number is None:
        return default
    if not minimum <= number <= maximum:
        raise bad_parameter(f"{name}: must be a whole number from {minimum} to {maximum}")
    return number


def read_optional_count(query: Mapping[str, str], name: str) -> int | None:
    text = query.get(name, "")
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise bad_parameter(f"{name}: must be a whole number")
    return int(text)


def read_flag(query: Mapping[str, str], name: str) -> bool:
    text = query.get(name, "false").lower()
    if text not in ("true", "false"):
        raise bad_parameter(f"{name}: must be true or false")
    return text == "true"


def read_object(body: bytes) -> dict[str, Any]:
    """An empty body is an empty object: that of a start is optional."""
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except ValueError as error:
        raise bad_parameter("body: must be a JSON object") from error
    if not isinstance(value, dict):
        raise bad_parameter("body: must be a JSON object")
    return value


def read_job_params(fields: Mapping[str, Any]) -> dict[str, str]:
    """Values by name; whether the type is called `type` or `paramType` makes no difference."""
    given = fields.get("jobParams")
    try:
        params = TypeAdapter(list[JobParam]).validate_python([] if given is None else given)
    except ValidationError as error:
        first = error.errors()[0]
        raise bad_parameter(f"{'.'.join(['jobParams', *map(str, first['loc'])])}: {first['msg']}") from error
    return {param.name: param.value for param in params}
