"""Starts whose replies are lost by the providers' own faults, and the searches for them."""

from typing import Any

from farsync.model.names import run_name
from tests.unit.operations.cloud import Cloud
from tests.unit.operations.walked_runs import WalkedRun, Walker

REQUEST_LOST = {"fault": "reset_before"}
REPLY_LOST = {"fault": "reset_after"}


class Scene:
    """One job of one provider, and runs of it. Every step takes a few seconds."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud, self.emulator, self.clock, self.aws = cloud, cloud.emulator, cloud.clock, cloud.aws
        self.aws.page_size = 2
        self.environment = cloud.environment
        self.walker = Walker(cloud, self.environment)
        self.job = self.emulator.make_job()

    def begin(self, value: str, name: str | None = None, **wishes: Any) -> WalkedRun:
        """A run that comes to its Start next."""
        request = {"job": self.job, "parameters": {self.emulator.parameter: value}, **wishes}
        run = self.walker.begin(name or run_name("default", request["job"], value), request, value)
        self.clock.sleep(5)
        return run

    def start(self, run: WalkedRun, fault: dict[str, Any] | None = None, **how: Any) -> WalkedRun:
        self.walker.enter_start(run)
        self.work(fault, -1, **how)
        self.clock.sleep(5)
        return run

    def work(self, fault: dict[str, Any] | None = None, which: int = 0, **how: Any) -> None:
        """The function of a start under way, the oldest unless said otherwise, does its work."""
        under_way = self.walker.under_way[which]
        with self.emulator.faults(under_way.run.request["job"], "start", fault):
            self.walker.work(under_way, **how)

    def search(self, run: WalkedRun) -> dict[str, Any]:
        """Once, after the wait before it."""
        started_before = len(self.emulator.truth())
        assert self.walker.find(run) is None
        assert len(self.emulator.truth()) == started_before
        return run.found

    def search_until_decided(self, *runs: WalkedRun) -> list[str]:
        """All of them, in turn. The outcomes."""
        for _ in range(20):
            for run in runs:
                if run.status == "RUNNING" and run.state == "AwaitConsistency":
                    self.search(run)
        return [run.found["outcome"] for run in runs]

    def lose(self, value: str, fault: dict[str, Any], **wishes: Any) -> dict[str, Any]:
        """What a search answers after a start that was not confirmed, with nobody else about."""
        return self.search(self.start(self.begin(value, **wishes), fault))

    def started_by(self, run: WalkedRun) -> list[str]:
        return [execution.execution_id for execution in self.emulator.truth() if execution.value == run.value]

    def begun_by(self, run: WalkedRun) -> str | None:
        """The one execution that it started, if any."""
        return next(iter(self.started_by(run)), None)
