"""A provider that stops running instances only: what waits, is paused or frozen is canceled until that works."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from farsync.model.names import run_event_id
from tests.support.waiting import eventually
from tests.unit.operations.closing_scene import ClosingScene, at
from tests.unit.operations.conftest import Cloud, a_cloud_of, dataarts
from tests.unit.operations.followed_runs import followed

WORDS = pytest.mark.parametrize("word", ["waiting", "pause", "freeze"])
DEADLINE_AND_GRACE_SECONDS = 301


class Holding:
    """Instances of one job, which are held as a test wants it: behind another instance, or by a person."""

    def __init__(self, cloud: Cloud, word: str) -> None:
        self.cloud = cloud
        self.job = cloud.emulator.make_job()
        self._word = word
        self._other = self._start() if word == "waiting" else None

    def hold(self, execution_id: str) -> None:
        if not self._other:
            self._await(execution_id, "running")
            self.act(execution_id, self._word)
        self._await(execution_id, self._word)

    def let_go_on(self, execution_id: str) -> None:
        self.act(self._other or execution_id, "success" if self._other else "running")
        self._await(execution_id, "running")

    def act(self, execution_id: str, word: str) -> None:
        """As a person at the console."""
        self.cloud.emulator.control("PUT", f"instances/{execution_id}", {"status": word})

    @property
    def cancels(self) -> int:
        return int(
            self.cloud.emulator.control("GET", "requests")["counts"].get(self.cloud.emulator.operations["cancel"], 0)
        )

    def _start(self) -> str:
        started = self.cloud.provider().start(self.job, condition=None, parameters={}, marker=None)
        self._await(started.ref.execution_id, "running")
        return started.ref.execution_id

    def _await(self, execution_id: str, word: str) -> None:
        eventually(lambda: self.cloud.provider().get_execution(self.job, execution_id).provider_status == word)


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    """One instance of a job runs at a time, and for as long as a test lasts."""
    cloud = a_cloud_of(*dataarts(tmp_path, 12, 600, stoppable="running", maximum_running_instances=1))
    yield cloud
    cloud.server.stop()


def aborted(cloud: Cloud, word: str) -> tuple[ClosingScene, Holding, dict[str, Any]]:
    """A run that was aborted while its instance was held."""
    scene, holding = ClosingScene(cloud), Holding(cloud, word)
    run = scene.started(job=holding.job)
    holding.hold(run["executionId"])
    return scene, holding, run


@WORDS
def test_an_aborted_run_s_instance_that_cannot_be_stopped_yet_is_canceled_until_it_is(cloud: Cloud, word: str) -> None:
    scene, holding, run = aborted(cloud, word)
    ended = scene.ended(run)
    for receives in range(1, 13):
        assert scene.receive(ended) is False
        assert holding.cancels == receives
        scene.pass_time(scene.aws.hidden_seconds[-1])
    assert scene.types == ["run.unobservable"]
    assert (
        f"cancel was rejected (ProviderUnavailable: The instance cannot be stopped while it is {word}"
        in (scene.event["data"]["error"]["message"])
    )
    holding.let_go_on(run["executionId"])
    scene.receive_until_done(ended)
    assert scene.word(run) == "manual-stop"
    assert scene.types == ["run.unobservable", "execution.canceled"]


@WORDS
def test_an_instance_that_could_never_be_stopped_is_reported_as_it_ended(cloud: Cloud, word: str) -> None:
    scene, holding, run = aborted(cloud, word)
    ended = scene.ended(run)
    assert scene.receive(ended) is False
    holding.act(run["executionId"], "success")
    assert scene.receive(ended) is True
    assert scene.types == ["execution.succeeded"]


@WORDS
def test_an_instance_that_is_held_past_the_deadline_is_canceled_by_the_poller_and_then_by_the_closing(
    cloud: Cloud, word: str
) -> None:
    holding = Holding(cloud, word)
    scene = ClosingScene(cloud)
    aws, run = followed(cloud, holding.job, deadlineAt=at(scene.now()))
    holding.hold(run["executionId"])
    (message,) = aws.queue
    aws.deliver(cloud.environment, message)
    aws.deliver(cloud.environment, message)
    assert (holding.cancels, aws.outcomes) == (2, [])

    scene.pass_time(DEADLINE_AND_GRACE_SECONDS)
    aws.deliver(cloud.environment._replace(clock=lambda: time.time() + DEADLINE_AND_GRACE_SECONDS), message)
    event, (outcome,) = aws.events[-1], aws.outcomes
    assert event["type"] == "io.farsync.run.unobservable"
    rejection = f"its cancel was rejected: ProviderUnavailable: The instance cannot be stopped while it is {word}"
    assert rejection in event["data"]["error"]["message"]
    assert (outcome["error"], outcome["cause"]["final"]) == ("RunUnobservable", False)

    assert event["id"] == run_event_id("a-run", 0)
    scene.aws.events[event["id"]] = event
    ended = scene.ended(run, "FAILED", error=outcome["error"], cause=json.dumps(outcome["cause"]))
    assert scene.receive(ended) is False
    assert holding.cancels == 4
    holding.let_go_on(run["executionId"])
    scene.receive_until_done(ended)
    assert scene.word(run) == "manual-stop"
    assert scene.types == ["run.unobservable", "execution.timed_out"]
