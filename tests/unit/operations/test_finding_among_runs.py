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
    assert (found["outcome"], found["run"].get("executionId")) == (outcome, scene.begun_by(mine))


@pytest.mark.parametrize("name", [None, "by-hand"])
def test_another_run_in_an_ordinary_slow_post_is_waited_for_and_ours_found_by_elimination(
    scene: Scene, name: str | None
) -> None:
    """A healthy run would end as AmbiguousStart otherwise."""
    mine, other = scene.begin("mine"), scene.begin("other", name)
    scene.start(mine, dies_after=True)
    scene.clock.sleep(80)
    scene.walker.enter_start(other)
    found = scene.search(mine)
    assert (found["outcome"], found["hasSearched"]) == ("later", True)
    assert found["reason"] == f"1 other runs of the job may have begun it: {other.name}"
    scene.work()
    assert scene.search_until_decided(mine) == ["found"]
    assert mine.execution_id == scene.started_by(mine)[0]


def test_two_that_both_searched_and_cannot_tell_do_not_wait_for_each_other(scene: Scene) -> None:
    runs = [scene.begin("mine"), scene.begin("other")]
    for run in runs:
        scene.start(run, REPLY_LOST)
    assert scene.search_until_decided(*runs) == ["ambiguous", "ambiguous"]
    assert len(scene.emulator.truth()) == 2


def test_a_run_that_is_closed_and_never_knew_makes_it_ambiguous_at_once(scene: Scene) -> None:
    mine, other = scene.begin("mine"), scene.begin("other")
    scene.start(other, REQUEST_LOST)
    scene.start(mine, REPLY_LOST)
    scene.walker.abort(other)
    assert scene.search(mine)["outcome"] == "ambiguous"


def test_a_run_of_another_job_or_account_or_one_that_ended_long_before_is_in_nobodys_way(scene: Scene) -> None:
    for name in (None, "by-hand"):
        scene.start(scene.begin(f"other {name}", name, job=scene.emulator.make_job()), REQUEST_LOST)
    elsewhere = scene.start(scene.begin("other", "also-by-hand"), REQUEST_LOST)
    elsewhere.request = {**elsewhere.request, "connection": "elsewhere"}
    scene.walker.abort(scene.start(scene.begin("earlier"), REQUEST_LOST))
    scene.clock.sleep(60)
    assert scene.lose("mine", REPLY_LOST)["outcome"] == "found"


def test_a_run_that_ended_a_moment_before_may_still_be_posting(scene: Scene) -> None:
    """Its function goes on after the abort."""
    other = scene.begin("other", cancelOnAbort=False)
    scene.walker.enter_start(other)
    scene.clock.sleep(3)
    scene.walker.abort(other)
    mine = scene.begin("mine")
    scene.walker.enter_start(mine)
    scene.work()
    scene.work(REQUEST_LOST)
    assert scene.search(mine)["outcome"] == "ambiguous"
    assert scene.started_by(other) != []


def test_a_run_that_only_follows_our_execution_does_not_take_it_from_us(scene: Scene) -> None:
    mine = scene.start(scene.begin("mine"), REPLY_LOST)
    following = scene.start(scene.begin("other", ifRunning="attach"))
    assert following.run["isAttached"]
    assert scene.search(mine)["run"]["executionId"] == following.execution_id
    assert len(scene.emulator.truth()) == 1
