"""A provider's service in this process, and the functions whose connections lead there."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from farsync.aws.client import AwsRequestFailed
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.model.execution import iso_instant
from farsync.operations.prepare_execution import prepare
from farsync.operations.trigger_execution import start
from farsync.runtime.connected_provider import ConnectedProvider
from farsync.runtime.context import Context
from farsync.runtime.request import Answer, Invocation
from tests.support.waiting import eventually
from tests.unit.operations.aws_in_memory import VARIABLES, Aws, Run
from tests.unit.operations.poll_queue import PollQueue
from tests.unit.operations.provider_in_process import (
    BEYOND_ANY_TEST_SECONDS,
    EmulatorInProcess,
    FakeClock,
    HuaweiInProcess,
    NaverInProcess,
)

UseCase = Callable[[Context, Invocation], Answer]
KINDS: dict[str, Callable[..., EmulatorInProcess]] = {
    "data-flow": NaverInProcess,
    "dataarts": HuaweiInProcess,
    "data-flow-that-echoes": partial(NaverInProcess, is_echoing_parameters=True),
}
BOTH = ["data-flow", "dataarts"]
AT_ONCE: dict[str, Any] = {"queue_seconds": 0, "run_seconds": 0}
RUNNING: dict[str, Any] = {"queue_seconds": 0, "run_seconds": BEYOND_ANY_TEST_SECONDS}
ANOTHER_ACCOUNT = {"endpoint": "https://another.example.com", "projectId": "0" * 32}


class Cloud:
    """`connection` is what the secret holds beside the provider's keys; it is the same for every connection, but that
    `elsewhere` leads to another account, and `gone` has no secret.
    """

    def __init__(self, emulator: EmulatorInProcess, clock: FakeClock, connection: dict[str, Any]) -> None:
        self.emulator, self.clock, self.connection = emulator, clock, connection
        self.aws = Aws(clock)
        self.secrets_fetched: list[str] = []
        self.base = self.new_environment()

    @cached_property
    def job(self) -> str:
        return self.emulator.make_job()

    @property
    def environment(self) -> Context:
        return self.base._replace(aws=self.aws)

    def new_environment(self) -> Context:
        """Of a function that knows nothing yet."""
        chance = random.Random(1).random
        session = self.emulator.session
        return Context(
            clock=self.clock,
            sleep=self.clock.sleep,
            random=chance,
            new_token=lambda: "token",
            transport=Transport(session_factory=session, clock=self.clock, sleep=self.clock.sleep, random=chance),
            aws=self.aws,
            connections=ConnectionStore(self._fetch, clock=self.clock),
            variables=VARIABLES,
        )

    def ask(self, use_case: UseCase, payload: dict[str, Any], environment: Context | None = None) -> dict[str, Any]:
        answer = use_case(environment or self.environment, Invocation("state_machine", payload))
        return answer.body.model_dump(mode="json", by_alias=True, exclude_none=True)

    def provider(self) -> ConnectedProvider:
        return self.environment.provider("default")

    def prepared(self, started_at: str | None = None, **request: Any) -> dict[str, Any]:
        """The run variable of a run that begins now, or that began then; of `job` unless the request says otherwise."""
        this_run = {"name": "a-run", "startedAt": started_at or iso_instant(self.environment.now()), "redriveCount": 0}
        return self.ask(prepare, {"request": self._request(request), "run": this_run})

    def begun(self, run: dict[str, Any] | None = None, redrive_count: int = 0, **request: Any) -> dict[str, Any]:
        """What Start answers to a run, which begins now unless it is given, and stands unless AWS says otherwise."""
        run = run or self.prepared(**request)
        self.aws.runs.setdefault("a-run", Run("a-run", "{}"))
        payload = {"request": self._request(request), "run": run, "redriveCount": redrive_count}
        return self.ask(start, payload)

    def followed(self, **changes: Any) -> tuple[PollQueue, dict[str, Any]]:
        """A run whose execution has been started, on the queue in which it is polled."""
        run = {**self.begun()["run"], **changes}
        self.aws = queue = PollQueue(self.clock)
        queue.follow(run)
        return queue, run

    def post(self) -> str:
        """By nobody of ours; the id of an execution that begins now."""
        return self.emulator.start_by_hand(self.job)

    def fault(self, operation: str, fault: str, times: int = 1, **more: Any) -> None:
        self.emulator.add_fault(self.job, operation, fault, times, **more)

    def wait_until_over(self, execution_id: str) -> None:
        eventually(lambda: self.word(execution_id) in self.emulator.ended_words)

    def word(self, execution_id: str) -> str:
        """The provider's own, of how the execution goes."""
        return next(this.status for this in self.emulator.truth() if this.execution_id == execution_id)

    def _request(self, given: dict[str, Any]) -> dict[str, Any]:
        return given if "job" in given else {"job": self.job, **given}

    def _fetch(self, secret_id: str) -> str:
        self.secrets_fetched.append(secret_id)
        held = {**self.emulator.secret(), **self.connection}
        match secret_id.rpartition("/")[2]:
            case "gone":
                raise AwsRequestFailed("ResourceNotFoundException", "no such secret", 400)
            case "elsewhere":
                held |= {name: value for name, value in ANOTHER_ACCOUNT.items() if name in held}
        return json.dumps(held)


@contextmanager
def a_cloud(
    kind: str, folder: Path, ahead_seconds: float = 0, connection: dict[str, Any] | None = None, **settings: Any
) -> Iterator[Cloud]:
    """Executions wait in the provider's queue for as long as a test lasts, unless the settings say otherwise."""
    clock = FakeClock()
    emulator = KINDS[kind](folder, clock, ahead_seconds, **settings)
    yield Cloud(emulator, clock, connection or {})
    emulator.stop()
