"""What the executions of any cloud tell. Pure functions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from farsync.model.execution import Execution, Job
from tools.connection_check.vocabulary import Record, legible


def order(moments: Sequence[datetime | None]) -> str:
    """In which order a list stands, by when its items were created."""
    known = [moment for moment in moments if moment is not None]
    if len(set(known)) < 2:
        return "too few to tell"
    if all(before >= after for before, after in pairwise(known)):
        return "newest first"
    if all(before <= after for before, after in pairwise(known)):
        return "oldest first"
    return "unordered"


def ran_last(jobs: Iterable[Job], number: int) -> list[Job]:
    """So many of the jobs, those first whose last execution is newest."""

    def moment(job: Job) -> float:
        return job.last_execution_at.timestamp() if job.last_execution_at else 0.0

    return sorted(jobs, key=moment, reverse=True)[:number]


def newest_execution(executions: Iterable[Execution]) -> Execution | None:
    dated = [(execution.created_at, execution) for execution in executions if execution.created_at is not None]
    return max(dated, key=lambda pair: pair[0])[1] if dated else None


def status_in_words(execution: Execution) -> str:
    """Our word, the provider's, and how long it took."""
    word = execution.provider_status if execution.is_status_known else "a word that farsync does not know"
    duration = execution.duration_seconds
    return f"{execution.status} ({word}); {f'took {duration:.0f} s' if duration is not None else 'no duration'}"


def fields_in_words(record: Record) -> str:
    return f"fields: {', '.join(legible(name) for name in sorted(record))}"
