"""Following a run to its end: often at first, then less; a network that is away for a while ends nothing."""

from collections.abc import Callable, Iterator
from itertools import chain, repeat

from farsync_client.errors import FarsyncError, WaitTimedOut
from farsync_client.models import RunDetails

POLL_SECONDS = (5.0, 15.0)
POLLED_OFTEN_FOR_SECONDS = 60.0

OnPoll = Callable[[RunDetails], None]
OnFailure = Callable[[FarsyncError], None]


def poll_waits() -> Iterator[float]:
    """Seconds before each poll after the first."""
    often, seldom = POLL_SECONDS
    return chain(repeat(often, int(POLLED_OFTEN_FOR_SECONDS / often)), repeat(seldom))


def wait_for_end(
    get_run: Callable[[], RunDetails],
    *,
    sleep: Callable[[float], None],
    clock: Callable[[], float],
    timeout_seconds: float | None = None,
    on_poll: OnPoll | None = None,
    on_failure: OnFailure | None = None,
) -> RunDetails:
    """The run as it ended. `clock` is in seconds, from any start.

    A failure that may pass is handed to `on_failure` and waited out; any other is raised. Raises WaitTimedOut.
    """
    began = clock()
    for wait in poll_waits():
        try:
            run = get_run()
        except FarsyncError as error:
            if not error.is_transient:
                raise
            if on_failure:
                on_failure(error)
        else:
            if on_poll:
                on_poll(run)
            if run.is_over:
                return run
        if timeout_seconds is not None:
            left = began + timeout_seconds - clock()
            if left <= 0:
                raise WaitTimedOut(f"The run was not over after {timeout_seconds:.0f} s; it goes on.")
            sleep(min(wait, left))
        else:
            sleep(wait)
    raise AssertionError("poll_waits has no end")
