"""Events, a line each."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.text import Text

from farsync_cli.rendering.table import Column, Row, table
from farsync_cli.rendering.values import STYLES, clock_time, duration, short_name
from farsync_client.models import Event

COLUMNS = (
    Column("TIME"),
    Column("EVENT"),
    Column("JOB", is_flexible=True),
    Column("CONNECTION", is_flexible=True),
    Column("RUN"),
    Column("TOOK", is_right=True),
)


def event_table(events: Sequence[Event], now: datetime, width: int | None, *, with_titles: bool = True) -> list[Text]:
    lines = table(COLUMNS, [_row(event, now) for event in events], width)
    return lines if with_titles else lines[1:]


def _row(event: Event, now: datetime) -> Row:
    data = event.data
    error = data.get("error")
    why = str(data.get("attention", ""))
    if isinstance(error, Mapping):
        why = f"{error.get('name')}: {error.get('message', '')}"
    seconds = data.get("durationSeconds")
    return Row(
        [
            clock_time(event.time, now, with_seconds=True),
            Text().append(event.short_type, STYLES.get(event.short_type.rpartition(".")[2].upper(), "")),
            str(data.get("jobName") or data.get("job") or ""),
            str(data.get("connection", "")),
            short_name(str(data.get("runName") or data.get("backfillName") or "")),
            duration(seconds) if isinstance(seconds, int | float) else "",
        ],
        why,
    )
