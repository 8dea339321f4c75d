"""One class per error name: the words that the state machine catches and that HTTP problems carry as type."""

from typing import NamedTuple

from farsync.model.shown import LONGEST_ERROR, shown


class ProviderReply(NamedTuple):
    """What the provider said of a rejection; goes to the log, never into an event."""

    http_status: int | None = None
    code: str | None = None
    message: str | None = None
    trace_id: str | None = None
    is_measured: bool = False
    """The message is none of the provider's: it says how long the reply was, and of what type."""


class FarsyncError(Exception):
    """A failure with a name. The class name is the error name on the wire. The message is one bounded line, whatever
    names it quotes.
    """

    http_status = 500

    def __init_subclass__(cls, *, http_status: int) -> None:
        cls.http_status = http_status

    def __init__(
        self,
        message: str,
        *,
        said: ProviderReply | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(shown(message, LONGEST_ERROR))
        self.said = said
        self.retry_after_seconds = retry_after_seconds

    @property
    def text(self) -> str:
        """Name and message."""
        return f"{type(self).__name__}: {self}"


class InvalidRequest(FarsyncError, http_status=400):
    """The request breaks the contract; the message names the field and the remedy."""

    def __init__(
        self, message: str, *, field: str = "", said: ProviderReply | None = None, http_status: int = 400
    ) -> None:
        super().__init__(message, said=said)
        self.field = shown(field)
        self.http_status = http_status


class ConnectionNotFound(FarsyncError, http_status=404):
    """There is no secret for the connection's name."""


class ConnectionInvalid(FarsyncError, http_status=500):
    """The connection's secret lacks a field or holds a wrong one; the message names the field, never its value."""


class AuthenticationFailed(FarsyncError, http_status=502):
    """The provider rejected the keys or the signature."""


class PermissionDenied(FarsyncError, http_status=502):
    """The keys are right, but may not do this."""


class JobNotFound(FarsyncError, http_status=404):
    """The provider knows no such job."""


class ExecutionNotFound(FarsyncError, http_status=404):
    """The provider knows no such execution of the job."""


class RunNotFound(FarsyncError, http_status=404):
    """There is no run of this name, or it is older than 90 days."""


class LogNotFound(FarsyncError, http_status=404):
    """The provider has no log of the execution, or not yet."""


class JobNotRunnable(FarsyncError, http_status=409):
    """The job stands in a state in which it cannot be started."""


class AlreadyRunning(FarsyncError, http_status=409):
    """The job runs already, and the request or the provider allows no second execution."""


class QuotaExceeded(FarsyncError, http_status=429):
    """The account's quota with the provider is used up."""


class Throttled(FarsyncError, http_status=429):
    """The provider asks for fewer requests."""


class ProviderUnavailable(FarsyncError, http_status=503):
    """The provider could not be reached, or answered with something that is no answer; nothing was started."""


class StartUnconfirmed(FarsyncError, http_status=504):
    """The start was posted and no known rejection came back: an execution may or may not have begun."""


class AmbiguousStart(FarsyncError, http_status=504):
    """Whether an execution was started cannot be known."""


class IdempotencyConflict(FarsyncError, http_status=409):
    """The same Idempotency-Key came with another request."""


class RunUnobservable(FarsyncError, http_status=502):
    """We lost sight of the execution; how it ended is not known."""


class ExecutionFailed(FarsyncError, http_status=502):
    """The execution ended in failure."""


class ExecutionCanceled(FarsyncError, http_status=502):
    """The execution was cancelled."""


class DeadlineExceeded(FarsyncError, http_status=504):
    """The run took longer than its timeoutSeconds."""


class JobsNotWatched(FarsyncError, http_status=502):
    """Ends of some watched jobs could not be emitted; the message names the jobs and why."""


NOT_TAKEN = frozenset({408, 421, 425, 429})
"""Statuses by which a request is not taken, whatever it asks for."""


def is_rejection(failure: FarsyncError) -> bool:
    """Whether the provider understood and would not; otherwise it was away, busy, or not to be reached."""
    if isinstance(failure, Throttled):
        return False
    if isinstance(failure, ProviderUnavailable):
        status = failure.said.http_status if failure.said else None
        return status is not None and 400 <= status < 500 and status not in NOT_TAKEN
    return not isinstance(failure, AuthenticationFailed) or failure.said is not None
