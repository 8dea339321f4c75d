"""`close_run` at work on runs that ended, with their execution or without."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from farsync.model.run import Run as RunVariable
from farsync.operations.close_run import consume
from farsync.runtime.queue_messages import Record
from tests.support.waiting import eventually
from tests.unit.histories import History
from tests.unit.operations.aws_in_memory import Aws, Run
from tests.unit.operations.cloud import Cloud

WINDOW_AND_FUNCTION_SECONDS = 60 + 35


class ClosingScene:
    """One provider, and runs of its jobs that ended."""

    def __init__(self, cloud: Cloud, aws: Aws | None = None) -> None:
        self.cloud, self.emulator, self.clock = cloud, cloud.emulator, cloud.clock
        self.aws = cloud.aws = aws or cloud.aws
        self.post = cloud.post
        self.receives = 0
        self.sent_at = self.now()
        self.found: dict[str, Any] = {}
        """What the message names, once a search has found it."""

    def now(self) -> datetime:
        return self.cloud.environment.now()

    def pass_time(self, seconds: float = 0, **more: float) -> None:
        self.clock.sleep(seconds + timedelta(**more).total_seconds())

    def started(self, **changes: Any) -> dict[str, Any]:
        """The run variable of a run whose execution has been started."""
        run = RunVariable.model_validate(self.cloud.prepared())
        started = run.with_execution(self.cloud.provider().get_execution(self.cloud.job, self.post()), self.now())
        return {**started.model_dump(mode="json", by_alias=True, exclude_none=True), **changes}

    def history(self, request: object) -> History:
        return History(self.clock()).begun(request)

    def ended(self, run: Mapping[str, Any], status: str = "ABORTED", **details: str) -> Run:
        """A run that was followed, until it ended this moment."""
        request = {"job": run["job"]}
        return self.closed(self.history(request).followed(run), request, status, str(run["name"]), **details)

    def never_prepared(self, request: object, status: str = "ABORTED", **details: str) -> Run:
        return self.closed(self.history(request).entered("Prepare"), request, status, **details)

    def unconfirmed(self, status: str = "ABORTED", name: str = "a-run", **details: str) -> Run:
        """Its function was cut off at the post, and the run ended while it waited for the provider's list."""
        request, run = {"job": self.cloud.job}, self.cloud.prepared()
        history = self.history(request).called("Prepare", {"request": request, "run": {"name": name}}, run)
        history.entered("Start").scheduled({"request": request, "run": run, "redriveCount": 0})
        history.failed("Lambda.Unknown", "the function was cut off").entered("AwaitConsistency")
        return self.closed(history, request, status, name, **details)

    def closed(
        self, history: History, request: object, status: str = "ABORTED", name: str = "a-run", **details: str
    ) -> Run:
        history.now = self.clock()
        history.ended(status, **details)
        run = Run(name, json.dumps(request), history.now - 60, status, history.now, history=history)
        self.aws.runs[name] = run
        return run

    def redriven(self, run: Run) -> dict[str, Any]:
        """The message about the run's end, which has been redriven since."""
        message = run.message
        run.redrive_count, run.status = 1, "RUNNING"
        return message

    def receive(self, run: Run | str, **changes: Any) -> bool:
        """Whether the message was done with; it was received one time more. One that replaces it comes at once."""
        self.receives += 1
        body = run if isinstance(run, str) else json.dumps({**run.message, **self.found, **changes})
        is_done = consume(self.cloud.environment, Record("id", "handle", body, self.receives, self.sent_at))
        if not any(queue == "close" for queue, _ in self.aws.sent):
            return is_done
        ((_, message),) = self.aws.sent
        assert is_done
        self.aws.sent.clear()
        self.receives, self.sent_at, self.found = 0, self.now(), {"executionId": message["executionId"]}
        return self.receive(run, **changes)

    def receive_until_done(self, run: Run, most: int = 60, **changes: Any) -> None:
        """Each receive comes when the message is no longer hidden; what is canceled has stopped by then."""
        for _ in range(most):
            if self.receive(run, **changes):
                return
            self.pass_time(self.aws.hidden_seconds[-1])
            eventually(lambda: all(self.has_stopped(this) for this in self.emulator.truth()))
        raise AssertionError("the message is never done with")

    def has_stopped(self, execution: Any) -> bool:
        """If it is to stop."""
        return not execution.is_cancel_requested or execution.status in self.emulator.ended_words

    @property
    def event(self) -> dict[str, Any]:
        """The only one."""
        (event,) = self.aws.events.values()
        return event

    @property
    def data(self) -> dict[str, Any]:
        """Of the only event."""
        data: dict[str, Any] = self.event["data"]
        return data

    @property
    def types(self) -> list[str]:
        return [event["type"].removeprefix("io.farsync.") for event in self.aws.events.values()]

    @property
    def cancels(self) -> int:
        """How many cancels have reached the provider."""
        return self.emulator.requests_of(self.emulator.operations["cancel"])

    @property
    def is_cancel_requested(self) -> bool:
        return any(execution.is_cancel_requested for execution in self.emulator.truth())

    def is_canceled(self, execution_id: str) -> bool:
        return self.cloud.word(execution_id) == self.emulator.canceled_word
