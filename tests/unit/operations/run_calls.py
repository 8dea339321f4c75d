"""Prepare and Start as `run_job` calls them."""

from typing import Any

from farsync.operations.prepare_execution import prepare
from farsync.operations.trigger_execution import start
from farsync.runtime.context import Context
from farsync.runtime.request import Invocation
from tests.unit.operations.old_cloud import Cloud, now_iso


def prepared(cloud: Cloud, job: str, started_at: str | None = None, **request: Any) -> dict[str, Any]:
    """The run variable of a run that begins now, or that began then."""
    identity = {"name": "a-run", "startedAt": started_at or now_iso(), "redriveCount": 0}
    return cloud.ask(prepare, {"request": {"job": job, **request}, "run": identity})


def begun(
    cloud: Cloud,
    job: str,
    run: dict[str, Any] | None = None,
    *,
    redrive_count: int = 0,
    environment: Context | None = None,
    **request: Any,
) -> dict[str, Any]:
    """What Start answers to a run; without one, to a run that begins now."""
    asked = {"job": job, **request}
    payload = {"request": asked, "run": run or prepared(cloud, **asked), "redriveCount": redrive_count}
    answer = start(environment or cloud.environment, Invocation("state_machine", payload))
    return answer.body.model_dump(mode="json", by_alias=True, exclude_none=True)


def executed(cloud: Cloud, job: str, **request: Any) -> str:
    """The id of an execution that was started from outside of any run."""
    execution_id: str = cloud.ask(start, {"job": job, **request})["execution"]["executionId"]
    return execution_id
