"""One class per error name: the words that the state machine catches and that HTTP problems carry as type."""

from typing import NamedTuple


class ProviderReply(NamedTuple):
    """What the provider said of a rejection; goes to the log, never into an event.

    `message` is the provider's own only where it rejected something in a known shape; of every other body it is no more
    than how long it is, and of which type.
    """

    http_status: int | None = None
    code: str | None = None
    message: str | None = None
    trace_id: str | None = None


class FarsyncError(Exception):
    """A failure with a name. The class name is the error name on the wire."""

    http_status = 500

    def __init__(
        self,
        message: str,
        *,
        said: ProviderReply | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message)
        self.said = said
        self.retry_after_seconds = retry_after_seconds

    @property
    def text(self) -> str:
        """Name and message."""
        return f"{type(self).__name__}: {self}"


class InvalidRequest(FarsyncError):
    """The request breaks the contract; the message names the field and the remedy."""

    http_status = 400

    def __init__(
        self, message: str, *, field: str = "", said: ProviderReply | None = None, http_status: int = 400
    ) -> None:
        super().__init__(message, said=said)
        self.field = field
        self.http_status = http_status


class ConnectionNotFound(FarsyncError):
    """There is no secret for the connection's name."""

    http_status = 404


class ConnectionInvalid(FarsyncError):
    """The connection's secret lacks a field or holds a wrong one; the message names the field, never its value."""

    http_status = 500


class AuthenticationFailed(FarsyncError):
    """The provider rejected the keys or the signature."""

    http_status = 502


class PermissionDenied(FarsyncError):
    """The keys are right, but may not do this."""

    http_status = 502


class JobNotFound(FarsyncError):
    """The provider knows no such job."""

    http_status = 404


class ExecutionNotFound(FarsyncError):
    """The provider knows no such execution of the job."""

    http_status = 404


class RunNotFound(FarsyncError):
    """There is no run of this name, or it is older than 90 days."""

    http_status = 404


class JobNotRunnable(FarsyncError):
    """The job stands in a state in which it cannot be started."""

    http_status = 409


class AlreadyRunning(FarsyncError):
    """The job runs already, and the request or the provider allows no second execution."""

    http_status = 409


class QuotaExceeded(FarsyncError):
    """The account's quota with the provider is used up."""

    http_status = 429


class Throttled(FarsyncError):
    """The provider asks for fewer requests."""

    http_status = 429


class ProviderUnavailable(FarsyncError):
    """The provider could not be reached, or answered with something that is no answer; nothing was started."""

    http_status = 503


class StartUnconfirmed(FarsyncError):
    """The start was posted and no known rejection came back: an execution may or may not have begun."""

    http_status = 504


class AmbiguousStart(FarsyncError):
    """Whether an execution was started cannot be known."""

    http_status = 504


class IdempotencyConflict(FarsyncError):
    """The same Idempotency-Key came with another request."""

    http_status = 409


class RunUnobservable(FarsyncError):
    """We lost sight of the execution; how it ended is not known."""

    http_status = 502


class ExecutionFailed(FarsyncError):
    """The execution ended in failure."""

    http_status = 502


class ExecutionCanceled(FarsyncError):
    """The execution was cancelled."""

    http_status = 502


class DeadlineExceeded(FarsyncError):
    """The run took longer than its timeoutSeconds."""

    http_status = 504


class JobsNotWatched(FarsyncError):
    """Ends of some watched jobs could not be emitted; the message names the jobs and why."""

    http_status = 502


def is_rejection(failure: FarsyncError) -> bool:
    """Whether the provider understood and would not; otherwise it was away, busy, or not to be reached."""
    if isinstance(failure, Throttled):
        return False
    if isinstance(failure, ProviderUnavailable):
        status = failure.said.http_status if failure.said else None
        return status is not None and 400 <= status < 500 and status not in (408, 429)
    return not isinstance(failure, AuthenticationFailed) or failure.said is not None
