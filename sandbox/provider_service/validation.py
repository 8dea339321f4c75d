"""Reading what clients send; the first thing that is wrong is named."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel


class ControlRejected(Exception):
    """A request to the sandbox's own routes that makes no sense; the text names the field and the remedy."""


class Fields(BaseModel):
    """Unknown ones are ignored."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, extra="ignore")


FieldsT = TypeVar("FieldsT", bound=Fields)
Reject = Callable[[str], Exception]
"""Makes the provider's rejection of a text."""


def read_object(body: bytes, reject: Reject) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise reject("body: must be a JSON object") from error
    if not isinstance(value, dict):
        raise reject("body: must be a JSON object")
    return value


def read_fields(
    model: type[FieldsT], fields: Mapping[str, Any], reject: Reject, *, prefix: str = "", is_strict: bool = False
) -> FieldsT:
    """Strict: texts are no numbers. `prefix` goes before the name of the field that is wrong."""
    try:
        return model.model_validate(fields, strict=is_strict)
    except ValidationError as error:
        raise reject(prefix + ": ".join(first_fault(error))) from error


def first_fault(error: ValidationError) -> tuple[str, str]:
    """Where it is (empty for the whole) and what is wrong; list positions in brackets, as in `nodes[0].id`."""
    first = error.errors()[0]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
    return where.removeprefix("."), first["msg"]
