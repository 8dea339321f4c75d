"""A closing whose function is killed, or whose calls to AWS fail, costs its run nothing but time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from farsync.aws.client import Service
from tests.unit.operations.closing_aws import Aws, EndedExecution
from tests.unit.operations.closing_scene import SceneByTheClock
from tests.unit.operations.emulator_in_process import FakeClock, NaverInProcess
from tests.unit.operations.queue_and_tokens import VISIBILITY_SECONDS, Killed

ACTIONS = ["GetExecutionHistory", "DescribeExecution", "StartExecution", "ChangeMessageVisibility"]


@dataclass
class DeadlyAws(Aws):
    """`kills` holds actions at which the function dies, each once: `before` or `after` AWS has acted."""

    kills: list[tuple[str, str]] = field(default_factory=list)

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        self._kill("before", action)
        answer = super().call(service, action, payload)
        self._kill("after", action)
        return answer

    def _kill(self, moment: str, action: str) -> None:
        if (moment, action) in self.kills:
            self.kills.remove((moment, action))
            raise Killed


@pytest.fixture
def aws() -> DeadlyAws:
    return DeadlyAws()


@pytest.fixture
def scene(tmp_path: Path, aws: DeadlyAws) -> Iterator[SceneByTheClock]:
    """Executions wait for as long as a test lasts, unless they are canceled."""
    clock = FakeClock(1_800_000_000.6)
    emulator = NaverInProcess(tmp_path, clock, 0)
    scene = SceneByTheClock(emulator, clock)
    scene.aws = aws
    yield scene
    emulator.stop()


def receive_after_kills(scene: SceneByTheClock, ended: EndedExecution) -> None:
    """Until the message is done with; what a dead function received is visible again later."""
    for _ in range(20):
        try:
            is_done = scene.receive(ended)
        except Killed:
            scene.pass_time(VISIBILITY_SECONDS)
            continue
        if is_done:
            return
        scene.pass_time(scene.aws.hidden_seconds[-1])
    raise AssertionError("the message is never done with")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_closing_that_is_killed_anywhere_stops_the_execution_and_emits_its_end_once(
    scene: SceneByTheClock, aws: DeadlyAws, moment: str, action: str
) -> None:
    run = scene.started()
    ended = scene.ended(run)
    aws.kills.append((moment, action))
    receive_after_kills(scene, ended)
    assert aws.kills == []
    assert scene.word(run) == scene.cloud.emulator.canceled_word
    assert scene.types == ["execution.canceled"]


@pytest.mark.parametrize("action", ["GetExecutionHistory", "DescribeExecution", "StartExecution"])
def test_minutes_in_which_aws_throttles_a_closing_leave_nothing_running(scene: SceneByTheClock, action: str) -> None:
    run = scene.started()
    ended = scene.ended(run)
    scene.aws.fails = {action}
    throttled_until = scene.now() + timedelta(minutes=6)
    while scene.now() < throttled_until:
        assert scene.receive(ended) is False
        scene.pass_time(VISIBILITY_SECONDS)
    assert scene.aws.events == {}
    scene.aws.fails = set()
    scene.receive_until_done(ended)
    assert scene.word(run) == scene.cloud.emulator.canceled_word
    assert scene.types == ["execution.canceled"]
