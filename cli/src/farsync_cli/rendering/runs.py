"""A table of runs."""

from collections.abc import Sequence
from datetime import datetime

from rich.text import Text

from farsync_cli.rendering.table import Column, Row, table
from farsync_cli.rendering.values import clock_time, duration, short_name, state_text
from farsync_client.models import RunItem

COLUMNS = (
    Column("RUN"),
    Column("STATE"),
    Column("JOB", is_flexible=True),
    Column("CONNECTION", is_flexible=True),
    Column("STARTED"),
    Column("TOOK", is_right=True),
)


def run_table(runs: Sequence[RunItem], now: datetime, width: int | None) -> list[Text]:
    """A failure's reason stands below its run; piped, behind it."""
    return table(COLUMNS, [_row(run, now) for run in runs], width)


def _row(run: RunItem, now: datetime) -> Row:
    seconds = run.took_seconds if run.is_over else (now - run.started_at).total_seconds()
    return Row(
        [
            short_name(run.name),
            state_text(run.state),
            run.job_name or run.job or "",
            run.connection,
            clock_time(run.started_at, now),
            duration(seconds),
        ],
        f"{run.error.name}: {run.error.message}" if run.error else "",
    )
