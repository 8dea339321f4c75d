"""The runs while they go on: a table that keeps itself up to date, or a line for each change."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console
from rich.live import Live
from rich.table import Table

from sandbox.main_job.failure import MainJobFailed
from sandbox.main_job.run_observer import RunSight
from sandbox.main_job.triggers import StartedRun

OBSERVE_EVERY_SECONDS = 0.4
WORDS = {
    "green": ("SUCCEEDED", "COMPLETED", "success"),
    "cyan": ("RUNNING", "running"),
    "yellow": ("READY", "waiting"),
    "red": ("FAILED", "TIMED_OUT", "ABORTED", "CANCELED", "fail", "manual-stop"),
}
STYLES = {word: style for style, words in WORDS.items() for word in words}


def follow(
    runs: Sequence[StartedRun],
    observe: Callable[[StartedRun], RunSight],
    console: Console,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    limit_seconds: float,
) -> list[RunSight]:
    """Shows the runs until all are over, and returns how they ended. Raises MainJobFailed."""
    live = Live(console=console, auto_refresh=False) if console.is_terminal else None
    screen: AbstractContextManager[object] = live or nullcontext()
    began = clock()
    shown: dict[str, str] = {}
    with screen:
        while True:
            sights = [observe(run) for run in runs]
            if live is not None:
                live.update(runs_table(sights), refresh=True)
            else:
                _print_changes(sights, shown, console, clock() - began)
            still_open = [sight for sight in sights if not sight.is_over]
            if not still_open:
                return sights
            if clock() - began > limit_seconds:
                names = ", ".join(
                    f"{sight.run.cloud} by {sight.run.trigger} (in {sight.state})" for sight in still_open
                )
                raise MainJobFailed(f"not over after {limit_seconds:.0f} s: {names}")
            sleep(OBSERVE_EVERY_SECONDS)


def runs_table(sights: Sequence[RunSight]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    for heading in ("cloud", "started by", "state of the run", "provider says"):
        table.add_column(heading, no_wrap=True)
    table.add_column("elapsed", justify="right", no_wrap=True)
    for sight in sights:
        table.add_row(
            sight.run.cloud,
            sight.run.trigger,
            _styled(sight.state),
            _styled(sight.provider_status),
            f"{sight.elapsed_seconds:.1f} s",
        )
    return table


def _print_changes(sights: Sequence[RunSight], shown: dict[str, str], console: Console, elapsed_seconds: float) -> None:
    for sight in sights:
        run = sight.run
        line = f"{run.cloud:<6} {run.trigger:<13} {sight.state:<10} provider says {sight.provider_status}"
        if shown.get(run.name) != line:
            shown[run.name] = line
            console.print(f"{elapsed_seconds:5.1f} s  {line}", highlight=False, soft_wrap=True)


def _styled(word: str) -> str:
    style = STYLES.get(word)
    return f"[{style}]{word}[/]" if style else word
