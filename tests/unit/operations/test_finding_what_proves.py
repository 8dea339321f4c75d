"""Find, against both providers' services: what proves whose an execution is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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


class TestManyAtOnce:
    """Six runs of one job whose replies are all lost in the same seconds; one of the posts never arrived."""

    def lose_six(self, scene: Scene) -> list[WalkedRun]:
        runs = [scene.begin(f"run-{number}") for number in range(6)]
        for run in runs:
            scene.walker.enter_start(run)
        for run in runs:
            with scene.emulator.faults(scene.job, "start", REQUEST_LOST if run is runs[3] else REPLY_LOST):
                scene.walker.work(scene.walker.under_way[0])
        assert len(scene.emulator.truth()) == 5
        return runs

    def test_each_finds_its_own_by_its_marker(self, marked_scene: Scene) -> None:
        self.check(marked_scene)

    @ECHOING
    def test_each_finds_its_own_by_its_parameters(self, scene: Scene) -> None:
        self.check(scene)

    def check(self, scene: Scene) -> None:
        runs = self.lose_six(scene)
        outcomes = scene.search_until_decided(*runs)
        assert outcomes == ["nothing" if run is runs[3] else "found" for run in runs]
        assert [run.execution_id for run in runs if run is not runs[3]] == [
            scene.started_by(run)[0] for run in runs if run is not runs[3]
        ]

    @ECHOING
    def test_twins_that_posted_in_the_same_seconds_cannot_be_reported_apart(self, scene: Scene) -> None:
        both = [scene.begin("same"), scene.begin("same", "by-hand")]
        for run in both:
            scene.walker.enter_start(run)
        with scene.emulator.faults(scene.job, "start", REPLY_LOST):
            for _ in both:
                scene.walker.work(scene.walker.under_way[0])
        assert scene.search_until_decided(*both) == ["ambiguous", "ambiguous"]

    @ECHOING
    def test_a_twin_does_not_take_what_the_other_is_starting_this_moment(self, scene: Scene) -> None:
        mine, twin = scene.begin("same"), scene.begin("same", "by-hand")
        scene.walker.enter_start(mine)
        scene.clock.sleep(4)
        scene.walker.enter_start(twin)
        posting, theirs = scene.walker.under_way
        with scene.emulator.faults(scene.job, "start", REQUEST_LOST):
            scene.walker.work(posting)
        with scene.emulator.faults(scene.job, "start", REPLY_LOST):
            scene.walker.work(theirs)
        assert scene.search(mine)["outcome"] == "later"


class TestProof:
    def test_the_marker_says_ours_among_strangers_of_the_same_second(self, marked_scene: Scene) -> None:
        scene = marked_scene
        run = scene.begin("mine")
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
        scene.start(run, REPLY_LOST)
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
        assert scene.search(run)["run"]["executionId"] == scene.started_by(run)[0]

    def test_without_the_marker_strangers_of_the_same_second_are_none_of_ours(self, marked_scene: Scene) -> None:
        scene = marked_scene
        run = scene.begin("mine")
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
        assert scene.search(scene.start(run, REQUEST_LOST))["outcome"] == "nothing"

    @ECHOING
    def test_parameters_that_the_provider_repeats_tell_ours_among_strangers(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
        scene.start(run, REPLY_LOST)
        assert scene.search(run)["run"]["executionId"] == scene.started_by(run)[0]

    @ECHOING
    def test_parameters_of_others_are_none_of_ours_even_in_the_same_second(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
        assert scene.search(scene.start(run, REQUEST_LOST))["outcome"] == "ambiguous"

    @ECHOING
    def test_a_secret_parameter_is_compared_by_its_name_and_never_fetched(self, scene: Scene) -> None:
        scene.secrets["farsync/parameters/default/of-mine"] = "hidden"
        both = {scene.emulator.parameter: {"secret": "of-mine"}, "$day": "monday"}
        run = scene.begin("mine", parameters=both)
        scene.start(run, REPLY_LOST)
        del scene.secrets["farsync/parameters/default/of-mine"]
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
        assert scene.search(run)["outcome"] == "found"

    @ECHOING
    def test_a_time_is_compared_as_it_was_written(self, scene: Scene) -> None:
        the_time = {"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul"}
        run = scene.begin("mine", parameters={scene.emulator.parameter: the_time})
        scene.start(run, REPLY_LOST)
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
        assert scene.search(run)["outcome"] == "found"
