"""Run a run again: a new run of the same request, with what is to be different laid over it."""

from collections.abc import Mapping
from typing import Any

from farsync.aws.run_store import request_in
from farsync.model.run_request import STRICT, ParameterValue
from farsync.model.validation import validated
from farsync.operations.create_run import create_run
from farsync.operations.run_by_name import RunName, find_run
from farsync.runtime.context import Context
from farsync.runtime.request import Answer, Invocation

RERUN_OF = "rerunOf"


class RerunRun(RunName):
    """Which run, and what is different this time."""

    model_config = STRICT

    parameters: Mapping[str, ParameterValue] = {}
    """Laid over those of the request, one by one."""
    labels: Mapping[str, str] = {}
    """Likewise; `rerunOf` becomes the name of the run."""


def rerun_run(context: Context, invocation: Invocation) -> Answer:
    """A time in a parameter stays the time that it was. Raises RunNotFound, and what `create_run` raises."""
    name, described = find_run(context, validated(RerunRun, invocation.payload).name)
    request = request_in(described)
    again = {
        **request,
        "parameters": _laid_over(request.get("parameters"), invocation.payload.get("parameters")),
        "labels": {**_laid_over(request.get("labels"), invocation.payload.get("labels")), RERUN_OF: name},
    }
    return create_run(context, invocation._replace(payload=again))


def _laid_over(known: object, given: object) -> dict[str, Any]:
    """What somebody sent by hand may be no object."""
    return {**(known if isinstance(known, Mapping) else {}), **(given if isinstance(given, Mapping) else {})}
