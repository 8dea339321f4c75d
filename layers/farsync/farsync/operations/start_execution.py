"""Start one execution that no run follows: nobody waits for its end, and no event is emitted."""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote

from farsync.model.errors import InvalidRequest, StartUnconfirmed
from farsync.model.execution import ExecutionRef, WireModel
from farsync.model.identifiers import ConnectionName, JobId
from farsync.model.run_request import STRICT, ParameterValue, ProviderOptions, RunRequest, RunSettings
from farsync.model.validation import validated
from farsync.operations.named_job import find_job
from farsync.operations.posting import post, start_parameters
from farsync.operations.prepare_execution import is_timeout_needed, prepare_run
from farsync.polling.pacing import first_wait_seconds
from farsync.runtime.context import Context
from farsync.runtime.request import Answer, Invocation


class ExecutionRequest(WireModel):
    """What of a run request a mere start can heed; path and body together."""

    model_config = STRICT

    connection: ConnectionName = "default"
    job: JobId
    parameters: Mapping[str, ParameterValue] = {}
    condition: RunSettings | None = None
    provider_options: ProviderOptions | None = None
    if_running: Literal["start", "fail"] = "start"


class ExecutionStarted(WireModel):
    """What was started, and in how many seconds a first poll is worth while."""

    execution: ExecutionRef
    wait_seconds: int


def start_execution(context: Context, invocation: Invocation) -> Answer:
    """Raises StartUnconfirmed where the reply was lost, and every rejection under its own name."""
    if invocation.idempotency_key is not None:
        raise InvalidRequest(
            "idempotency-key: is kept for runs only, which Step Functions remembers; start a run, or leave it out",
            field="idempotency-key",
        )
    asked = validated(ExecutionRequest, invocation.payload)
    request = validated(RunRequest, asked.model_dump(mode="json", by_alias=True, exclude_none=True))
    provider = context.provider(request.connection)
    job = find_job(provider, request.job, is_timeout_needed=is_timeout_needed(request))
    parameters = start_parameters(context, request)
    now = context.now()
    run = prepare_run(request, job, provider, provider.connection, name=None, started_at=now, now=now)
    try:
        execution = post(provider, request, run, parameters)
    except StartUnconfirmed as unconfirmed:
        raise StartUnconfirmed(
            f"{unconfirmed} Look for it in the provider's console before you post again; a run would search for it by "
            "itself.",
            said=unconfirmed.said,
        ) from unconfirmed
    now = context.now()
    wait_seconds = first_wait_seconds(run.with_execution(execution, now), now, context.random)
    ref = execution.ref
    location = (
        f"/connections/{ref.connection}/jobs/{quote(ref.job, safe='')}/executions/{quote(ref.execution_id, safe='')}"
    )
    return Answer(
        ExecutionStarted(execution=ref, wait_seconds=wait_seconds),
        http_status=201,
        headers={"location": location, "retry-after": str(wait_seconds)},
    )
