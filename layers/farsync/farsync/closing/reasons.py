"""What the event about a closed run says: what happened, and what was done, never more."""

from farsync.aws.run_history import RunEnd, RunHistory
from farsync.closing.ended_run import EndedRun
from farsync.events.completion_event import EventError
from farsync.model import errors
from farsync.model.errors import FarsyncError
from farsync.model.run import Run

ERROR_NAMES = frozenset(
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, FarsyncError)
)
BEFORE = "before an execution was started"


def never_started(ended: EndedRun, end: RunEnd) -> EventError:
    """Of a run that began nothing: rejected, broken, aborted or out of time."""
    cause = end.message
    match ended.status:
        case "ABORTED":
            return EventError(name="ExecutionCanceled", message=_with(f"the run was aborted {BEFORE}", cause))
        case "TIMED_OUT":
            return EventError(name="DeadlineExceeded", message=f"the run took too long; its time was up {BEFORE}")
    if end.error in ERROR_NAMES:
        return EventError(name=end.error, message=cause or f"the run failed {BEFORE}")
    return EventError(name="RunUnobservable", message=_with(f"the run broke ({end.error}) {BEFORE}", cause))


def nothing_found(ended: EndedRun, end: RunEnd) -> EventError:
    """Of a run whose start was unconfirmed, once a search has shown that it began nothing."""
    if ended.status != "FAILED":
        return never_started(ended, end)
    name = end.error if end.error in ERROR_NAMES else "RunUnobservable"
    return EventError(name=name, message=f"the run ended by {end.error} after an unconfirmed start; no execution began")


def ambiguous_start(ended: EndedRun, message: str) -> EventError:
    text = f"the run ended as {ended.status} after an unconfirmed start; {message}; nothing was cancelled"
    return EventError(name="AmbiguousStart", message=text)


def left_running(ended: EndedRun, run: Run) -> EventError:
    reason = (
        "the run attached to it and did not start it" if run.is_attached else "its request says cancelOnAbort: false"
    )
    return _out_of_sight(f"the run ended as {ended.status}; execution {run.execution_id} is left running: {reason}")


def cancel_rejected(ended: EndedRun, run: Run, failure: FarsyncError) -> EventError:
    return _out_of_sight(
        f"the run ended as {ended.status}; execution {run.execution_id} still runs, since its cancel was rejected "
        f"({failure.text}); it is tried again"
    )


def end_not_seen(ended: EndedRun, run: Run, failure: FarsyncError) -> EventError:
    return _out_of_sight(
        f"the run ended as {ended.status}; the end of execution {run.execution_id} could not be seen for days "
        f"({failure.text})"
    )


def search_failed(ended: EndedRun, history: RunHistory, failure: FarsyncError) -> EventError:
    return _out_of_sight(f"{_after_an_unconfirmed_start(ended, history)} could not be found out ({failure.text})")


def unreadable_run(ended: EndedRun, history: RunHistory) -> EventError:
    why = "could not be found out, since its run variable cannot be read"
    return _out_of_sight(f"{_after_an_unconfirmed_start(ended, history)} {why}; look at the job's executions")


def _after_an_unconfirmed_start(ended: EndedRun, history: RunHistory) -> str:
    return (
        f"the run ended as {ended.status} after an unconfirmed start ({history.unconfirmed_because}); whether it has "
        "left an execution behind"
    )


def _out_of_sight(message: str) -> EventError:
    return EventError(name="RunUnobservable", message=message)


def _with(message: str, cause: str) -> str:
    return f"{message}: {cause}" if cause else message
