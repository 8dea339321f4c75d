"""`close_run` at work on runs that ended, beside a real provider."""

import json
import random
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.model.execution import Execution, iso_instant
from farsync.model.run import Run
from farsync.model.run_request import RunRequest
from farsync.operations.close_run import consume
from farsync.operations.prepare_execution import prepare_run
from farsync.providers import open_provider
from farsync.providers.base import Provider
from farsync.runtime.context import Context
from farsync.runtime.queue_messages import Record
from tests.unit.histories import History
from tests.unit.operations.closing_aws import VARIABLES, Aws, EndedExecution
from tests.unit.operations.emulator_in_process import EmulatorInProcess, FakeClock
from tests.unit.operations.old_cloud import Cloud


class ClosingScene:
    """One provider, and runs of its jobs that ended. `later`: how far the functions' clock is ahead of the world's."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.aws = Aws()
        self.later = timedelta(0)
        self.receives = 0
        self.sent_at = self.now()
        self.found: dict[str, Any] = {}
        """What the message names, once a search has found it."""

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def pass_time(self, seconds: float) -> None:
        self.later += timedelta(seconds=seconds)

    @property
    def environment(self) -> Context:
        return self.cloud.environment._replace(clock=lambda: self.now().timestamp(), aws=self.aws, variables=VARIABLES)

    def started(self, name: str = "a-run", job: str | None = None, **changes: Any) -> dict[str, Any]:
        """The run variable of a run whose execution has been started."""
        run = self._prepared(job or self.cloud.emulator.make_job(), name)
        started = run.with_execution(self.post(run), self.now())
        return {**started.model_dump(mode="json", by_alias=True, exclude_none=True), **changes}

    def ended(self, run: Mapping[str, Any], status: str = "ABORTED", **details: str) -> EndedExecution:
        """A run that was followed, until it ended this moment."""
        history = History(self.now().timestamp()).begun({"job": run["job"]}).followed(run)
        return self.closed(history, str(run["name"]), {"job": run["job"]}, status, **details)

    def closed(
        self, history: History, name: str, request: object, status: str = "ABORTED", **details: str
    ) -> EndedExecution:
        history.now = self.now().timestamp()
        history.ended(status, **details)
        known = EndedExecution(name, request, history, status, history.now - 60, history.now)
        self.aws.runs[name] = known
        return known

    def receive(self, run: EndedExecution | str, **changes: Any) -> bool:
        """Whether the message was done with; it was received one time more. One that replaces it comes at once."""
        self.receives += 1
        body = run if isinstance(run, str) else json.dumps({**run.message, **self.found, **changes})
        is_done = consume(self.environment, Record("id", "handle", body, self.receives, self.sent_at))
        if not any(queue == "close" for queue, _ in self.aws.sent):
            return is_done
        ((_, message),) = self.aws.sent
        assert is_done
        assert isinstance(message, dict)
        self.aws.sent.clear()
        self.receives, self.sent_at, self.found = 0, self.now(), {"executionId": message["executionId"]}
        return self.receive(run, **changes)

    def receive_until_done(self, run: EndedExecution, most: int = 60, **changes: Any) -> None:
        """Each receive comes when the message is no longer hidden; the provider takes a moment to act."""
        for _ in range(most):
            if self.receive(run, **changes):
                return
            self.pass_time(self.aws.hidden_seconds[-1])
            time.sleep(0.01)
        raise AssertionError("the message is never done with")

    def prepared(self, job: str) -> dict[str, Any]:
        """The run variable before the start."""
        return self._prepared(job, "a-run").model_dump(mode="json", by_alias=True, exclude_none=True)

    def _prepared(self, job: str, name: str) -> Run:
        connection, now = self.cloud.environment.connections.get("default"), self.now()
        return prepare_run(RunRequest(job=job), self.cloud.provider(), connection, name=name, started_at=now, now=now)

    def post(self, run: Run, marker: str | None = None) -> Execution:
        """An execution that begins now."""
        return self.cloud.provider().start(run.job, condition=run.condition, parameters={}, marker=marker)

    @property
    def event(self) -> dict[str, Any]:
        """The only one."""
        (event,) = self.aws.events.values()
        return event

    @property
    def types(self) -> list[str]:
        return [event["type"].removeprefix("io.farsync.") for event in self.aws.events.values()]

    def word(self, run: Mapping[str, Any]) -> str:
        """The provider's own, of the run's execution."""
        return next(
            known.status
            for known in self.cloud.emulator.truly_started(run["job"])
            if known.execution_id == run["executionId"]
        )

    def wait_until_over(self, run: Mapping[str, Any]) -> None:
        self.cloud.wait_until_over(str(run["job"]), str(run["executionId"]))

    def asked_of_the_provider(self) -> dict[str, int]:
        counts: dict[str, int] = self.cloud.emulator.control("GET", "requests")["counts"]
        return dict(counts)


class CloudByTheClock(Cloud):
    """Its clock dates signatures too."""

    def provider(self) -> Provider:
        connection = self.environment.connections.get("default")
        return open_provider(connection, self.environment.transport, self.environment.clock)


class SceneByTheClock(ClosingScene):
    """The provider's clock goes with the functions': what was posted when, a search can only tell by both."""

    def __init__(self, emulator: EmulatorInProcess, clock: FakeClock) -> None:
        self.clock, self.emulator = clock, emulator
        environment = Context(
            clock=clock,
            sleep=clock.sleep,
            random=random.Random(1).random,
            new_token=lambda: "token",
            transport=Transport(
                session_factory=emulator.session, clock=clock, sleep=clock.sleep, random=random.Random(1).random
            ),
            aws=Aws(),
            connections=ConnectionStore(lambda _: json.dumps(emulator.secret()), clock=clock),
            variables={},
        )
        super().__init__(CloudByTheClock(emulator, emulator, environment))

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)

    def pass_time(self, seconds: float) -> None:
        self.clock.sleep(seconds)


def at(moment: datetime) -> str:
    return iso_instant(moment)
