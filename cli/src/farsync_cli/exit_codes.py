"""The exit code is the outcome: scripts need no other."""

from enum import IntEnum

from farsync_client.errors import FarsyncError


class ExitCode(IntEnum):
    SUCCEEDED = 0
    FAILED = 1
    """The run failed, or was canceled."""
    USAGE = 2
    """The call is wrong as it stands: an option, a name, a permission."""
    TIMED_OUT = 3
    UNKNOWN = 4
    """How the run ended, or whether the call was carried out, cannot be known here."""
    INTERRUPTED = 130
    """Ctrl-C, as shells have it."""


_BY_STATE = {
    "SUCCEEDED": ExitCode.SUCCEEDED,
    "FAILED": ExitCode.FAILED,
    "CANCELED": ExitCode.FAILED,
    "TIMED_OUT": ExitCode.TIMED_OUT,
}


def exit_code_of_state(state: str) -> ExitCode:
    return _BY_STATE.get(state, ExitCode.UNKNOWN)


def exit_code_of_error(error: FarsyncError) -> ExitCode:
    return ExitCode.USAGE if error.is_callers else ExitCode.UNKNOWN
