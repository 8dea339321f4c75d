"""Jobs in a table, and one job with its last executions."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from shlex import quote

from rich.text import Text

from farsync_cli.rendering.page import command, field
from farsync_cli.rendering.sparkline import sparkline
from farsync_cli.rendering.table import Column, Row, table
from farsync_cli.rendering.values import STYLES, clock_time, duration, state_text
from farsync_client.models import JobDetails, JobItem

COLUMNS = (
    Column("JOB", is_flexible=True),
    Column("ID", is_flexible=True),
    Column("STATUS"),
    Column("LAST RUN"),
    Column("LAST STATUS"),
    Column("RUNNABLE"),
)
RECENT_COLUMNS = (Column("  STARTED"), Column("STATE"), Column("TOOK", is_right=True), Column("EXECUTION"))
MOST_SHOWN = 10


def job_table(jobs: Sequence[JobItem], now: datetime, width: int | None) -> list[Text]:
    rows = [
        Row(
            [
                job.name or job.job,
                "" if job.name == job.job else job.job,
                job.status,
                clock_time(job.last_execution_at, now),
                job.last_execution_status or "",
                "yes" if job.is_runnable else "no",
            ]
        )
        for job in jobs
    ]
    return table(COLUMNS, rows, width)


def job_page(job: JobDetails, connection: str, now: datetime, width: int | None) -> Iterator[Text]:
    title = Text().append("Job ").append(job.name or job.job, "bold")
    yield title.append(f" ({job.job})" if job.name and job.name != job.job else "").append(f" over {connection}")
    yield from field("status", f"{job.status}{'' if job.is_runnable else ', cannot be run'}", width)
    yield from field("type", job.type, width)
    yield from field("about", job.description, width)
    yield from field("time-out", duration(job.timeout_minutes * 60) if job.timeout_minutes else "", width)
    yield from field("durations", _durations(job), width)
    yield from field("median", _statistics(job), width)
    if job.recent:
        yield Text()
        yield from table(RECENT_COLUMNS, _recent_rows(job, now), width)
    yield Text()
    again = f"farsync run {quote(job.name or job.job)}{'' if connection == 'default' else f' -c {connection}'} --watch"
    yield from field("run it", command(again), width)


def _durations(job: JobDetails) -> Text:
    """Oldest first, as a reader expects of time; failures in their colour."""
    oldest_first = job.recent[::-1]
    bars = Text()
    for execution, bar in zip(oldest_first, sparkline([item.duration_seconds for item in oldest_first]), strict=True):
        bars.append(bar, STYLES.get(execution.status, ""))
    return bars.append(f"  last {len(job.recent)}, the newest at the right", "dim") if job.recent else bars


def _statistics(job: JobDetails) -> str:
    parts = [
        duration(job.median_seconds),
        f"p95 {duration(job.p95_seconds)}" if job.p95_seconds is not None else "",
        f"{job.success_rate:.0%} succeeded" if job.success_rate is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def _recent_rows(job: JobDetails, now: datetime) -> list[Row]:
    return [
        Row(
            [
                f"  {clock_time(item.created_at, now)}",
                state_text(item.status),
                duration(item.duration_seconds),
                item.execution_id,
            ]
        )
        for item in job.recent[:MOST_SHOWN]
    ]
