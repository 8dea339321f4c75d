"""Starts whose replies are lost by the providers' own faults, and the searches for them."""

import json
from dataclasses import dataclass, field
from typing import Any

from farsync.model.errors import FarsyncError
from farsync.model.names import run_name
from farsync.operations.find_execution import find
from farsync.operations.trigger_execution import start
from tests.unit.operations.aws_in_memory import Run
from tests.unit.operations.cloud import Cloud

REQUEST_LOST = {"fault": "reset_before"}
REPLY_LOST = {"fault": "reset_after"}


@dataclass
class StartingRun(Run):
    """Its history is written as `run_job` takes it from Start to Find and back."""

    value: str = ""
    """Of its one parameter: no other start has the same."""
    run: dict[str, Any] = field(default_factory=dict)
    search_at: float = 0

    @property
    def payload(self) -> dict[str, Any]:
        """What Start and Find are given."""
        return {"request": self.request, "run": self.run, "redriveCount": self.redrive_count}


class Scene:
    """One job of one provider, and runs of it. Every step takes a few seconds."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud, self.emulator, self.clock, self.aws = cloud, cloud.emulator, cloud.clock, cloud.aws
        self.aws.page_size = 2
        self.job = cloud.job

    def begin(self, value: str, name: str | None = None, **wishes: Any) -> StartingRun:
        """A run that comes to its Start next."""
        request = {"job": self.job, "parameters": {self.emulator.parameter: value}, **wishes}
        name = name or run_name("default", request["job"], value)
        run = StartingRun(name, json.dumps(request), self.clock(), value=value)
        self.aws.runs[name] = run
        run.run = {**self.cloud.prepared(**request), "name": name}
        run.history.begun(request).called("Prepare", {"request": request, "run": {"name": name}}, run.run)
        self.clock.sleep(5)
        return run

    def schedule(self, run: StartingRun, state: str = "Start") -> StartingRun:
        run.history.now = self.clock()
        run.history.entered(state).scheduled(run.payload)
        return run

    def post(self, run: StartingRun, fault: dict[str, Any] | None = None, *, dies: bool = False) -> StartingRun:
        """The function of the start that was scheduled does its work, and may die behind it."""
        try:
            with self.emulator.faults(run.request["job"], "start", fault):
                answer = self.cloud.ask(start, run.payload)
        except FarsyncError as failure:
            return self.fail(run, type(failure).__name__)
        if dies:
            return self.fail(run, "Lambda.Unknown")
        run.run = answer["run"]
        if run.status == "RUNNING":
            run.history.answered(answer)
            self._go_on(run, answer["waitSeconds"] if answer["outcome"] == "search" else None)
        return run

    def fail(self, run: StartingRun, error: str) -> StartingRun:
        """Its start, so that it is searched for; an aborted run hears of nothing."""
        if run.status == "RUNNING":
            run.history.now = self.clock()
            run.history.failed(error)
            self._go_on(run, run.run["consistencyWaitSeconds"])
        return run

    def start(self, run: StartingRun, fault: dict[str, Any] | None = None, **how: Any) -> StartingRun:
        self.post(self.schedule(run), fault, **how)
        self.clock.sleep(5)
        return run

    def search(self, run: StartingRun) -> dict[str, Any]:
        """Once, after the wait before it."""
        self.clock.now = max(self.clock.now, run.search_at)
        started_before = len(self.emulator.truth())
        answer = self.cloud.ask(find, self.schedule(run, "Find").payload)
        assert len(self.emulator.truth()) == started_before
        run.run = answer["run"]
        run.history.answered(answer)
        if answer["outcome"] == "ambiguous":
            self.end(run, "FAILED")
        self._go_on(run, answer["waitSeconds"] if answer["outcome"] == "later" else None)
        return answer

    def search_until_decided(self, *runs: StartingRun) -> list[str]:
        """All of them, in turn. The outcomes."""
        outcomes = ["later" for _ in runs]
        for _ in range(20):
            outcomes = [
                self.search(run)["outcome"] if outcome == "later" else outcome
                for run, outcome in zip(runs, outcomes, strict=True)
            ]
        return outcomes

    def lose(self, value: str, fault: dict[str, Any], **wishes: Any) -> dict[str, Any]:
        """What a search answers after a start that was not confirmed, with nobody else about."""
        return self.search(self.start(self.begin(value, **wishes), fault))

    def end(self, run: StartingRun, status: str = "ABORTED") -> None:
        run.status, run.stopped_at = status, self.clock()
        run.history.now = self.clock()
        run.history.ended(status, error="", cause="")

    def redrive(self, run: StartingRun) -> None:
        run.status, run.stopped_at = "RUNNING", None
        run.redrive_count += 1
        run.history.redriven(run.redrive_count)

    def started_by(self, run: StartingRun) -> str | None:
        """The one execution that it started, if any."""
        ids = [execution.execution_id for execution in self.emulator.truth() if execution.value == run.value]
        assert len(ids) <= 1
        return ids[0] if ids else None

    def _go_on(self, run: StartingRun, wait_seconds: float | None) -> None:
        if wait_seconds is not None:
            run.history.entered("AwaitConsistency")
            run.search_at = self.clock() + wait_seconds
        elif "executionId" in run.run:
            run.history.followed(run.run)
