"""The post of a start, for a run and for an execution that no run follows."""

from farsync.model.errors import StartUnconfirmed
from farsync.model.execution import Execution, iso_instant
from farsync.model.run import Run
from farsync.model.run_request import RunRequest, SecretRef
from farsync.model.time_text import written
from farsync.providers.base import Provider
from farsync.runtime.context import Context
from farsync.runtime.redaction import keeping_out


def start_parameters(context: Context, request: RunRequest) -> dict[str, str]:
    """Secrets as their values, times in their zone. Raises InvalidRequest, Throttled and ProviderUnavailable."""
    return {
        key: context.fetch_parameter(request.connection, value.secret)
        if isinstance(value, SecretRef)
        else written(value)
        for key, value in request.parameters.items()
    }


def post(provider: Provider, request: RunRequest, run: Run, parameters: dict[str, str]) -> Execution:
    """Posts once. Raises StartUnconfirmed where an execution may have begun; after every other error none has."""
    condition = {**(run.condition or {}), **(request.condition or {})}
    secrets = [parameters[key] for key, value in request.parameters.items() if isinstance(value, SecretRef)]
    try:
        with keeping_out(secrets):
            return provider.start(
                run.job,
                condition=condition or None,
                parameters=parameters,
                options=request.options,
                marker=run.marker,
            )
    except StartUnconfirmed as unconfirmed:
        newest = run.baseline.newest_created_at if run.baseline else None
        of_job = f"execution of job {run.job}"
        candidates = f"An {of_job} created after {iso_instant(newest)}" if newest else f"Any {of_job}"
        raise StartUnconfirmed(f"{unconfirmed} {candidates} may be this one.", said=unconfirmed.said) from unconfirmed
