"""A provider that stops running instances only: what waits, is paused or frozen is canceled until that works."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from farsync.model.execution import iso_instant
from farsync.model.names import run_event_id
from tests.support.waiting import eventually
from tests.unit.operations.aws_in_memory import Aws
from tests.unit.operations.closed_runs import ClosingScene
from tests.unit.operations.cloud import RUNNING, Cloud, a_cloud


class Holding:
    """Instances of one job, which are held as a test wants it: behind another instance, or by a person."""

    def __init__(self, cloud: Cloud, word: str) -> None:
        self.cloud, self.word = cloud, word
        self.closing = ClosingScene(cloud)
        self._other = cloud.post() if word == "waiting" else None
        if self._other:
            self._await(self._other, "running")

    @property
    def rejection(self) -> str:
        return f"ProviderUnavailable: The instance cannot be stopped while it is {self.word}"

    def hold(self, run: dict[str, Any]) -> None:
        if not self._other:
            self._await(run["executionId"], "running")
            self.act(run["executionId"], self.word)
        self._await(run["executionId"], self.word)

    def let_go_on(self, run: dict[str, Any]) -> None:
        self.act(self._other or run["executionId"], "success" if self._other else "running")
        self._await(run["executionId"], "running")

    def act(self, execution_id: str, word: str) -> None:
        """As a person at the console."""
        self.cloud.emulator.control("PUT", f"instances/{execution_id}", {"status": word})

    def _await(self, execution_id: str, word: str) -> None:
        eventually(lambda: self.cloud.word(execution_id) == word)


@pytest.fixture(params=["waiting", "pause", "freeze"])
def holding(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Holding]:
    """One instance of a job runs at a time, and for as long as a test lasts."""
    with a_cloud("dataarts", tmp_path, stoppable="running", maximum_running_instances=1, **RUNNING) as cloud:
        yield Holding(cloud, request.param)


def test_an_aborted_run_s_instance_that_cannot_be_stopped_yet_is_canceled_until_it_is(holding: Holding) -> None:
    closing = holding.closing
    run = closing.started()
    holding.hold(run)
    ended = closing.ended(run)
    for receives in range(1, 13):
        assert closing.receive(ended) is False
        assert closing.cancels == receives
        closing.pass_time(closing.aws.hidden_seconds[-1])
    assert closing.types == ["run.unobservable"]
    assert f"cancel was rejected ({holding.rejection}" in closing.data["error"]["message"]
    holding.let_go_on(run)
    closing.receive_until_done(ended)
    assert closing.cloud.word(run["executionId"]) == "manual-stop"
    assert closing.types == ["run.unobservable", "execution.canceled"]


def test_an_instance_that_is_held_past_the_deadline_is_canceled_by_the_poller_and_then_by_the_closing(
    holding: Holding,
) -> None:
    cloud = holding.cloud
    queue, run = cloud.followed(deadlineAt=iso_instant(cloud.environment.now()))
    holding.hold(run)
    (message,) = queue.queue
    queue.deliver(cloud.environment, message)
    queue.deliver(cloud.environment, message)
    assert (holding.closing.cancels, queue.outcomes) == (2, [])

    cloud.clock.sleep(301)
    queue.deliver(cloud.environment, message)
    event, (outcome,) = queue.emitted[-1], queue.outcomes
    assert (event["type"], event["id"]) == ("io.farsync.run.unobservable", run_event_id("a-run", 0))
    assert f"its cancel was rejected: {holding.rejection}" in event["data"]["error"]["message"]
    assert (outcome["error"], outcome["cause"]["final"]) == ("RunUnobservable", False)

    closing = ClosingScene(cloud, Aws(cloud.clock, events={event["id"]: event}))
    ended = closing.ended(run, "FAILED", error=outcome["error"], cause=json.dumps(outcome["cause"]))
    assert closing.receive(ended) is False
    assert closing.cancels == 4
    holding.let_go_on(run)
    closing.receive_until_done(ended)
    assert cloud.word(run["executionId"]) == "manual-stop"
    assert closing.types == ["run.unobservable", "execution.timed_out"]
