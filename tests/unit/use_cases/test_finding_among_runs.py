"""Find, against both vendors' services, where other runs of the job are about, or a run is redriven; and what proves
whose an execution is.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.use_cases.lost_starts import BOTH_CLOUDS, REPLY_LOST, REQUEST_LOST, Scene, a_scene

ECHOING = pytest.mark.parametrize("scene", ["data-flow-that-echoes"], indirect=True)


@pytest.fixture(params=BOTH_CLOUDS)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    with a_scene(request.param, tmp_path) as scene:
        yield scene


@pytest.fixture
def marked_scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene("data-flow", tmp_path, runMarker="logPath") as scene:
        yield scene


class TestOtherRuns:
    def test_their_executions_are_none_of_ours(self, scene: Scene) -> None:
        mine, other = scene.begin("mine"), scene.begin("other")
        scene.start(other)
        scene.start(mine, REPLY_LOST)
        assert scene.search(mine)["run"]["executionId"] == scene.started_by(mine)[0]

    def test_their_executions_are_none_of_ours_though_our_start_never_arrived(self, scene: Scene) -> None:
        mine, other = scene.begin("mine"), scene.begin("other")
        scene.start(other)
        scene.start(mine, REQUEST_LOST)
        assert scene.search(mine)["outcome"] == "none"

    @pytest.mark.parametrize("name", [None, "by-hand"])
    def test_one_that_knows_no_execution_leaves_it_in_doubt(self, scene: Scene, name: str | None) -> None:
        mine, other = scene.begin("mine"), scene.begin("other", name)
        scene.start(other, REQUEST_LOST)
        scene.start(mine, REPLY_LOST)
        assert scene.search(mine)["outcome"] == "ambiguous"

    def test_one_that_has_found_its_execution_is_in_nobodys_way(self, scene: Scene) -> None:
        mine, other = scene.begin("mine"), scene.begin("other")
        scene.start(other, REPLY_LOST)
        scene.search(other)
        scene.start(mine, REPLY_LOST)
        assert scene.search(mine)["run"]["executionId"] == scene.started_by(mine)[0]

    def test_one_that_has_not_come_to_its_start_is_in_nobodys_way(self, scene: Scene) -> None:
        mine = scene.begin("mine")
        scene.begin("other")
        assert scene.search(scene.start(mine, REPLY_LOST))["outcome"] == "adopted"

    def test_one_of_another_job_is_in_nobodys_way_whatever_its_name(self, scene: Scene) -> None:
        elsewhere = scene.vendor.make_job()
        for name in (None, "by-hand"):
            scene.start(scene.begin(f"other {name}", name, job=elsewhere), REQUEST_LOST)
        assert scene.lose("mine", REPLY_LOST)["outcome"] == "adopted"

    def test_one_over_another_connection_is_in_nobodys_way(self, scene: Scene) -> None:
        scene.start(scene.begin("other", "by-hand", connection="elsewhere"), REQUEST_LOST)
        assert scene.lose("mine", REPLY_LOST)["outcome"] == "adopted"

    def test_one_that_ended_long_before_is_in_nobodys_way(self, scene: Scene) -> None:
        other = scene.start(scene.begin("other"), REQUEST_LOST)
        scene.walker.abort(other)
        scene.clock.sleep(60)
        assert scene.lose("mine", REPLY_LOST)["outcome"] == "adopted"

    def test_one_that_ended_a_moment_before_may_still_be_posting(self, scene: Scene) -> None:
        """Its function goes on after the abort."""
        other = scene.begin("other", cancelOnAbort=False)
        scene.walker.enter_start(other)
        scene.clock.sleep(3)
        scene.walker.abort(other)
        mine = scene.begin("mine")
        scene.walker.enter_start(mine)
        posting, ours = scene.walker.under_way
        scene.walker.work(posting)
        with scene.vendor.faults(scene.job, "start", REQUEST_LOST):
            scene.walker.work(ours)
        assert scene.search(mine)["outcome"] == "ambiguous"
        assert scene.started_by(other) != []

    def test_one_that_only_watches_our_execution_does_not_take_it_from_us(self, scene: Scene) -> None:
        mine = scene.start(scene.begin("mine"), REPLY_LOST)
        watching = scene.start(scene.begin("other", ifRunning="adopt"))
        assert watching.is_adopted
        assert scene.search(mine)["run"]["executionId"] == watching.execution_id
        assert len(scene.vendor.truth()) == 1


class TestProof:
    def test_the_marker_tells_ours_among_strangers_of_the_same_second(self, marked_scene: Scene) -> None:
        scene = marked_scene
        run = scene.begin("mine")
        scene.vendor.start_by_hand(scene.job, "theirs", by_schedule=False)
        scene.start(run, REPLY_LOST)
        scene.vendor.start_by_hand(scene.job, "theirs", by_schedule=False)
        assert scene.search(run)["run"]["executionId"] == scene.started_by(run)[0]

    def test_without_the_marker_strangers_of_the_same_second_are_none_of_ours(self, marked_scene: Scene) -> None:
        scene = marked_scene
        run = scene.begin("mine")
        scene.vendor.start_by_hand(scene.job, "theirs", by_schedule=False)
        assert scene.search(scene.start(run, REQUEST_LOST))["outcome"] == "none"

    @ECHOING
    def test_parameters_that_the_vendor_repeats_tell_ours_among_strangers(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.vendor.start_by_hand(scene.job, "theirs", by_schedule=False)
        scene.start(run, REPLY_LOST)
        assert scene.search(run)["run"]["executionId"] == scene.started_by(run)[0]

    @ECHOING
    def test_parameters_of_others_are_none_of_ours_even_in_the_same_second(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.vendor.start_by_hand(scene.job, "theirs", by_schedule=False)
        assert scene.search(scene.start(run, REQUEST_LOST))["outcome"] == "ambiguous"

    @ECHOING
    def test_a_secret_parameter_is_compared_by_its_name_and_never_fetched(self, scene: Scene) -> None:
        scene.secrets["farsync/parameters/of-mine"] = "hidden"
        both = {scene.vendor.parameter: {"secret": "of-mine"}, "$day": "monday"}
        run = scene.begin("mine", parameters=both)
        scene.start(run, REPLY_LOST)
        del scene.secrets["farsync/parameters/of-mine"]
        scene.vendor.start_by_hand(scene.job, "theirs", by_schedule=False)
        assert scene.search(run)["outcome"] == "adopted"

    @ECHOING
    def test_a_time_is_compared_as_it_was_written(self, scene: Scene) -> None:
        the_time = {"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul"}
        run = scene.begin("mine", parameters={scene.vendor.parameter: the_time})
        scene.start(run, REPLY_LOST)
        scene.vendor.start_by_hand(scene.job, "theirs", by_schedule=False)
        assert scene.search(run)["outcome"] == "adopted"


class TestRedriven:
    def test_a_run_looks_before_it_posts_again(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.walker.enter_start(run)
        with scene.vendor.faults(scene.job, "start", REPLY_LOST):
            scene.walker.abort(run)
            scene.walker.work(scene.walker.under_way[-1])
        scene.clock.sleep(3600)
        scene.walker.redrive(run)
        scene.start(run)
        assert run.state == "Settle"
        assert scene.search(run)["outcome"] == "adopted"
        assert run.run["redrivesSearched"] == 1
        assert len(scene.vendor.truth()) == 1

    def test_a_run_posts_once_it_has_looked(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.walker.abort(run)
        scene.walker.redrive(run)
        assert scene.search(scene.start(run))["outcome"] == "none"
        scene.start(run)
        assert scene.started_by(run) == [run.execution_id]

    def test_a_second_redrive_looks_anew(self, scene: Scene) -> None:
        run = scene.begin("mine")
        for _ in range(2):
            scene.walker.abort(run)
            scene.walker.redrive(run)
            assert scene.search(scene.start(run))["outcome"] == "none"
        assert run.run["redrivesSearched"] == 2
        assert scene.vendor.truth() == []
