"""Following a run on the screen: a live line on a terminal, a line for each change in a log."""

from datetime import datetime, timedelta

import typer

from farsync_cli.exit_codes import ExitCode, exit_code_of_state
from farsync_cli.rendering.outcome import outcome
from farsync_cli.rendering.progress import progress
from farsync_cli.rendering.values import short_name
from farsync_cli.surroundings import Surroundings
from farsync_client import FarsyncError, RunDetails
from farsync_client.waiting import wait_for_end

LINE_AT_LEAST_EVERY = timedelta(minutes=5)
"""In a log, so that it does not seem dead."""


class WatchBroken(FarsyncError):
    """The run cannot be followed any more, and goes on."""


class Progress:
    """What is known of a run that is followed, kept on the screen."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self.run: RunDetails | None = None
        self._failure: FarsyncError | None = None
        self._last_line_at: datetime | None = None
        self._last_change: tuple[object, ...] = ()
        self.median_seconds: float | None = None

    def polled(self, run: RunDetails) -> None:
        if self.run is None:
            self.median_seconds = self._median(run)
        self.run, self._failure = run, None
        self._show()

    def failed(self, failure: FarsyncError) -> None:
        self._failure = failure
        self._show()

    def sleep(self, seconds: float) -> None:
        """A second at a time on a terminal, where the line shows that time goes on."""
        while seconds > 0:
            step = min(1.0, seconds) if self._surroundings.screen.is_terminal else seconds
            self._surroundings.sleep(step)
            seconds -= step
            if self._surroundings.screen.is_terminal:
                self._show()

    def _show(self) -> None:
        run, screen, now = self.run, self._surroundings.screen, self._surroundings.now()
        if run is None or run.is_over:
            return
        line = progress(run, now, self.median_seconds, self._failure)
        if screen.is_terminal:
            screen.show_live(line)
            return
        status = run.execution and run.execution.provider_status
        change = (run.state, run.step, status, self._failure and self._failure.name)
        is_due = self._last_line_at is None or now - self._last_line_at >= LINE_AT_LEAST_EVERY
        if change != self._last_change or is_due:
            self._last_change, self._last_line_at = change, now
            screen.note(line)

    def _median(self, run: RunDetails) -> float | None:
        """How long the job takes; a courtesy that no watching depends on."""
        try:
            return self._surroundings.client.job(run.job, run.connection).median_seconds if run.job else None
        except FarsyncError:
            return None


def follow(surroundings: Surroundings, name: str, *, as_json: bool) -> typer.Exit:
    """Until the run is over; its outcome as the exit to raise. Raises WatchBroken."""
    client, screen = surroundings.client, surroundings.screen
    shown = Progress(surroundings)
    try:
        run = wait_for_end(
            # The whole name, once it is known: what is unambiguous now need not stay so.
            lambda: client.get_run(shown.run.name if shown.run else name),
            sleep=shown.sleep,
            clock=surroundings.seconds,
            on_poll=shown.polled,
            on_failure=shown.failed,
        )
    except KeyboardInterrupt:
        screen.end_live()
        screen.note(f"Stopped watching; the run goes on. {how_to_go_on(name)}")
        return typer.Exit(ExitCode.INTERRUPTED)
    except FarsyncError as error:
        screen.end_live()
        if shown.run is None:
            raise
        raise WatchBroken(error.message, remedy=f"{error.remedy} The run goes on. {how_to_go_on(name)}") from error
    if as_json:
        screen.show_json(run.as_sent())
    else:
        screen.show(outcome(run, shown.median_seconds, screen.width))
    return typer.Exit(exit_code_of_state(run.state))


def how_to_go_on(name: str) -> str:
    short = short_name(name)
    return f"Follow it: farsync watch {short}. Stop it: farsync abort {short}"
