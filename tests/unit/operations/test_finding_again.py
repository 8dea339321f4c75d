"""Find, against both providers' services, of a run that is redriven, and of one that is over."""

from datetime import timedelta

import pytest

from farsync.aws.run_history import history_in
from farsync.model.run import Run
from farsync.model.run_request import RunRequest
from farsync.operations.find_execution import Found, search
from tests.unit.histories import instant
from tests.unit.operations import provider_in_process
from tests.unit.operations.marks import only
from tests.unit.operations.searching_scene import REPLY_LOST, REQUEST_LOST, Scene
from tests.unit.operations.walked_runs import WalkedRun

DATA_FLOW = only("scene", "data-flow")


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
        run = scene.begin("mine")
        scene.walker.enter_start(run)
        scene.walker.abort(run)
        scene.work(REPLY_LOST)
        scene.clock.sleep(3600)
        scene.walker.redrive(run)
        scene.start(run)
        assert run.state == "AwaitConsistency"
        assert scene.search(run)["outcome"] == "found"
        assert run.run["redrivesSearched"] == 1
        assert len(scene.emulator.truth()) == 1

    @DATA_FLOW
    def test_a_run_searches_once_for_each_redrive_and_then_posts(self, scene: Scene) -> None:
        run = scene.begin("mine")
        for _ in range(2):
            scene.walker.abort(run)
            scene.walker.redrive(run)
            assert scene.search(scene.start(run))["outcome"] == "nothing"
        assert run.run["redrivesSearched"] == 2
        assert scene.emulator.truth() == []
        scene.start(run)
        assert scene.started_by(run) == [run.execution_id]

    @DATA_FLOW
    def test_a_search_that_found_nothing_is_not_forgotten_by_a_start_that_is_rejected(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.search(scene.start(run, REQUEST_LOST))
        scene.start(run, {"fault": "bad_state"})
        assert run.error == "JobNotRunnable"
        assert closing_search(scene, run).outcome == "nothing"


def closing_search(scene: Scene, run: WalkedRun) -> Found:
    """What `close_run` sees of a run that is over."""
    history = history_in(run.history.newest_first)
    request = RunRequest.model_validate(run.request)
    return search(scene.environment, request, Run.model_validate(run.run), history, run.name)


class TestOfARunThatIsOver:
    @DATA_FLOW
    def test_an_ambiguous_start_stays_ambiguous_whatever_comes_later(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        scene.emulator.start_by_hand(scene.job)
        seen = scene.search(run)
        scene.clock.sleep(3600)
        found = closing_search(scene, run)
        assert (run.error, found.outcome, found.message) == ("AmbiguousStart", "ambiguous", seen["message"])
        assert [candidate.execution_id for candidate in found.candidates] == [scene.emulator.truth()[0].execution_id]

    def test_the_execution_that_its_function_began_after_the_abort_is_found(self, scene: Scene) -> None:
        run = scene.begin("mine", cancelOnAbort=False)
        scene.walker.enter_start(run)
        scene.walker.abort(run)
        scene.clock.sleep(20)
        early = closing_search(scene, run)
        assert (early.outcome, early.has_searched) == ("later", False), "its window has not passed"
        assert instant(scene.clock()) + timedelta(seconds=early.wait_seconds) >= instant(run.started_at + 95)
        scene.work()
        scene.clock.sleep(100)
        found = closing_search(scene, run)
        assert found.outcome == "found"
        assert scene.started_by(run) == [found.run.execution_id]

    def test_an_execution_that_somebody_else_began_after_its_moment_is_never_its_own(self, scene: Scene) -> None:
        """It would be canceled."""
        run = scene.begin("mine")
        scene.walker.enter_start(run)
        scene.walker.abort(run)
        scene.walker.die(scene.walker.under_way[-1])
        scene.clock.sleep(50)
        scene.emulator.start_by_hand(scene.job)
        scene.clock.sleep(100)
        assert closing_search(scene, run).outcome == "ambiguous"
