"""Ending a run: its event first, then the state that waits for its end."""

from farsync.aws.emitting import emit
from farsync.aws.task_tokens import TaskIsOver, fail, succeed
from farsync.events.completion_event import CompletionEvent
from farsync.events.event_json import failure_cause, success_output
from farsync.runtime.context import Context
from farsync.runtime.observability import logger


def end_run(context: Context, token: str, event: CompletionEvent, *, final: bool) -> None:
    """Emits the event, then ends the run. `final`: nobody needs to close it. Raises AwsRequestFailed."""
    emit(context, event)
    try:
        if event.data.error:
            fail(context, token, event.data.error.name, failure_cause(event, final=final))
        else:
            succeed(context, token, success_output(event))
    except TaskIsOver:
        logger.info("the run no longer waits under this token")
