"""Find, against both providers' services, where other runs of the job are about."""

from typing import Any

import pytest

from tests.unit.operations.searching_scene import REPLY_LOST, REQUEST_LOST, Scene


@pytest.mark.parametrize(("fault", "outcome"), [(REPLY_LOST, "found"), (REQUEST_LOST, "nothing")])
@pytest.mark.parametrize("connection", ["default", "by-night", "gone"])
def test_the_executions_of_other_runs_are_none_of_ours_whatever_connection_they_use(
    scene: Scene, connection: str, fault: dict[str, Any], outcome: str
) -> None:
    """The list of the account is ours; a name would not say so."""
    mine, other = scene.begin("mine"), scene.begin("other")
    scene.start(other)
    other.request = {**other.request, "connection": connection}
    found = scene.search(scene.start(mine, fault))
    assert (found["outcome"], found["run"].get("executionId")) == (outcome, scene.started_by(mine))


@pytest.mark.parametrize("name", [None, "by-hand"])
def test_another_run_in_an_ordinary_slow_post_is_waited_for_and_ours_found_by_elimination(
    scene: Scene, name: str | None
) -> None:
    """A healthy run would end as AmbiguousStart otherwise."""
    mine, other = scene.begin("mine"), scene.begin("other", name)
    scene.start(mine, dies=True)
    scene.clock.sleep(80)
    scene.schedule(other)
    found = scene.search(mine)
    assert (found["outcome"], found["hasSearched"]) == ("later", True)
    assert found["reason"] == f"1 other runs of the job may have begun it: {other.name}"
    scene.post(other)
    assert scene.search_until_decided(mine) == ["found"]
    assert mine.run["executionId"] == scene.started_by(mine)


def test_two_that_both_searched_and_cannot_tell_do_not_wait_for_each_other(scene: Scene) -> None:
    runs = [scene.begin("mine"), scene.begin("other")]
    for run in runs:
        scene.start(run, REPLY_LOST)
    assert scene.search_until_decided(*runs) == ["ambiguous", "ambiguous"]
    assert len(scene.emulator.truth()) == 2


def test_a_run_that_ended_a_moment_before_may_still_be_posting(scene: Scene) -> None:
    """Its function goes on after the abort."""
    other = scene.schedule(scene.begin("other", cancelOnAbort=False))
    scene.clock.sleep(3)
    scene.end(other)
    mine = scene.schedule(scene.begin("mine"))
    scene.post(other)
    assert scene.started_by(other)
    assert scene.search(scene.post(mine, REQUEST_LOST))["outcome"] == "ambiguous"
