"""What farsync asks of a cloud that runs jobs."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from farsync.model.execution import Execution, Job


class JobPage(NamedTuple):
    """One page of jobs. `total` is how many there are on all pages, where the provider gives it."""

    items: tuple[Job, ...]
    total: int | None
    page: int
    limit: int


class ExecutionPage(NamedTuple):
    """One page of a job's executions. `total` is how many entries there are on all pages, where the provider
    gives it; `served_at` the provider's own time when it answered, in whole seconds, where the reply gives it.
    """

    items: tuple[Execution, ...]
    total: int | None
    page: int
    limit: int
    served_at: datetime | None = None
    entries: tuple[Execution, ...] = ()
    """All that the provider listed, where executions of other jobs were among it: to page by, and for nothing else."""
    reaches_back_to: datetime | None = None
    """Older executions are in no page; None where the list holds all."""
    unreadable: tuple[datetime | None, ...] = ()
    """When the executions were created of which the entry cannot be read, as far as it says."""

    @property
    def listed(self) -> tuple[Execution, ...]:
        """The provider's entries, whosever they are."""
        return self.entries or self.items

    @property
    def size(self) -> int:
        """What the provider's pages count."""
        return len(self.listed) + len(self.unreadable)


class Provider(Protocol):
    """The operations of a provider's job service, in our vocabulary.

    Every reply is held against the question. One whose execution id, job id or job name is not what was asked for is
    no answer: a read raises `ProviderUnavailable`, so that it is asked again, and a start `StartUnconfirmed`. Ids are
    compared with ids and names with names; what a reply does not say cannot differ.

    A field of a value that cannot be is None, as one that is left out; an entry of a page without an id is missing, or
    `unreadable`.

    A reply may repeat the values of secret parameters. They stay in `Execution.parameters`, `condition` and
    `failure_reason`, which nothing shows or logs; of a reply in no known shape the errors keep its length and type.

    Every method raises the classes of `farsync.model.errors`: `AuthenticationFailed`, `PermissionDenied`,
    `Throttled`, `QuotaExceeded`, `ProviderUnavailable`, `ConnectionInvalid` (a wrong endpoint),
    `InvalidRequest`, and those that it names itself.
    """

    def list_jobs(
        self, *, name: str | None = None, status: str | None = None, page: int = 0, limit: int = 1000
    ) -> JobPage:
        """One page of jobs, in the provider's order, from 0; a larger `limit` is lowered, as the page says."""

    def get_job(self, job: str, *, is_timeout_needed: bool = True) -> Job:
        """A cheaper answer will do where its `timeout_minutes` is not needed. Raises `JobNotFound`."""

    def list_executions(self, job: str, *, page: int = 0, limit: int = 1000) -> ExecutionPage:
        """One page in the provider's order, of the last days where it lists no more. Raises `JobNotFound`, unless the
        provider reports an unknown job as one without executions.
        """

    def get_execution(self, job: str, execution_id: str) -> Execution:
        """Raises `ExecutionNotFound`."""

    def start(
        self,
        job: str,
        *,
        condition: Mapping[str, object] | None,
        parameters: Mapping[str, str],
        options: Mapping[str, str] | None = None,
        marker: str | None = None,
    ) -> Execution:
        """Post a start, once. Without `condition` the job's stored run settings apply, where the provider
        allows it. The execution carries the marker where the connection asks for it. `options` are those of one
        provider, by its own names; every other rejects them.

        Raises `JobNotFound`, `JobNotRunnable`, `AlreadyRunning`; after them, and every other error that is not
        `StartUnconfirmed`, nothing was started. So each needs a rejection of a known kind, by a status and code that
        the provider's pages name. `StartUnconfirmed` is the default for every other reply: an interim or redirecting
        one, an unknown 4xx, a 5xx, and a success that cannot be read or is about something else.
        """

    def is_marked(self, execution: Execution, marker: str | None) -> bool | None:
        """Whether an execution carries this marker; None where none over this connection does, or without marker."""

    def cancel(self, job: str, execution_id: str) -> None:
        """Ask for its end; one that is over already is a success. Raises `ExecutionNotFound`."""
