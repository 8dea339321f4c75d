"""The API's rejections (RFC 9457): one class for each `type`, each with what to do next."""

from collections.abc import Mapping
from typing import Any, ClassVar

from farsync_client.errors import (
    CredentialsExpired,
    FarsyncError,
    Forbidden,
    RouteUnknown,
    Unauthorized,
    Unavailable,
)


class Problem(FarsyncError):
    """A rejection by the API; a `type` that this version does not know is of this class itself."""

    usual_remedy = "The text says what to correct; docs/http.md has every problem."

    def __init__(self, message: str, *, status: int, kind: str = "", field: str = "", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.status = status
        self.kind = kind or type(self).__name__
        """The problem's `type`."""
        self.field = field
        """Which field to correct, where the request is wrong."""

    @property
    def name(self) -> str:
        return self.kind


class _OfCaller(Problem):
    is_callers: ClassVar[bool] = True


class _OfMoment(Problem):
    is_transient: ClassVar[bool] = True


class InvalidRequest(_OfCaller):
    usual_remedy = "Correct what the text names, and call again."


class ConnectionNotFound(_OfCaller):
    usual_remedy = "See which there are: farsync connections ls"


class JobNotFound(_OfCaller):
    usual_remedy = "See which there are: farsync jobs"


class ExecutionNotFound(_OfCaller):
    usual_remedy = "Check the execution's id and its job."


class RunNotFound(_OfCaller):
    usual_remedy = "See the last ones: farsync ls --since 7d (runs are forgotten after 90 days)"


class LogNotFound(_OfCaller):
    usual_remedy = "See where the run stands: farsync show RUN"


class JobNotRunnable(_OfCaller):
    usual_remedy = "Finish or restore the job in the provider's console, or name another."


class AlreadyRunning(_OfCaller):
    usual_remedy = "Wait for its end (farsync ls --running), or allow a second one: --if-running start"


class IdempotencyConflict(_OfCaller):
    usual_remedy = "Take another --key, or send the first request again."


class QuotaExceeded(_OfCaller):
    usual_remedy = "Raise the provider's quota, or wait until other jobs have ended."


class ConnectionInvalid(Problem):
    usual_remedy = "Correct that field of the connection's secret."


class AuthenticationFailed(Problem):
    usual_remedy = "The provider rejected the connection's keys: correct them in its secret."


class PermissionDenied(Problem):
    usual_remedy = "Give the connection's keys, or the function's role, the right that the text names."


class Throttled(_OfMoment):
    usual_remedy = "Call again in some seconds."


class ProviderUnavailable(_OfMoment):
    usual_remedy = "Nothing was started; call again in a while."


class StartUnconfirmed(Problem):
    usual_remedy = "Check the job's executions in the provider's console before you start again."


class AmbiguousStart(Problem):
    usual_remedy = "Check the candidates in the provider's console before you start again."


class RunUnobservable(Problem):
    usual_remedy = "Check the execution in the provider's console."


class ExecutionFailed(Problem):
    usual_remedy = "Read the log: farsync logs RUN"


class ExecutionCanceled(Problem):
    usual_remedy = "Run it again: farsync rerun RUN"


class DeadlineExceeded(Problem):
    usual_remedy = "Allow more time: farsync run JOB --timeout SECONDS"


PROBLEMS: Mapping[str, type[Problem]] = {
    kind.__name__: kind for family in (Problem, _OfCaller, _OfMoment) for kind in family.__subclasses__()
}


def problem(content: Mapping[str, Any]) -> Problem:
    """The error for the body of an `application/problem+json`."""
    kind = str(content.get("type", ""))
    status = content.get("status")
    return PROBLEMS.get(kind, Problem)(
        str(content.get("detail") or content.get("title") or kind),
        status=status if isinstance(status, int) else 0,
        kind=kind,
        field=str(content.get("field") or ""),
    )


def gateway_rejection(status: int, message: str) -> FarsyncError:
    """The error for what API Gateway itself rejects, with `{"message": ".."}`.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
    """
    if status == 401:
        return Unauthorized(f"The API did not accept the token ({message}).")
    if status == 403 and "signature" in message.lower():
        return Forbidden(f"The API rejected the signature ({message}).", remedy="Check this machine's clock and keys.")
    if status == 403 and "expired" in message.lower():
        return CredentialsExpired(f"{message}.".replace("..", "."))
    if status == 403:
        return Forbidden(f"The API does not let you do this ({message}).")
    if status == 404:
        return RouteUnknown("The API knows no such route.")
    return Unavailable(f"The API answered {status} ({message}).")
