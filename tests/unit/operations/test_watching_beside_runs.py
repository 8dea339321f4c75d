"""What a run holds is emitted by the run, with its name and labels; what cannot be a run's is emitted by watching."""

from typing import Any

import pytest

from farsync.model.errors import JobsNotWatched
from farsync.model.names import run_event_id
from tests.unit.histories import History
from tests.unit.operations.watching_scene import HOUR, MINUTE, NOON, WatchingScene, execution

MANY = 101
FINAL = '{"status": "FAILED", "final": true}'


@pytest.fixture
def scene() -> WatchingScene:
    """One execution that ended a minute ago, and took two."""
    return WatchingScene(execution("x", NOON - MINUTE))


def left(scene: WatchingScene) -> int:
    return int(scene.watch()["a-job"]["leftToRuns"])


@pytest.mark.parametrize("is_attached", [False, True])
def test_what_an_open_run_holds_is_left_to_it(scene: WatchingScene, is_attached: bool) -> None:
    scene.provider.executions.append(execution("y", NOON - MINUTE))
    scene.run("x", isAttached=is_attached)
    assert left(scene) == 1
    assert scene.emitted == ["y"]


DAY = 24 * HOUR
HELD: dict[str, tuple[dict[str, Any], int]] = {
    "final": ({"stopped_ago": MINUTE, "cause": FINAL}, 0),
    "not-final": ({"stopped_ago": MINUTE, "cause": '{"final": false}'}, 1),
    "aborted-an-hour-ago": ({"started_ago": DAY, "stopped_ago": HOUR}, 1),
    "aborted-13-days-ago": ({"started_ago": 20 * DAY, "stopped_ago": 13 * DAY}, 1),
    "aborted-15-days-ago": ({"started_ago": 20 * DAY, "stopped_ago": 15 * DAY}, 0),
    "over-another-connection-of-the-account": ({"connection": "same-account"}, 1),
    "in-another-account": ({"connection": "another-account"}, 0),
}


@pytest.mark.parametrize(("run", "is_left"), HELD.values(), ids=HELD)
def test_an_execution_is_left_to_the_run_that_began_it_until_it_is_emitted(run: dict[str, Any], is_left: int) -> None:
    """Unless nobody closes that run any more, or its end is final."""
    created_at = NOON - run["started_ago"] if "started_ago" in run else None
    scene = WatchingScene(execution("x", NOON - MINUTE, created_at))
    scene.accounts["same-account"] = "default"
    scene.run("x", **run)
    assert left(scene) == is_left
    assert scene.emitted == ["x"][is_left:]
    scene.clock += 60
    assert left(scene) == is_left
    scene.emitted_by_a_run("x")
    assert left(scene) == 0


def test_executions_that_may_be_of_a_run_that_does_not_know_its_own_are_left_and_others_emitted() -> None:
    scene = WatchingScene(
        execution("before", NOON - MINUTE, created_at=NOON - 11 * MINUTE),
        execution("whose", NOON - MINUTE, created_at=NOON - 9 * MINUTE),
        execution("after", NOON - MINUTE, created_at=NOON - 5 * MINUTE),
        execution("timeless", None).model_copy(update={"created_at": None}),
    )
    scene.run(None, started_ago=10 * MINUTE)
    assert left(scene) == 2
    assert scene.emitted == ["after", "before"]


def test_once_the_run_knows_what_was_left_is_emitted_however_late_that_is() -> None:
    scene = WatchingScene(execution("x", NOON - MINUTE), execution("y", NOON - MINUTE))
    run = scene.run(None)
    assert left(scene) == 2
    scene.clock += 5 * HOUR.total_seconds()
    scene.provider.executions.append(execution("z", NOON + 4 * HOUR))
    scene.watch()
    assert scene.emitted == ["z"]
    scene.run("x", started_ago=5 * HOUR + 4 * MINUTE, name=run.name)
    assert left(scene) == 1
    assert scene.emitted == ["z", "y"]


def test_a_run_that_ended_amid_its_start_may_still_be_found_to_hold_it(scene: WatchingScene) -> None:
    run = scene.run(None, stopped_ago=MINUTE)
    assert left(scene) == 1
    scene.aws.events[run_event_id(run.name, run.redrive_count)] = {}
    assert left(scene) == 0
    assert scene.emitted == ["x"]


@pytest.mark.parametrize(("job", "emitted"), [("a-job", []), ("another-job", ["x"])])
def test_a_run_whose_variable_another_release_wrote_is_known_by_its_request(
    scene: WatchingScene, job: str, emitted: list[str]
) -> None:
    history = History(scene.clock - 240)
    request = {"job": job, "connection": "other-connection"}
    history.entered("Start").scheduled({"request": request, "run": {"v": 2}, "redriveCount": 0})
    scene.accounts["other-connection"] = "default"
    scene.run(None, name="by-hand").history = history
    scene.watch()
    assert scene.emitted == emitted


def test_open_runs_that_their_callers_named_count_however_many_they_are(scene: WatchingScene) -> None:
    scene.provider.executions.append(execution("y", NOON - MINUTE))
    for number in range(MANY):
        scene.run(f"of-another-job-{number}", name=f"by-hand-{number:03}", job="another-job")
    scene.run("x", name="by-hand-too")
    assert left(scene) == 1
    assert scene.emitted == ["y"]


def test_their_histories_are_read_once_however_many_jobs_are_watched(scene: WatchingScene) -> None:
    scene.provider.executions += [execution(f"{number}", NOON - MINUTE, job=f"job-{number}") for number in range(9)]
    for number in range(MANY):
        scene.run("1", name=f"by-hand-{number:03}", job="job-1")
    scene.watch(*(f"job-{number}" for number in range(9)))
    assert scene.aws.asked.count("GetExecutionHistory") == MANY
    assert "1" not in scene.emitted


@pytest.mark.parametrize("action", ["ListExecutions", "GetExecutionHistory"])
def test_aws_that_does_not_answer_is_no_sign_that_no_run_holds_it(scene: WatchingScene, action: str) -> None:
    scene.run("x")
    scene.aws.reject(action)
    with pytest.raises(JobsNotWatched, match="a-job: Throttled"):
        scene.watch()
    assert scene.emitted == []
