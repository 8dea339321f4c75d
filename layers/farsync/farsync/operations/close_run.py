"""Close: what a run that failed, timed out or was aborted leaves behind is stopped, and its one event emitted.

A reconciler: each receive of the message reads anew what is the case and does the next thing. Doing a step twice does
no harm, so that any order of aborts, redrives, sweeps and repeated messages is safe. It raises nothing that AWS or a
provider answers: the message comes again until the execution has ended.
"""

from datetime import timedelta
from math import ceil

from farsync.aws.client import AwsRequestFailed
from farsync.aws.history_events import parsed
from farsync.aws.run_history import RunEnd, RunHistory, read_history
from farsync.closing import reasons
from farsync.closing.decision import (
    FIRST_WAIT_SECONDS,
    LONGEST_WAIT_SECONDS,
    is_end_of,
    is_out_of_sight,
    is_superseded,
    is_unknown_to_the_provider,
    start_state,
)
from farsync.closing.ended_run import UNKNOWN, read_ended_run
from farsync.model.errors import FarsyncError, InvalidRequest
from farsync.model.run import Run
from farsync.model.run_request import RunRequest
from farsync.model.validation import validated
from farsync.operations.find_execution import search
from farsync.operations.run_closing import Closing, RunMoved
from farsync.operations.stop_execution import stop
from farsync.runtime.context import Context
from farsync.runtime.observability import log_rejection, logger
from farsync.runtime.queue_messages import Record, set_aside
from farsync.starting.matching import seconds_until_consistent

RETRY_SECONDS = 4.0
"""How long one request is repeated: a poll, a cancel and what AWS is asked beside must fit into the function's 30 s."""
SHORTEST_WAIT_FOR_AWS_SECONDS = 15
SPREAD_OF_WAITS_FOR_AWS_SECONDS = 45
"""Reads that were throttled together come back apart."""
MANY_RECEIVES = 100
"""What AWS has not answered for so often is away for longer; the queue gives a message up after 500."""
NO_SUCH_RUN = frozenset({"ExecutionDoesNotExist", "StateMachineDoesNotExist"})
SHOWN_WITHIN = timedelta(hours=1)
"""What Step Functions does not know so shortly after the run's end, its reads do not show yet."""


def consume(context: Context, record: Record) -> bool:
    """True where nothing is left to be done with the message; False where it is hidden for a while."""
    try:
        ended = read_ended_run(record.body)
    except InvalidRequest:
        return _set_aside(context, record)
    if is_superseded(ended, record.sent_at, context.now()):
        return True
    closing = Closing(context, record, ended)
    try:
        return _close(closing if ended.redrive_count != UNKNOWN else closing.with_redrive_count())
    except RunMoved as moved:
        logger.info("the run is not closed now", seen=str(moved))
        return moved.is_redriven or closing.hidden(FIRST_WAIT_SECONDS)
    except AwsRequestFailed as failure:
        return _await_aws(closing, failure)


def _close(closing: Closing) -> bool:
    ended = closing.ended
    try:
        history = read_history(closing.context, ended.execution_arn)
    except AwsRequestFailed as failure:
        if failure.code not in NO_SUCH_RUN:
            raise
        if closing.now < ended.stopped_at + SHOWN_WITHIN:
            return closing.come_again(failure)
        logger.warning("there is no such run; it is older than 90 days, or its state machine was deleted")
        return True
    if history.end is None or not is_end_of(ended, history.end):
        closing.described()
        raise RunMoved(is_redriven=False)
    return history.end.is_final or _close_ended(closing, history, history.end)


def _close_ended(closing: Closing, history: RunHistory, end: RunEnd) -> bool:
    """Of a run whose poller has not emitted its execution's end."""
    run, start = history.run, start_state(history)
    if run and start == "known":
        return stop(closing, run)
    if closing.is_closed():
        return True
    if run and closing.ended.execution_id is not None:
        return stop(closing, run.model_copy(update={"execution_id": closing.ended.execution_id}))
    if emitted := closing.run_event():
        # What a search has found and could not stop is followed until it has ended.
        if run is None or emitted.execution_id is None:
            return True
        return stop(closing, run.model_copy(update={"execution_id": emitted.execution_id}))
    if start == "unconfirmed":
        return _search(closing, history, run, end) if run else _cannot_search(closing, history)
    if history.ambiguous:
        message, candidates = history.ambiguous
        return closing.fail(run, reasons.ambiguous_start(closing.ended, message), candidates)
    return closing.fail(run, reasons.never_started(closing.ended, end))


def _search(closing: Closing, history: RunHistory, run: Run, end: RunEnd) -> bool:
    """The same search as in the run, once the provider's list must show whatever was posted."""
    window = timedelta(seconds=run.consistency_window_seconds)
    wait_seconds = ceil(seconds_until_consistent(closing.now, history.post_windows, window))
    if wait_seconds > 0:
        return closing.hidden(min(wait_seconds, LONGEST_WAIT_SECONDS))
    given = parsed(closing.described().get("input"))
    try:
        request = validated(RunRequest, given)
        found = search(closing.context, request, run, history, closing.ended.name)
    except FarsyncError as failure:
        return _search_failed(closing, history, failure)
    logger.warning("unconfirmed start searched for", outcome=found.outcome, seen=found.message or found.reason)
    match found.outcome:
        case "found":
            closing.replace_by_one_that_names(str(found.run.execution_id))
            stop(closing, found.run)
            return True
        case "later":
            return closing.come_again()
        case "ambiguous":
            error = reasons.ambiguous_start(closing.ended, found.message or "")
            return closing.fail(run, error, found.candidates)
        case "nothing":
            return closing.fail(run, reasons.nothing_found(closing.ended, end))


def _cannot_search(closing: Closing, history: RunHistory) -> bool:
    """The run variable is of another release, or was tampered with."""
    closing.report_out_of_sight(None, reasons.unreadable_run(closing.ended, history))
    return True


def _search_failed(closing: Closing, history: RunHistory, failure: FarsyncError) -> bool:
    """It ends only where the job itself is gone for days: after an event nobody would search again."""
    if not is_unknown_to_the_provider(failure) or not is_out_of_sight(closing.record.sent_at, closing.now):
        return closing.come_again(failure)
    closing.report_out_of_sight(history.run, reasons.search_failed(closing.ended, history, failure))
    return True


def _await_aws(closing: Closing, failure: AwsRequestFailed) -> bool:
    if closing.record.receive_count > MANY_RECEIVES:
        return closing.come_again(failure)
    log_rejection(failure)
    seconds = SHORTEST_WAIT_FOR_AWS_SECONDS + SPREAD_OF_WAITS_FOR_AWS_SECONDS * closing.context.random()
    return closing.hidden(int(seconds))


def _set_aside(context: Context, record: Record) -> bool:
    try:
        set_aside(context, "CLOSE_DEAD_LETTER_QUEUE_URL", record)
    except AwsRequestFailed as failure:
        log_rejection(failure)
        return False
    return True
