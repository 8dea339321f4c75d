"""One run, held in the hand."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from farsync_client.errors import RunFailed
from farsync_client.models import Logs, RunDetails, RunState
from farsync_client.waiting import OnFailure, OnPoll, wait_for_end


class Api(Protocol):
    """Who asks the API: a `Farsync`."""

    clock: Callable[[], float]
    sleep: Callable[[float], None]

    def get_run(self, name: str) -> RunDetails: ...

    def abort(self, name: str) -> RunState: ...

    def logs(self, name: str, *, node: str | None = None, tail: int = 200) -> Logs: ...

    def rerun(
        self, name: str, *, parameters: Mapping[str, Any] | None = None, labels: Mapping[str, str] | None = None
    ) -> "Run": ...


class Run:
    """A run by its name; every call asks the API anew."""

    def __init__(self, client: Api, name: str) -> None:
        self._client = client
        self.name = name

    def __repr__(self) -> str:
        return f"Run({self.name!r})"

    def details(self) -> RunDetails:
        return self._client.get_run(self.name)

    def wait(
        self,
        timeout_seconds: float | None = None,
        *,
        on_poll: OnPoll | None = None,
        on_failure: OnFailure | None = None,
    ) -> RunDetails:
        """The run as it ended, however it ended. Raises WaitTimedOut; the run goes on then."""
        return wait_for_end(
            self.details,
            sleep=self._client.sleep,
            clock=self._client.clock,
            timeout_seconds=timeout_seconds,
            on_poll=on_poll,
            on_failure=on_failure,
        )

    def result(self, timeout_seconds: float | None = None) -> RunDetails:
        """As `wait`, for a run that must succeed. Raises RunFailed with the reason, too."""
        return raise_for_failure(self.wait(timeout_seconds))

    def abort(self) -> RunState:
        return self._client.abort(self.name)

    def logs(self, *, node: str | None = None, tail: int = 200) -> Logs:
        return self._client.logs(self.name, node=node, tail=tail)

    def rerun(self, *, parameters: Mapping[str, Any] | None = None, labels: Mapping[str, str] | None = None) -> "Run":
        return self._client.rerun(self.name, parameters=parameters, labels=labels)


def raise_for_failure(run: RunDetails) -> RunDetails:
    """The same run if it succeeded. Raises RunFailed."""
    if run.state == "SUCCEEDED":
        return run
    reason = run.reason
    why = f"{reason.name}: {reason.message}" if reason else "no reason is known."
    raise RunFailed(f"Run {run.name} ended as {run.state}; {why}", remedy="Run.logs() has the provider's log.")
