"""Start one execution that no run follows: nobody waits for its end, and no event is emitted."""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from farsync.connections.connection import Connection
from farsync.model.errors import InvalidRequest, StartUnconfirmed
from farsync.model.execution import Execution, ExecutionRef, WireModel
from farsync.model.identifiers import ConnectionName, JobId
from farsync.model.run import Run
from farsync.model.run_request import ParameterValue, RunRequest, RunSettings
from farsync.model.validation import validated
from farsync.operations.posting import post, start_parameters
from farsync.operations.prepare_execution import prepare_run
from farsync.polling.pacing import first_wait_seconds
from farsync.providers.base import Provider
from farsync.runtime.context import Environment
from farsync.runtime.request import Answer, Invocation


class ExecutionRequest(WireModel):
    """What of a run request a mere start can heed; path and body together."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel, populate_by_name=True)

    connection: ConnectionName = "default"
    job: JobId
    parameters: Mapping[str, ParameterValue] = {}
    condition: RunSettings | None = None
    if_running: Literal["start", "fail"] = "start"


class ExecutionStarted(WireModel):
    """What was started, and in how many seconds a first poll is worth while."""

    execution: ExecutionRef
    wait_seconds: int


def start_execution(environment: Environment, invocation: Invocation) -> Answer:
    """Raises StartUnconfirmed where the reply was lost, and every rejection under its own name."""
    if invocation.idempotency_key is not None:
        raise InvalidRequest(
            "idempotency-key: is kept for runs only, which Step Functions remembers; start a run, or leave it out",
            field="idempotency-key",
        )
    asked = validated(ExecutionRequest, invocation.payload)
    request = validated(RunRequest, asked.model_dump(mode="json", by_alias=True, exclude_none=True))
    parameters = start_parameters(environment, request)

    def prepare_and_post(provider: Provider, connection: Connection) -> tuple[Run, Execution]:
        now = environment.now()
        run = prepare_run(request, provider, connection, name=None, started_at=now, now=now)
        return run, post(provider, request, run, parameters)

    try:
        run, execution = environment.with_provider(request.connection, prepare_and_post)
    except StartUnconfirmed as unconfirmed:
        raise StartUnconfirmed(
            f"{unconfirmed} Look for it in the provider's console before you post again; a run would search for it by "
            "itself.",
            vendor=unconfirmed.vendor,
        ) from unconfirmed
    now = environment.now()
    wait_seconds = first_wait_seconds(run.with_execution(execution, now), now, environment.random)
    ref = execution.ref
    location = f"/connections/{ref.connection}/jobs/{quote(ref.job, safe='')}/executions/{ref.execution_id}"
    return Answer(
        ExecutionStarted(execution=ref, wait_seconds=wait_seconds),
        http_status=201,
        headers={"location": location, "retry-after": str(wait_seconds)},
    )
