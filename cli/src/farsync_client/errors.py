"""What can go wrong on this side of the API: each error says what happened, and in `remedy` what to do next."""

from typing import ClassVar


class FarsyncError(Exception):
    """The base of all errors of this package."""

    usual_remedy: ClassVar[str] = ""
    is_callers: ClassVar[bool] = False
    """Whether the call was wrong as it stands; otherwise nobody can say how things are."""
    is_transient: ClassVar[bool] = False
    """Whether the same call may succeed after a while."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy or self.usual_remedy
        self.retry_after_seconds: float | None = None
        """When the API said so, after how long the same call is worth while."""

    @property
    def name(self) -> str:
        return type(self).__name__

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class NoStackChosen(FarsyncError):
    """Nobody said which stack is meant."""

    usual_remedy = "Choose one: farsync use --stack NAME --region REGION"
    is_callers = True


class SettingsUnreadable(FarsyncError):
    """The file of settings is no such file."""

    usual_remedy = "Remove the file, and choose the stack again: farsync use --stack NAME"
    is_callers = True


class StackNotFound(FarsyncError):
    """There is no such stack in this account and region."""

    usual_remedy = "Check name, region and profile: farsync use --stack NAME --region REGION --profile PROFILE"
    is_callers = True


class NoFarsyncStack(FarsyncError):
    """The stack is there, and has no HTTP API of farsync."""

    usual_remedy = "Name the stack that was deployed from farsync's template."
    is_callers = True


class NoRegion(FarsyncError):
    """No AWS region is known."""

    usual_remedy = "Add --region REGION, or set AWS_REGION."
    is_callers = True


class NoCredentials(FarsyncError):
    """No AWS credentials were found, or they cannot be had."""

    usual_remedy = (
        "Log in (aws sso login, aws configure), or name a profile: farsync use --stack NAME --profile PROFILE"
    )
    is_callers = True


class CredentialsExpired(FarsyncError):
    """AWS says that the credentials have expired."""

    usual_remedy = "Log in anew (aws sso login), and call again."
    is_callers = True


class TokenCommandFailed(FarsyncError):
    """The command that prints a token did not."""

    usual_remedy = 'Try it by hand, and set it again: farsync use --stack NAME --token-command "COMMAND"'
    is_callers = True


class Unauthorized(FarsyncError):
    """The API takes tokens, and took none of ours."""

    usual_remedy = 'Name a command that prints a token: farsync use --stack NAME --token-command "COMMAND"'
    is_callers = True


class Forbidden(FarsyncError):
    """The caller may not do this, or the signature does not hold."""

    usual_remedy = (
        "Ask for execute-api:Invoke on this route (docs/permissions.md), and check the clock of this machine."
    )
    is_callers = True


class RouteUnknown(FarsyncError):
    """The API has no such route: the stack is older than this command."""

    usual_remedy = "Deploy the stack's newest version, then call again."
    is_callers = True


class Unreachable(FarsyncError):
    """No answer came."""

    usual_remedy = "Check the network and the address (farsync use), then call again."
    is_transient = True


class Unavailable(FarsyncError):
    """The API's front answered that it cannot serve at the moment."""

    usual_remedy = "Call again in a while."
    is_transient = True


class StartUnknown(FarsyncError):
    """No answer came to a start: the run may have begun or not."""

    def __init__(self, message: str, *, key: str) -> None:
        super().__init__(
            message, remedy=f"The run may have begun. Repeat it with the same key, and it is one run: --key {key}"
        )
        self.key = key


class AnswerUnreadable(FarsyncError):
    """An answer came that is none of this API."""

    usual_remedy = "Check the address (farsync use): is it the stack's HTTP API?"


class AwsRejected(FarsyncError):
    """An API of AWS rejected the call."""

    usual_remedy = "The text names the permission or the value to correct."
    is_callers = True

    def __init__(self, message: str, *, code: str = "", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.code = code
        """AWS's own name for it."""


class RunFailed(FarsyncError):
    """`raise_for_failure`: the run did not succeed."""


class WaitTimedOut(FarsyncError):
    """`wait` was given less time than the run took; the run goes on."""

    usual_remedy = "Wait again, or abort the run."
