"""Which redrive of a run a message is about."""

import pytest

from tests.unit.operations.closing_scene import ClosingScene
from tests.unit.operations.conftest import Cloud


@pytest.fixture
def scene(slow_cloud: Cloud) -> ClosingScene:
    """Executions run for as long as a test lasts, unless they are canceled."""
    return ClosingScene(slow_cloud)


def test_a_redriven_run_is_closed_once_where_status_events_do_not_say_its_redrive_count(scene: ClosingScene) -> None:
    """A message without the count stands for the run as it is now."""
    run = scene.started()
    ended = scene.ended(run)
    ended.redrive_count = 2
    scene.receive_until_done(ended, redriveCount="")
    assert scene.word(run) == scene.cloud.emulator.canceled_word
    assert scene.types == ["execution.canceled"]


def test_a_count_in_quotes_is_read_as_a_number(scene: ClosingScene) -> None:
    ended = scene.ended(scene.started())
    ended.redrive_count = 1
    assert scene.receive(ended, redriveCount="0") is True
    assert scene.types == []
