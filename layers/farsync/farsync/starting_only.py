"""Start only: one execution over HTTP, with nobody who waits for its end or tells it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from farsync.environment import Environment
from farsync.errors import InvalidRequest, StartUnconfirmed
from farsync.execution import ExecutionRef, WireModel
from farsync.identifiers import ConnectionName, JobId
from farsync.invocation import Answer, Invocation
from farsync.run_request import ParameterValue, RunRequest, RunSettings
from farsync.validation import validated

if TYPE_CHECKING:
    from farsync.starting import Started


class ExecutionRequest(WireModel):
    """What of a run request a mere start can heed; path and body together."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel, populate_by_name=True)

    connection: ConnectionName = "default"
    job: JobId
    parameters: Mapping[str, ParameterValue] = {}
    condition: RunSettings | None = None
    if_running: Literal["start", "fail"] = "start"


class ExecutionStarted(WireModel):
    """What was started, and in how many seconds a first look is worth while."""

    execution: ExecutionRef
    wait_seconds: int


def start_only(
    environment: Environment,
    invocation: Invocation,
    start_of: "Callable[[Environment, RunRequest, None], Started]",
) -> Answer:
    """Raises StartUnconfirmed where the reply was lost, and every refusal under its own name."""
    if invocation.idempotency_key is not None:
        raise InvalidRequest(
            "idempotency-key: is kept for runs only, which Step Functions remembers; start a run, or leave it out",
            field="idempotency-key",
        )
    asked = validated(ExecutionRequest, invocation.payload)
    request = RunRequest(
        connection=asked.connection,
        job=asked.job,
        parameters=asked.parameters,
        condition=asked.condition,
        if_running=asked.if_running,
    )
    try:
        started = start_of(environment, request, None)
    except StartUnconfirmed as lost:
        raise StartUnconfirmed(
            f"{lost} Look for it in the vendor's console before you post again; a run would look for it by itself.",
            vendor=lost.vendor,
        ) from lost
    ref = started.run.execution_ref()
    location = f"/connections/{ref.connection}/jobs/{quote(ref.job, safe='')}/executions/{ref.execution_id}"
    return Answer(
        ExecutionStarted(execution=ref, wait_seconds=started.wait_seconds),
        http_status=201,
        headers={"location": location, "retry-after": str(started.wait_seconds)},
    )
