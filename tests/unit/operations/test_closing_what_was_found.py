"""An execution that only a search has found is followed until it has ended, as one that the run knew."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from farsync.operations.close_run import consume
from farsync.runtime.queue_messages import Record
from tests.unit.operations.closing_scene import SceneByTheClock
from tests.unit.operations.emulator_in_process import HuaweiInProcess, NaverInProcess
from tests.unit.operations.unstarted_runs import is_cancel_asked_for, post, scene_at, with_an_unconfirmed_start


@pytest.fixture(params=[NaverInProcess, HuaweiInProcess], ids=["data-flow", "dataarts"])
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SceneByTheClock]:
    yield from scene_at(request.param, tmp_path)


def test_what_an_unconfirmed_start_began_is_stopped_once_the_provider_no_longer_rejects_it(
    scene: SceneByTheClock,
) -> None:
    job = scene.cloud.emulator.make_job()
    ended = with_an_unconfirmed_start(scene, job)
    execution_id = post(scene, job)
    scene.pass_time(400)
    operation = scene.cloud.emulator.operations["cancel"]
    scene.emulator.control("PUT", "faults", [{"operation": operation, "fault": "http_403", "times": 99_999}])
    assert scene.receive(ended) is False
    assert scene.types == ["run.unobservable"]
    assert scene.receive(ended) is False
    post(scene, job)  # which would leave a second search in doubt
    scene.emulator.control("PUT", "faults", [])
    scene.receive_until_done(ended)
    assert scene.word({"job": job, "executionId": execution_id}) == scene.cloud.emulator.canceled_word
    assert scene.types == ["run.unobservable", "execution.canceled"]


def test_what_a_search_has_found_is_canceled_at_once(scene: SceneByTheClock) -> None:
    job = scene.cloud.emulator.make_job()
    ended = with_an_unconfirmed_start(scene, job)
    post(scene, job)
    scene.pass_time(400)
    assert consume(scene.environment, Record("id", "handle", json.dumps(ended.message), 1, scene.now())) is True
    assert is_cancel_asked_for(scene)


def test_what_a_search_has_found_is_not_searched_for_again(scene: SceneByTheClock) -> None:
    """By whole seconds of two clocks, a second search may find otherwise."""
    job = scene.cloud.emulator.make_job()
    ended = with_an_unconfirmed_start(scene, job)
    post(scene, job)
    scene.pass_time(400)
    operations = scene.cloud.emulator.operations
    scene.emulator.control("PUT", "faults", [{"operation": operations["cancel"], "fault": "http_503", "times": 99_999}])
    assert scene.receive(ended) is False
    lists = scene.asked_of_the_provider()[operations["list_executions"]]
    assert scene.receive(ended) is False
    assert scene.asked_of_the_provider()[operations["list_executions"]] == lists


def test_a_run_that_was_closed_by_an_end_is_not_called_ambiguous_by_a_second_search(scene: SceneByTheClock) -> None:
    job = scene.cloud.emulator.make_job()
    ended = with_an_unconfirmed_start(scene, job)
    post(scene, job)
    scene.receive_until_done(ended)
    scene.found = {}
    post(scene, job)
    assert scene.receive(ended, isSwept=True) is True
    assert scene.types == ["execution.canceled"]
