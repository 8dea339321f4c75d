"""Sweep: runs that ended badly, and are not marked as final, are sent to be closed once more.

Status events are best effort and queues can be purged; so a run of which `close_run` hears from neither, a sweep finds.
Hourly it goes through the ends of the last 25 hours, once a day through those of the last 14 days.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from farsync.aws.client import AwsRequestFailed, named_failures
from farsync.aws.closings import closing_names_since, how_closed
from farsync.aws.emitting import run_event_about
from farsync.aws.executions import list_pages
from farsync.aws.message_queue import send
from farsync.aws.run_history import read_history
from farsync.closing.decision import DAILY_WINDOW, HOURLY_WINDOW
from farsync.closing.ended_run import EndedRun, message_of
from farsync.model.execution import WireModel
from farsync.model.names import closing_name
from farsync.runtime.context import Context
from farsync.runtime.observability import count, logger
from farsync.runtime.request import Answer, Invocation

STATUSES = ("FAILED", "TIMED_OUT", "ABORTED")
HOUR_OF_THE_DAILY_SWEEP = 3
LONGEST_RUN = timedelta(days=31)
REDRIVABLE_FOR = timedelta(days=14)
SECONDS_FOR_A_HISTORY = 0.1
LONGEST_SWEEP_SECONDS = 240


class Swept(WireModel):
    """How many runs were sent to be closed, and how many there was no time left to read."""

    sent: int
    left: int


@named_failures()
def sweep(context: Context, _: Invocation) -> Answer:
    """Raises ProviderUnavailable, Throttled or PermissionDenied where AWS lists no runs or takes no message."""
    give_up_at = context.clock() + LONGEST_SWEEP_SECONDS
    since = context.now() - (DAILY_WINDOW if context.now().hour == HOUR_OF_THE_DAILY_SWEEP else HOURLY_WINDOW)
    ended_runs = _ended_runs(context, since, give_up_at)
    closed = closing_names_since(context, since)
    sent = left = 0
    for ended in (run for run in ended_runs if closing_name(run.name, run.redrive_count) not in closed):
        if context.clock() >= give_up_at:
            left += 1
        elif _is_open(context, ended):
            send(context, context.variables["CLOSE_QUEUE_URL"], message_of(ended))
            sent += 1
    if sent:
        count("RunsSwept")
    if sent or left:
        logger.warning("runs were sent to be closed", sent=sent, left=left)
    return Answer(Swept(sent=sent, left=left))


def _ended_runs(context: Context, since: datetime, give_up_at: float) -> list[EndedRun]:
    """Those that ended within the window of this sweep: first who leave an execution behind, then the latest end."""
    listed = [
        run
        for status in STATUSES
        if context.clock() < give_up_at
        for run in _listed(context, status, since, give_up_at)
    ]
    ended = [run for run in listed if run.stopped_at >= since]
    return sorted(ended, key=lambda run: (run.status == "FAILED", -run.stopped_at.timestamp()))


def _listed(context: Context, status: str, since: datetime, give_up_at: float) -> Iterator[EndedRun]:
    """Newest first by their start, so that the end of a page full of old ones is the end of all that matters."""
    oldest = (since - LONGEST_RUN - REDRIVABLE_FOR).timestamp()
    for page in list_pages(context, "RUN_JOB_ARN", statusFilter=status):
        yield from filter(None, map(_ended_run, page["executions"]))
        is_old = not any(float(run["startDate"]) >= oldest for run in page["executions"])
        if is_old or context.clock() >= give_up_at:
            return


def _ended_run(run: dict[str, Any]) -> EndedRun | None:
    """None for a run that has just been redriven."""
    try:
        return EndedRun(
            execution_arn=run["executionArn"],
            name=run["name"],
            status=run["status"],
            stop_date=int(float(run["stopDate"]) * 1000),
            redrive_count=run.get("redriveCount") or 0,
            is_swept=True,
        )
    except (KeyError, ValidationError):
        return None


def _is_open(context: Context, ended: EndedRun) -> bool:
    """Whether the run may still lack something; where AWS does not say, `close_run` will find out.

    Takes a tenth of a second at least, so that the quotas of Step Functions are left to others.
    """
    begun = context.clock()
    try:
        return _lacks_something(context, ended)
    except AwsRequestFailed as failure:
        logger.warning("a run could not be read", run=ended.name, reason=str(failure))
        return True
    finally:
        context.sleep(max(0.0, SECONDS_FOR_A_HISTORY - (context.clock() - begun)))


def _lacks_something(context: Context, ended: EndedRun) -> bool:
    history = read_history(context, ended.execution_arn)
    if history.end is not None and history.end.is_final:
        return False
    closed = how_closed(context, ended.name, ended.redrive_count)
    if closed is not None:
        return not closed.is_emitted
    if history.execution_id is not None:
        return True
    emitted = run_event_about(context, ended.name, ended.redrive_count)
    return emitted is None or emitted.execution_id is not None
