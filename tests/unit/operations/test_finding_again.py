"""Find, against both providers' servicesof a run that is redriven, and by a list that comes slowly."""

import pytest

from tests.unit.operations import provider_in_process
from tests.unit.operations.marks import only
from tests.unit.operations.searching_scene import REPLY_LOST, Scene


def test_a_list_that_came_slowly_is_read_again_and_not_taken_for_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its time is that of some moment while it was on its way."""
    run = scene.start(scene.begin("mine", consistencyWindowSeconds=0), REPLY_LOST)
    with monkeypatch.context() as slowly:
        slowly.setattr(provider_in_process, "HALF_A_ROUND_TRIP_SECONDS", 9)
        assert scene.search(run)["outcome"] == "later"
    assert scene.search(run)["outcome"] == "found"


class TestRedriven:
    def test_a_run_searches_before_it_posts_again(self, scene: Scene) -> None:
        run = scene.schedule(scene.begin("mine"))
        scene.end(run)
        scene.post(run, REPLY_LOST)
        scene.clock.sleep(3600)
        scene.redrive(run)
        scene.start(run)
        assert scene.search(run)["outcome"] == "found"
        assert run.run["redrivesSearched"] == 1
        assert len(scene.emulator.truth()) == 1

    @only("scene", "data-flow")
    def test_a_run_searches_once_for_each_redrive_asks_no_provider_without_a_post_and_then_posts(
        self, scene: Scene
    ) -> None:
        run = scene.begin("mine")
        exchanges = scene.emulator.exchanges
        for _ in range(2):
            scene.end(run)
            scene.redrive(run)
            assert scene.search(scene.start(run))["outcome"] == "nothing"
        assert run.run["redrivesSearched"] == 2
        assert scene.emulator.exchanges == exchanges
        assert scene.start(run).run["executionId"] == scene.started_by(run)
