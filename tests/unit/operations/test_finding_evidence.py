"""Find, against Data Flow: what proves whose an execution is."""

from typing import Any

import pytest

from tests.unit.operations.marks import only
from tests.unit.operations.searching_scene import REPLY_LOST, REQUEST_LOST, Scene

ECHOING = only("scene", "data-flow-that-echoes")


BY_TRIGGER: dict[str, Any] = {"providerOptions": {"triggerId": "T63391JxQHNj"}}


def check_that_each_finds_its_own(scene: Scene) -> None:
    """Six runs of one job whose replies are all lost in the same seconds; one of the posts never arrived."""
    runs = [scene.begin(f"run-{number}") for number in range(6)]
    for run in runs:
        scene.schedule(run)
    for run in runs:
        scene.post(run, REQUEST_LOST if run is runs[3] else REPLY_LOST)
    assert len(scene.emulator.truth()) == 5
    assert scene.search_until_decided(*runs) == ["nothing" if run is runs[3] else "found" for run in runs]
    assert [run.run.get("executionId") for run in runs] == [scene.started_by(run) for run in runs]


def test_each_of_many_finds_its_own_by_its_marker(marked_scene: Scene) -> None:
    check_that_each_finds_its_own(marked_scene)


@ECHOING
def test_each_of_many_finds_its_own_by_its_parameters(scene: Scene) -> None:
    check_that_each_finds_its_own(scene)


@ECHOING
def test_twins_that_posted_in_the_same_seconds_cannot_be_known_apart(scene: Scene) -> None:
    both = [scene.schedule(scene.begin("same", name)) for name in (None, "by-hand")]
    for run in both:
        scene.post(run, REPLY_LOST)
    assert scene.search_until_decided(*both) == ["ambiguous", "ambiguous"]


@ECHOING
def test_a_twin_does_not_take_what_the_other_is_starting_this_moment(scene: Scene) -> None:
    mine, twin = scene.begin("same"), scene.begin("same", "by-hand")
    scene.schedule(mine)
    scene.clock.sleep(4)
    scene.schedule(twin)
    scene.post(mine, REQUEST_LOST)
    scene.post(twin, REPLY_LOST)
    assert scene.search(mine)["outcome"] == "later"


@pytest.mark.parametrize(("fault", "outcome"), [(REPLY_LOST, "found"), (REQUEST_LOST, "nothing")])
def test_the_marker_says_ours_among_strangers_of_the_same_second(
    marked_scene: Scene, fault: dict[str, Any], outcome: str
) -> None:
    run = marked_scene.begin("mine")
    marked_scene.emulator.start_by_hand(marked_scene.job)
    marked_scene.start(run, fault)
    marked_scene.emulator.start_by_hand(marked_scene.job)
    assert marked_scene.search(run)["outcome"] == outcome
    assert run.run.get("executionId") == marked_scene.started_by(run)


@pytest.mark.parametrize(("fault", "outcome"), [(REPLY_LOST, "found"), (REQUEST_LOST, "ambiguous")])
@pytest.mark.parametrize("kind", ["text", "secret", "time"])
@ECHOING
def test_parameters_that_the_provider_repeats_say_ours_among_strangers(
    scene: Scene, kind: str, fault: dict[str, Any], outcome: str
) -> None:
    """A secret is compared by its name and never fetched, a time as it was written."""
    scene.aws.secrets["farsync/parameters/default/of-mine"] = "hidden"
    given: dict[str, dict[str, Any]] = {
        "text": {scene.emulator.parameter: "mine"},
        "secret": {scene.emulator.parameter: {"secret": "of-mine"}, "$day": "monday"},
        "time": {scene.emulator.parameter: {"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul"}},
    }
    run = scene.begin("mine", parameters=given[kind])
    scene.emulator.start_by_hand(scene.job)
    scene.start(run, fault)
    scene.aws.secrets.clear()
    assert scene.search(run)["outcome"] == outcome


@only("scene", "data-flow")
class TestATrigger:
    """Data Flow shows an execution that was begun with a trigger as one of a workflow."""

    @pytest.mark.parametrize(("fault", "outcome"), [(REPLY_LOST, "found"), (REQUEST_LOST, "nothing")])
    def test_of_the_request_makes_its_execution_ours(self, scene: Scene, fault: dict[str, Any], outcome: str) -> None:
        run = scene.start(scene.begin("mine", **BY_TRIGGER), fault)
        assert scene.search(run)["outcome"] == outcome
        assert run.run.get("executionId") == scene.started_by(run)

    @pytest.mark.parametrize(("wishes", "outcome"), [(BY_TRIGGER, "ambiguous"), ({}, "nothing")])
    def test_of_somebody_else_counts_at_another_time_only_where_the_request_names_one(
        self, scene: Scene, wishes: dict[str, Any], outcome: str
    ) -> None:
        run = scene.begin("mine", **wishes)
        scene.emulator.start_by_hand(scene.job, by_schedule=True)
        scene.clock.sleep(20)
        scene.start(run, REQUEST_LOST)
        assert scene.search(run)["outcome"] == outcome
