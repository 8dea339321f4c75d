"""A run by its name, or by the beginning of its name's last part, as people copy it."""

import re
from itertools import islice
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from farsync.aws.client import named_failures
from farsync.aws.executions import list_pages
from farsync.aws.run_store import known_run
from farsync.model.errors import InvalidRequest, RunNotFound
from farsync.model.execution import WireModel
from farsync.model.names import NAME_OF_A_RUN, NAME_PATTERN, PART_LENGTH
from farsync.runtime.context import Context

MOST_PAGES = 10
"""Each of a thousand runs, the newest first. ListExecutions takes 100 calls at once and 2 a second."""
LEAST_DIGITS = 6
MOST_NAMED = 5
_BEGINNING = re.compile(rf"[0-9a-f]{{{LEAST_DIGITS},{PART_LENGTH}}}")


class RunName(WireModel):
    """Which run."""

    name: Annotated[str, Field(pattern=NAME_PATTERN)]
    """In full; or the first 6 or more characters of its last part, if they begin that of no other run."""


class KnownRun(NamedTuple):
    """A run under its full name, as Step Functions describes it."""

    name: str
    described: dict[str, Any]


def find_run(context: Context, name: str) -> KnownRun:
    """A whole name is never taken for a beginning. Among the last 10,000 runs a beginning is searched for.

    Raises RunNotFound, InvalidRequest where several runs have this beginning, and what `known_run` raises.
    """
    try:
        return KnownRun(name, known_run(context, name, context.transport.retrying))
    except RunNotFound:
        if not _BEGINNING.fullmatch(name):
            raise
    with named_failures():
        found = _names_beginning(context, name)
    if not found:
        raise RunNotFound(f"none of the last {MOST_PAGES * 1000} runs has a last part that begins with {name}")
    if len(found) > 1:
        names = ", ".join(found[:MOST_NAMED])
        raise InvalidRequest(f"name: {len(found)} runs begin so; give more of it: {names}", field="name")
    return KnownRun(found[0], known_run(context, found[0], context.transport.retrying))


def _names_beginning(context: Context, beginning: str) -> list[str]:
    pages = islice(list_pages(context, "RUN_JOB_ARN"), MOST_PAGES)
    names = (str(run["name"]) for page in pages for run in page["executions"])
    return [name for name in names if NAME_OF_A_RUN.fullmatch(name) and name.split("-")[-1].startswith(beginning)]
