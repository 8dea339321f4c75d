"""How connections, jobs and executions may be called."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

_UNSAFE_IN_A_PATH = re.compile(r"[\x00-\x1f\x7f/\\]|\.\.|^\.$")


def _check_job(job: str) -> str:
    if _UNSAFE_IN_A_PATH.search(job):
        raise PydanticCustomError(
            "job",
            "must be a job's id as the provider shows it, without '/', '\\', '..', a lone '.' or control characters",
        )
    return job


def _whole_number(value: object) -> object:
    """Digits as a query string has them; pydantic itself would read `1_000` and ` +1.0 ` too."""
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value, re.ASCII) else value


ConnectionName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
JobId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=128,
        json_schema_extra={"pattern": r"^(?!\.$)(?!.*\.\.)[^/\\\x00-\x1f\x7f]+$"},
    ),
    AfterValidator(_check_job),
]
ExecutionId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
DIGITS = BeforeValidator(_whole_number)
"""Beside a strict int: takes text too."""
