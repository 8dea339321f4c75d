"""Find, against both providers' services, where other runs of the job are about."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from farsync.aws.run_store import MOST_DESCRIBED
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
        assert scene.search(mine)["outcome"] == "nothing"

    @pytest.mark.parametrize("connection", ["by-night", "gone"])
    def test_an_execution_over_another_connection_of_the_account_is_none_of_ours(
        self, scene: Scene, connection: str
    ) -> None:
        """Its list is ours; its name would not tell."""
        mine = scene.begin("mine")
        other = scene.begin("other", connection="default" if connection == "gone" else connection)
        scene.start(other)
        other.request["connection"] = connection
        scene.start(mine, REQUEST_LOST)
        assert scene.search(mine)["outcome"] == "nothing"

    @pytest.mark.parametrize("name", [None, "by-hand"])
    def test_one_in_an_ordinary_slow_post_is_waited_for_and_ours_found_by_elimination(
        self, scene: Scene, name: str | None
    ) -> None:
        """A healthy run would end as AmbiguousStart otherwise."""
        mine, other = scene.begin("mine"), scene.begin("other", name)
        scene.walker.enter_start(mine)
        scene.walker.work(scene.walker.under_way[-1], dies_after=True)
        scene.clock.sleep(85)
        scene.walker.enter_start(other)
        found = scene.search(mine)
        assert (found["outcome"], found["hasSearched"]) == ("later", True)
        assert found["reason"] == f"1 other runs of the job may have begun it: {other.name}"
        scene.walker.work(scene.walker.under_way[-1])
        assert scene.search_until_decided(mine) == ["found"]
        assert mine.execution_id == scene.started_by(mine)[0]

    def test_one_that_has_found_its_execution_is_in_nobodys_way(self, scene: Scene) -> None:
        mine, other = scene.begin("mine"), scene.begin("other")
        scene.start(other, REPLY_LOST)
        scene.search(other)
        scene.start(mine, REPLY_LOST)
        assert scene.search(mine)["run"]["executionId"] == scene.started_by(mine)[0]

    def test_two_that_both_searched_and_cannot_tell_do_not_wait_for_each_other(self, scene: Scene) -> None:
        runs = [scene.begin("mine"), scene.begin("other")]
        for run in runs:
            scene.start(run, REPLY_LOST)
        assert scene.search_until_decided(*runs) == ["ambiguous", "ambiguous"]
        assert len(scene.emulator.truth()) == 2

    def test_one_that_is_closed_and_never_knew_makes_it_ambiguous_at_once(self, scene: Scene) -> None:
        mine, other = scene.begin("mine"), scene.begin("other")
        scene.start(other, REQUEST_LOST)
        scene.start(mine, REPLY_LOST)
        scene.walker.abort(other)
        assert scene.search(mine)["outcome"] == "ambiguous"

    def test_one_that_has_not_come_to_its_start_is_in_nobodys_way(self, scene: Scene) -> None:
        mine = scene.begin("mine")
        scene.begin("other")
        assert scene.search(scene.start(mine, REPLY_LOST))["outcome"] == "found"

    def test_one_of_another_job_is_in_nobodys_way_whatever_its_name(self, scene: Scene) -> None:
        elsewhere = scene.emulator.make_job()
        for name in (None, "by-hand"):
            scene.start(scene.begin(f"other {name}", name, job=elsewhere), REQUEST_LOST)
        assert scene.lose("mine", REPLY_LOST)["outcome"] == "found"

    def test_one_in_another_account_is_in_nobodys_way(self, scene: Scene) -> None:
        other = scene.start(scene.begin("other", "by-hand"), REQUEST_LOST)
        other.request["connection"] = "elsewhere"
        assert scene.lose("mine", REPLY_LOST)["outcome"] == "found"

    def test_one_that_ended_long_before_is_in_nobodys_way(self, scene: Scene) -> None:
        other = scene.start(scene.begin("other"), REQUEST_LOST)
        scene.walker.abort(other)
        scene.clock.sleep(60)
        assert scene.lose("mine", REPLY_LOST)["outcome"] == "found"

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
        with scene.emulator.faults(scene.job, "start", REQUEST_LOST):
            scene.walker.work(ours)
        assert scene.search(mine)["outcome"] == "ambiguous"
        assert scene.started_by(other) != []

    def test_one_that_only_follows_our_execution_does_not_take_it_from_us(self, scene: Scene) -> None:
        mine = scene.start(scene.begin("mine"), REPLY_LOST)
        following = scene.start(scene.begin("other", ifRunning="attach"))
        assert following.is_attached
        assert scene.search(mine)["run"]["executionId"] == following.execution_id
        assert len(scene.emulator.truth()) == 1

    def test_too_many_to_read_leave_it_undecided_and_never_nothing(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REPLY_LOST)
        for number in range(MOST_DESCRIBED + 1):
            scene.step_functions.runs.append(WalkedRun(f"by-hand-{number}", {"job": "x"}, "", scene.clock()))
        found = scene.search(run)
        assert (found["outcome"], found["hasSearched"]) == ("later", False)
