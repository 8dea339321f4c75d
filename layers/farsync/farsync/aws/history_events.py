"""Reads single events of a run's history. Missing or malformed details count as absent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import ValidationError

from farsync.aws.executions import instant
from farsync.model.execution import Candidate
from farsync.model.json_text import read_json_leniently
from farsync.model.run import START_FUNCTION_SECONDS, Run

LONGEST_MESSAGE = 2000

REJECTIONS = frozenset(
    {
        "InvalidRequest",
        "ConnectionNotFound",
        "ConnectionInvalid",
        "AuthenticationFailed",
        "PermissionDenied",
        "JobNotFound",
        "JobNotRunnable",
        "AlreadyRunning",
        "QuotaExceeded",
        "DeadlineExceeded",
    }
)
"""Under these names Start says that it posted nothing."""
NEVER_RAN = frozenset(
    {
        "Lambda.TooManyRequestsException",
        "Lambda.EC2ThrottledException",
        "Lambda.EC2UnexpectedException",
        "Lambda.ENILimitReachedException",
        "Lambda.ResourceNotFoundException",
        "Lambda.ResourceNotReadyException",
    }
)
"""With these Lambda says that it did not come to running the function.
https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
"""
FUNCTION_HAD_ENDED = frozenset({"StartUnconfirmed", "Runtime.ExitError", "Sandbox.Timedout"})
"""After one of these the function no longer runs, so it posts nothing later."""
DETAILS_OF_AN_END = {
    "ExecutionSucceeded": ("SUCCEEDED", "executionSucceededEventDetails"),
    "ExecutionFailed": ("FAILED", "executionFailedEventDetails"),
    "ExecutionTimedOut": ("TIMED_OUT", "executionTimedOutEventDetails"),
    "ExecutionAborted": ("ABORTED", "executionAbortedEventDetails"),
}
OUTCOMES_OF_A_TASK = {
    "TaskSucceeded": "taskSucceededEventDetails",
    "TaskFailed": "taskFailedEventDetails",
    "TaskTimedOut": "taskTimedOutEventDetails",
    "TaskStartFailed": "taskStartFailedEventDetails",
    "TaskSubmitFailed": "taskSubmitFailedEventDetails",
}


class RunEnd(NamedTuple):
    """How a run ended: SUCCEEDED with an output, FAILED, TIMED_OUT or ABORTED with error and cause."""

    status: str
    at: datetime
    error: str = ""
    cause: str = ""
    output: str = ""

    @property
    def result(self) -> Mapping[str, Any]:
        """The data of the execution's event; empty where the run ended otherwise, or was stopped by somebody."""
        return {} if self.status == "ABORTED" else json_object(self.output or self.cause) or {}

    @property
    def message(self) -> str:
        """Why, in words. What was said of an abort is text, whatever it looks like."""
        return self.cause[:LONGEST_MESSAGE] if self.status == "ABORTED" else message_in(self.cause)

    @property
    def is_final(self) -> bool:
        """Whether the poller has seen the end of the execution, and emitted it."""
        return self.status == "SUCCEEDED" or self.result.get("final") is True


class PostWindow(NamedTuple):
    """From when to when a start may have been posted, by the clock of AWS."""

    earliest: datetime
    latest: datetime


class LastError(NamedTuple):
    """Why the newest step did not succeed."""

    name: str
    message: str


class Attempt(NamedTuple):
    """One call of a task: when and with what it was scheduled, and what became of it, where that is known."""

    scheduled_at: datetime
    given: Mapping[str, Any]
    outcome: Mapping[str, Any] | None

    @property
    def has_succeeded(self) -> bool:
        return self.outcome is not None and self.outcome.get("type") == "TaskSucceeded"

    @property
    def answer(self) -> Mapping[str, Any]:
        """What the function answered; empty for everything else."""
        output = json_object(_details(self.outcome).get("output")) if self.has_succeeded else None
        return json_object((output or {}).get("Payload")) or {}

    @property
    def payload(self) -> Mapping[str, Any]:
        """What the function, or the message on the queue, was given."""
        return json_object(self.given.get("Payload") or self.given.get("MessageBody")) or {}

    @property
    def run(self) -> Run | None:
        """The newest run variable of this attempt. Prepare answers the run itself."""
        given = (self.answer.get("run"), self.answer, self.payload.get("run"))
        return next((run for run in map(run_in, given) if run is not None), None)

    @property
    def error(self) -> LastError | None:
        if self.outcome is None or self.has_succeeded:
            return None
        details = _details(self.outcome)
        return LastError(str(details.get("error") or "States.Timeout"), message_in(str(details.get("cause") or "")))

    @property
    def post_window(self) -> PostWindow | None:
        """When this Start may have posted; None where it certainly posted nothing."""
        run = run_in(self.payload.get("run"))
        if run and (run.execution_id or run.waits_for or redrive_count_in(self.payload) > run.redrives_searched):
            return None
        if self.answer.get("outcome") in ("postponed", "search"):
            return None
        error = self.error.name if self.error else None
        if error in REJECTIONS or error in NEVER_RAN:
            return None
        latest = self.scheduled_at + timedelta(seconds=START_FUNCTION_SECONDS)
        if self.outcome is not None and (self.has_succeeded or error in FUNCTION_HAD_ENDED):
            latest = min(latest, time_of_event(self.outcome))
        return PostWindow(self.scheduled_at, latest)


def message_in(cause: str) -> str:
    """The message in a cause of Lambda's, which is JSON; other causes are the message. Bounded."""
    message = (json_object(cause) or {}).get("errorMessage", cause)
    return str(message)[:LONGEST_MESSAGE]


def json_object(text: object) -> dict[str, Any] | None:
    """The JSON object in a text, or the object itself; None for anything else."""
    content = parsed(text) if isinstance(text, str) else text
    return content if isinstance(content, dict) else None


def parsed(text: object) -> object:
    try:
        return read_json_leniently(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None


def end_in(event: Mapping[str, Any]) -> RunEnd:
    status, member = DETAILS_OF_AN_END[str(event["type"])]
    details = event.get(member) or {}
    texts = {name: str(details.get(name) or "") for name in ("error", "cause", "output")}
    return RunEnd(status, time_of_event(event), **texts)


def _details(outcome: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return (outcome or {}).get(OUTCOMES_OF_A_TASK.get(str((outcome or {}).get("type")), "")) or {}


def time_of_event(event: Mapping[str, Any]) -> datetime:
    return instant(event["timestamp"])


def redrive_count_in(given: Mapping[str, Any]) -> int:
    count = given.get("redriveCount")
    return count if isinstance(count, int) else 0


def run_in(given: object) -> Run | None:
    """Read leniently: what is no run variable that this release knows is none."""
    if not isinstance(given, dict):
        return None
    try:
        return Run.model_validate(given)
    except ValidationError:
        return None


def candidates_in(given: object) -> tuple[Candidate, ...]:
    found = list[Candidate]()
    for candidate in given if isinstance(given, list) else []:
        try:
            found.append(Candidate.model_validate(candidate))
        except ValidationError:
            continue
    return tuple(found)
