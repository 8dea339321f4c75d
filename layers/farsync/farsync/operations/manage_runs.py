"""The HTTP face of `run_job`: start, list, show and abort runs."""

from collections.abc import Callable

from farsync.model.errors import InvalidRequest
from farsync.runtime.context import Context
from farsync.runtime.request import Answer, Invocation

UseCase = Callable[[Context, Invocation], Answer]


def manage_runs(context: Context, invocation: Invocation) -> Answer:
    """HTTP routes by their route key; without HTTP, a `name` shows a run and anything else starts one."""
    return _use_case(invocation)(context, invocation)


def _use_case(invocation: Invocation) -> UseCase:
    """Imported where it is asked for: no call needs two of them."""
    match invocation.route or ("show" if "name" in invocation.payload else "start"):
        case "start" | "POST /connections/{connection}/runs":
            from farsync.operations.create_run import accept_run

            return accept_run
        case "show" | "GET /runs/{name}":
            from farsync.operations.get_run import get_run

            return get_run
        case "GET /connections/{connection}/runs":
            from farsync.operations.list_runs import list_runs

            return list_runs
        case "POST /runs/{name}/abort":
            from farsync.operations.abort_run import abort_run

            return abort_run
    raise InvalidRequest(f"route: {invocation.route} is not served here", field="route")
