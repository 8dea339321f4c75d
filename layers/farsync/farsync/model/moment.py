"""A moment as people write it: ISO 8601 with an offset, and nothing that only looks like one."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

PATTERN = r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$"
_MOMENT = re.compile(PATTERN, re.ASCII)


def moment(value: object) -> datetime:
    """In UTC. Raises PydanticCustomError."""
    try:
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise PydanticCustomError("moment", "must be a moment with an offset, such as 2026-01-31T00:00:00+09:00")


def _as_it_stands(text: str) -> str:
    moment(text)
    return text


MomentText = Annotated[str, Field(json_schema_extra={"pattern": PATTERN}), AfterValidator(_as_it_stands)]
"""The same, kept as it was written."""
Moment = Annotated[datetime, BeforeValidator(moment)]
"""A whole number would be read as seconds since 1970, a date as its midnight somewhere."""
