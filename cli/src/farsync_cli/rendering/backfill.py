"""A backfill: its plan, how it goes, how it ended."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.text import Text

from farsync_cli.rendering.table import Column, Row, table
from farsync_cli.rendering.values import duration, short_name, state_text
from farsync_client.backfill import BackfillPlan, BackfillResult, BackfillStatus
from farsync_client.models import RunItem

MOST_SETS = 15
COUNTS = (
    ("succeeded", "succeeded"),
    ("done before", "done_before"),
    ("failed", "failed"),
    ("undecided", "undecided"),
    ("skipped", "skipped"),
)
RESULT_COLUMNS = (
    Column("  SET", is_right=True),
    Column("STATUS"),
    Column("RUN"),
    Column("PARAMETERS", is_flexible=True),
)


def plan_page(plan: BackfillPlan, job: str) -> Iterator[Text]:
    yield Text(f"{len(plan.items)} runs of {job} over {plan.connection}, {plan.max_concurrency} at a time:")
    shown = plan.items if len(plan.items) <= MOST_SETS else plan.items[: MOST_SETS - 1]
    for item in shown:
        yield Text(f"  {item.index:>3}  {_assignments(item.parameters)}")
    if len(shown) < len(plan.items):
        yield Text(
            f"  ...  and {len(plan.items) - len(shown)} more, the last {_assignments(plan.items[-1].parameters)}"
        )


def backfill_progress(status: BackfillStatus, runs: Sequence[RunItem], total: int, now: datetime) -> Text:
    """One line: the runs of the job since the backfill began, by state."""
    states = Counter(run.state for run in runs)
    line = state_text(status.state).append(f"  {duration((now - status.started_at).total_seconds())}  {total} sets; ")
    counts = [f"{count} {state.lower().replace('_', ' ')}" for state, count in states.most_common()]
    return line.append(f"runs since: {', '.join(counts) or 'none yet'}", "dim")


def backfill_outcome(status: BackfillStatus, now: datetime, width: int | None) -> Iterator[Text]:
    line = state_text(status.state).append(f"  {duration((now - status.started_at).total_seconds())}")
    if status.result is None:
        yield line.append(f"  {status.reason}")
        return
    counts = [f"{getattr(status.result, name)} {word}" for word, name in COUNTS if getattr(status.result, name)]
    yield line.append(f"  {', '.join(counts)}, of {status.result.total}")
    open_sets = _rows(status.result)
    if open_sets:
        yield from table(RESULT_COLUMNS, open_sets, width)


def _rows(result: BackfillResult) -> list[Row]:
    """What did not succeed."""
    return [
        Row(
            [f"  {item.index}", item.status, short_name(item.run_name or ""), _assignments(item.parameters)],
            ": ".join(text for text in (item.error, item.message) if text),
        )
        for item in result.results
        if item.status not in ("SUCCEEDED", "DONE_BEFORE")
    ][:MOST_SETS]


def _assignments(parameters: object) -> str:
    return "  ".join(f"{name}={value}" for name, value in parameters.items()) if isinstance(parameters, dict) else ""
