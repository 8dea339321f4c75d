"""Find, against both providers' services, of a run that is redriven, and of one that is over."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from farsync.aws.run_history import history_in
from farsync.model.run import Run
from farsync.model.run_request import RunRequest
from farsync.operations.find_execution import Found, search
from tests.unit.histories import instant
from tests.unit.operations import emulator_in_process
from tests.unit.operations.step_functions_memory import WalkedRun
from tests.unit.operations.unconfirmed_starts import BOTH_CLOUDS, REPLY_LOST, REQUEST_LOST, Scene, a_scene

ECHOING = pytest.mark.parametrize("scene", ["data-flow-that-echoes"], indirect=True)


@pytest.fixture(params=BOTH_CLOUDS)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    with a_scene(request.param, tmp_path) as scene:
        yield scene


@pytest.fixture
def marked_scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene("data-flow", tmp_path, runMarker="logPath") as scene:
        yield scene


def test_a_list_that_came_slowly_is_read_again_and_not_taken_for_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its time is that of some moment while it was on its way."""
    run = scene.start(scene.begin("mine", consistencyWindowSeconds=0), REPLY_LOST)
    with monkeypatch.context() as slowly:
        slowly.setattr(emulator_in_process, "HALF_A_ROUND_TRIP_SECONDS", 9)
        assert scene.search(run)["outcome"] == "later"
    assert scene.search(run)["outcome"] == "found"


class TestRedriven:
    def test_a_run_searches_before_it_posts_again(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.walker.enter_start(run)
        with scene.emulator.faults(scene.job, "start", REPLY_LOST):
            scene.walker.abort(run)
            scene.walker.work(scene.walker.under_way[-1])
        scene.clock.sleep(3600)
        scene.walker.redrive(run)
        scene.start(run)
        assert run.state == "AwaitConsistency"
        assert scene.search(run)["outcome"] == "found"
        assert run.run["redrivesSearched"] == 1
        assert len(scene.emulator.truth()) == 1

    def test_a_run_posts_once_it_has_searched(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.walker.abort(run)
        scene.walker.redrive(run)
        assert scene.search(scene.start(run))["outcome"] == "nothing"
        scene.start(run)
        assert scene.started_by(run) == [run.execution_id]

    def test_a_second_redrive_searches_anew(self, scene: Scene) -> None:
        run = scene.begin("mine")
        for _ in range(2):
            scene.walker.abort(run)
            scene.walker.redrive(run)
            assert scene.search(scene.start(run))["outcome"] == "nothing"
        assert run.run["redrivesSearched"] == 2
        assert scene.emulator.truth() == []

    def test_a_search_that_found_nothing_is_not_forgotten_by_a_start_that_is_rejected(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.search(scene.start(run, REQUEST_LOST))
        with scene.emulator.faults(scene.job, "start", {"fault": "bad_state"}):
            scene.start(run)
        assert run.error == "JobNotRunnable"
        assert closing_search(scene, run).outcome == "nothing"


def closing_search(scene: Scene, run: WalkedRun) -> Found:
    """What `close_run` sees of a run that is over."""
    history = history_in(run.history.newest_first)
    request = RunRequest.model_validate(run.request)
    return search(scene.environment, request, Run.model_validate(run.run), history, run.name)


class TestOfARunThatIsOver:
    def test_an_ambiguous_start_stays_one_whatever_comes_later(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
        seen = scene.search(run)
        scene.clock.sleep(3600)
        found = closing_search(scene, run)
        assert (run.error, found.outcome, found.message) == ("AmbiguousStart", "ambiguous", seen["message"])
        assert [candidate.execution_id for candidate in found.candidates] == [scene.emulator.truth()[0].execution_id]

    def test_what_its_function_began_after_the_abort_is_found(self, scene: Scene) -> None:
        run = scene.begin("mine", cancelOnAbort=False)
        scene.walker.enter_start(run)
        scene.walker.abort(run)
        scene.clock.sleep(20)
        scene.walker.work(scene.walker.under_way[-1])
        scene.clock.sleep(100)
        found = closing_search(scene, run)
        assert found.outcome == "found"
        assert scene.started_by(run) == [found.run.execution_id]

    def test_what_somebody_else_began_after_its_moment_is_never_its_own(self, scene: Scene) -> None:
        """It would be canceled."""
        run = scene.begin("mine")
        scene.walker.enter_start(run)
        scene.walker.abort(run)
        scene.walker.die(scene.walker.under_way[-1])
        scene.clock.sleep(50)
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
        scene.clock.sleep(100)
        assert closing_search(scene, run).outcome == "ambiguous"

    def test_it_is_not_judged_before_its_window_has_passed(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.walker.enter_start(run)
        scene.walker.abort(run)
        scene.clock.sleep(20)
        found = closing_search(scene, run)
        assert (found.outcome, found.has_searched) == ("later", False)
        assert instant(scene.clock()) + timedelta(seconds=found.wait_seconds) >= instant(run.started_at + 95)
