"""Sets of a backfill whose last run was aborted before it knew its execution: close_run finds it, and so must they."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from farsync.model.names import run_name
from farsync.operations.plan_backfill import plan_backfill
from farsync.runtime.request import Invocation
from tests.unit.operations.closing_scene import SceneByTheClock
from tests.unit.operations.emulator_in_process import NaverInProcess
from tests.unit.operations.unstarted_runs import post, scene_at, with_an_unconfirmed_start


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[SceneByTheClock]:
    yield from scene_at(NaverInProcess, tmp_path)


def name(job: str, attempt: int = 1) -> str:
    return run_name("default", job, "backfill", "a-key", str(attempt))


def judged(scene: SceneByTheClock, job: str) -> dict[str, Any]:
    asked = {"index": 0, "parameters": {}, "key": "a-key"}
    payload = {"request": {"connection": "default", "job": job}, "set": asked}
    answer = plan_backfill(scene.environment, Invocation("state_machine", payload)).body
    return answer.model_dump(mode="json", by_alias=True, exclude_none=True)


@pytest.mark.parametrize("is_begun", [True, False])
def test_the_set_waits_for_what_its_closing_finds_and_then_gets_the_next_attempt(
    scene: SceneByTheClock, is_begun: bool
) -> None:
    job = scene.cloud.emulator.make_job()
    ended = with_an_unconfirmed_start(scene, job, name=name(job))
    if is_begun:
        post(scene, job)
    assert judged(scene, job)["outcome"] == "later"
    scene.receive_until_done(ended)
    assert scene.types == (["execution.canceled"] if is_begun else ["run.failed"])
    assert judged(scene, job)["name"] == name(job, 2)


def test_while_nothing_was_emitted_of_it_the_set_does_not_run(scene: SceneByTheClock) -> None:
    job = scene.cloud.emulator.make_job()
    with_an_unconfirmed_start(scene, job, name=name(job))
    execution_id = post(scene, job)
    scene.pass_time(3600)
    result = judged(scene, job)["result"]
    assert (result["status"], result["executionId"]) == ("UNDECIDED", execution_id)


def test_where_the_search_fails_the_set_does_not_run(scene: SceneByTheClock) -> None:
    job = scene.cloud.emulator.make_job()
    with_an_unconfirmed_start(scene, job, name=name(job))
    scene.pass_time(3600)
    scene.aws.fails.add("ListExecutions")
    post(scene, job)
    assert judged(scene, job)["result"]["status"] == "UNDECIDED"
