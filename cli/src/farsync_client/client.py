"""farsync from Python: `Farsync(stack="farsync").run("night_load", parameters={"day": "2026-11-21"}).wait()`."""

import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import requests
from pydantic import BaseModel

from farsync_client.answers import Answer, parsed
from farsync_client.errors import StartUnknown, Unavailable, Unreachable
from farsync_client.models import (
    ConnectionItem,
    ConnectionList,
    EventPage,
    JobDetails,
    JobItem,
    JobPage,
    Logs,
    RunDetails,
    RunPage,
    RunState,
)
from farsync_client.opening import caller_of, choose_stack
from farsync_client.run import Run
from farsync_client.settings import StackSettings
from farsync_client.transport import Sleep, Transport, path_part


class Farsync:
    """The stack of this name, or the one that `farsync use` has chosen.

    Every method raises the errors of `farsync_client.errors` and `farsync_client.problems`; what only reads is tried
    again first. `clock` is in seconds, from any start.
    """

    def __init__(
        self,
        stack: str | None = None,
        *,
        region: str | None = None,
        profile: str | None = None,
        session: requests.Session | None = None,
        environ: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = time.sleep,
    ) -> None:
        session = session or requests.Session()
        self.stack: StackSettings = choose_stack(
            stack, region=region, profile=profile, environ=environ, session=session
        )
        self.clock = clock
        self.sleep = sleep
        self._api = Transport(self.stack.api_url, caller_of(self.stack), session, sleep)

    # Runs

    def run(
        self,
        job: str,
        *,
        connection: str = "default",
        parameters: Mapping[str, Any] | None = None,
        labels: Mapping[str, str] | None = None,
        key: str | None = None,
        **request: object,
    ) -> Run:
        """Starts a run; `request` holds other fields of a run request, as `timeoutSeconds=3600`.

        One key is one run, however often it is sent; without one, each call is a run. Raises StartUnknown, with the
        key, where no answer came.
        """
        body = {"job": job, "parameters": parameters, "labels": labels, **request}
        return self._start(f"/connections/{path_part(connection)}/runs", body, key)

    def rerun(
        self,
        name: str,
        *,
        parameters: Mapping[str, Any] | None = None,
        labels: Mapping[str, str] | None = None,
        key: str | None = None,
    ) -> Run:
        """A new run with the same request; what is given is laid over it. Raises as `run`."""
        return self._start(f"/runs/{path_part(name)}/rerun", {"parameters": parameters, "labels": labels}, key)

    def get_run(self, name: str) -> RunDetails:
        """`name` may be the beginning of its last part, six characters or more."""
        return parsed(RunDetails, self._api.get(f"/runs/{path_part(name)}"))

    def run_pages(
        self,
        *,
        states: Sequence[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        connection: str | None = None,
        job: str | None = None,
        limit: int = 50,
    ) -> Iterator[RunPage]:
        """Open runs first, then those that ended within, the last 24 hours unless it is said; a page may be empty."""
        path = f"/connections/{path_part(connection)}/runs" if connection else "/runs"
        query = {"state": ",".join(states), "since": since, "until": until, "job": job, "limit": limit}
        return self._pages(RunPage, path, query)

    def abort(self, name: str) -> RunState:
        return parsed(RunState, self._api.post(f"/runs/{path_part(name)}/abort"))

    def logs(self, name: str, *, node: str | None = None, tail: int = 200) -> Logs:
        return parsed(Logs, self._api.get(f"/runs/{path_part(name)}/logs", {"node": node, "tail": tail}))

    # Jobs, connections, events

    def connections(self) -> tuple[ConnectionItem, ...]:
        return parsed(ConnectionList, self._api.get("/connections")).connections

    def jobs(self, connection: str = "default", *, name: str | None = None, limit: int = 100) -> Iterator[JobItem]:
        """All jobs, page by page."""
        for number in range(1000):
            query = {"name": name, "page": number, "limit": limit}
            page = parsed(JobPage, self._api.get(f"/connections/{path_part(connection)}/jobs", query))
            yield from page.jobs
            known = (number + 1) * page.limit
            if not page.jobs or (page.total is not None and known >= page.total):
                return

    def job(self, job: str, connection: str = "default") -> JobDetails:
        """`job` is its id, or a Data Flow job's unique name."""
        path = f"/connections/{path_part(connection)}/jobs/{path_part(job)}"
        return parsed(JobDetails, self._api.get(path))

    def event_pages(
        self,
        *,
        types: Sequence[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        connection: str | None = None,
        job: str | None = None,
        limit: int = 100,
    ) -> Iterator[EventPage]:
        """Events as they were emitted, the newest first; `types` as `execution.failed`."""
        query = {
            "type": ",".join(types),
            "since": since,
            "until": until,
            "connection": connection,
            "job": job,
            "limit": limit,
        }
        return self._pages(EventPage, "/events", query)

    def _start(self, path: str, body: Mapping[str, object], key: str | None) -> Run:
        key = key or secrets.token_hex(12)
        filled = {name: value for name, value in body.items() if value is not None}
        try:
            answer = self._api.post(path, filled, {"idempotency-key": key})
        except (Unreachable, Unavailable) as error:
            raise StartUnknown(error.message, key=key) from error
        return Run(self, parsed(_Started, answer).name)

    def _pages(self, model: type[Answer], path: str, query: Mapping[str, object]) -> Iterator[Answer]:
        written = {name: _written(value) for name, value in query.items()}
        while True:
            content = self._api.get(path, written)
            yield parsed(model, content)
            if not content.get("nextToken"):
                return
            written["nextToken"] = content["nextToken"]


class _Started(BaseModel):
    name: str


def _written(value: object) -> object:
    """A moment in ISO 8601, with its offset; one without is of this machine's zone."""
    return value.astimezone().isoformat(timespec="seconds") if isinstance(value, datetime) else value
