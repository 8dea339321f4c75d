"""The HTTP face of `run_job`: start, list, show, abort and rerun runs, and list their events."""

from collections.abc import Callable, Mapping

from farsync.model.errors import InvalidRequest
from farsync.operations.abort_run import abort_run
from farsync.operations.create_run import create_run
from farsync.operations.get_run import get_run
from farsync.operations.list_events import list_events
from farsync.operations.list_runs import list_runs
from farsync.operations.rerun_run import rerun_run
from farsync.runtime.context import Context
from farsync.runtime.request import Answer, Invocation

ROUTES: Mapping[str, Callable[[Context, Invocation], Answer]] = {
    "POST /connections/{connection}/runs": create_run,
    "GET /connections/{connection}/runs": list_runs,
    "GET /runs": list_runs,
    "GET /events": list_events,
    "GET /runs/{name}": get_run,
    "POST /runs/{name}/abort": abort_run,
    "POST /runs/{name}/rerun": rerun_run,
}


def manage_runs(context: Context, invocation: Invocation) -> Answer:
    """HTTP routes by their route key; without HTTP, a `name` shows a run and anything else starts one."""
    if invocation.route is None:
        return (get_run if "name" in invocation.payload else create_run)(context, invocation)
    if invocation.route not in ROUTES:
        raise InvalidRequest(f"route: {invocation.route} is not served here", field="route")
    return ROUTES[invocation.route](context, invocation)
