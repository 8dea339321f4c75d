"""The part of the check that a cloud adds: its reads, kept as the provider wrote them, and its own findings."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise

from farsync.connections.connection import Connection
from farsync.http_client.client import Transport
from farsync.model.execution import Execution, Job
from tools.connection_check.raw_reading import RawReader
from tools.connection_check.report import Remedies, Report
from tools.connection_check.vocabulary import Record, legible

Clock = Callable[[], float]
"""Seconds since the Unix epoch."""
CloudMaker = Callable[[Connection, Transport, Clock], "Cloud"]
PAGE_LIMIT = 100

Seen = dict[str, list[Record]]
"""Records as the provider wrote them, by the kinds of its vocabulary."""


class Cloud(ABC):
    """Every read raises the errors of `farsync.model.errors`."""

    remedies: Remedies
    """Go before those that hold for every cloud."""
    clock_window_seconds: float
    """Beyond it the gateway rejects every signature."""
    execution_word: str
    """The provider's word for an execution, and its kind in the vocabulary."""
    job_read: tuple[str, str]
    """The report's word for the read of a job, and its kind."""
    jobs_field: str
    executions_field: str
    total_field: str
    execution_id_field: str
    raw: RawReader

    @abstractmethod
    def jobs(self) -> Record:
        """The first page."""

    @abstractmethod
    def job(self, job: str) -> Record: ...

    @abstractmethod
    def executions(self, job: Job) -> Record:
        """The first page of the newest."""

    @abstractmethod
    def execution(self, job: str, execution_id: str) -> Record: ...

    @abstractmethod
    def created_at(self, execution: Record) -> datetime | None: ...

    @abstractmethod
    def durations(self, execution: Record) -> list[str]: ...

    @abstractmethod
    def check_jobs(self, report: Report, records: Sequence[Record], jobs: Sequence[Job]) -> None:
        """Findings about the list of jobs."""

    def check_list(self, report: Report, topic: str, job: Job, executions: Sequence[Record]) -> None:  # noqa: B027
        """Findings about a job's list of executions."""

    def check_newest(self, report: Report, execution: Record) -> None:  # noqa: B027
        """Findings about the newest execution."""

    @abstractmethod
    def check_all(self, report: Report, seen: Seen) -> None:
        """Findings about all that was read, where there was an execution."""

    def check_last(self, report: Report) -> None:  # noqa: B027
        """Requests that the provider may reject."""

    def total(self, listing: Record) -> str:
        """How many items the provider says there are; a number, or nothing that a report should repeat."""
        total = listing.get(self.total_field)
        return f"{self.total_field} {total}" if isinstance(total, int) else f"no {self.total_field}"

    def in_words(self, record: Record, execution: Execution) -> str:
        """Our status, the provider's, how long it took, and the fields that were there."""
        word = execution.provider_status if execution.is_status_known else "a word that farsync does not know"
        seconds = execution.duration_seconds
        status = f"{execution.status} ({word}); {f'took {seconds:.0f} s' if seconds is not None else 'no duration'}"
        return f"{', '.join([status, *self.durations(record)])}; {fields_in_words(record)}"


def fields_in_words(record: Record) -> str:
    return f"fields: {', '.join(legible(name) for name in sorted(record))}"


def order(moments: Sequence[datetime | None]) -> str:
    """In which order a list stands, by when its items were created."""
    known = [moment for moment in moments if moment is not None]
    if len(set(known)) < 2:
        return "too few to know"
    if all(before >= after for before, after in pairwise(known)):
        return "newest first"
    if all(before <= after for before, after in pairwise(known)):
        return "oldest first"
    return "unordered"


def records_in(value: object) -> list[Record]:
    """The objects of a list in a reply."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
