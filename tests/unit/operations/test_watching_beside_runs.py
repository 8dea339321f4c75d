"""What a run holds is emitted by the run, with its name and labels; what cannot be a run's is emitted by watching."""

from datetime import timedelta

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


@pytest.mark.parametrize("ago", [HOUR, 20 * HOUR], ids=["an hour", "most of a day"])
def test_what_an_aborted_run_held_is_left_to_it_for_as_long_as_it_is_closed(ago: timedelta) -> None:
    scene = WatchingScene(execution("x", NOON - MINUTE, created_at=NOON - 23 * HOUR))
    scene.run("x", started_ago=23 * HOUR, stopped_ago=ago)
    assert left(scene) == 1
    scene.clock += 60
    assert left(scene) == 1
    scene.emitted_by_a_run("x")
    assert left(scene) == 0
    assert scene.emitted == []


@pytest.mark.parametrize(("days", "emitted"), [(13, []), (15, ["x"])])
def test_what_a_run_held_that_nobody_closes_any_more_is_emitted(days: int, emitted: list[str]) -> None:
    scene = WatchingScene(execution("x", NOON - MINUTE, created_at=NOON - timedelta(days=20)))
    scene.run("x", started_ago=timedelta(days=20), stopped_ago=timedelta(days=days))
    scene.watch()
    assert scene.emitted == emitted


@pytest.mark.parametrize(("cause", "is_left"), [(FINAL, 0), ('{"final": false}', 1)], ids=["final", "not-final"])
def test_a_run_whose_end_is_final_holds_nothing_any_more(scene: WatchingScene, cause: str, is_left: int) -> None:
    scene.run("x", stopped_ago=MINUTE, cause=cause)
    assert left(scene) == is_left
    assert scene.emitted == ["x"][is_left:]


def test_what_may_be_of_a_run_that_does_not_know_its_execution_is_left_and_the_others_are_emitted() -> None:
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


@pytest.mark.parametrize(("account", "emitted"), [("default", []), ("another", ["x"])])
def test_a_run_holds_executions_of_its_account_whatever_its_connection_is_called(
    scene: WatchingScene, account: str, emitted: list[str]
) -> None:
    scene.accounts["other-connection"] = account
    scene.run("x", connection="other-connection")
    scene.watch()
    assert scene.emitted == emitted


@pytest.mark.parametrize("action", ["ListExecutions", "GetExecutionHistory"])
def test_aws_that_does_not_answer_is_no_sign_that_no_run_holds_it(scene: WatchingScene, action: str) -> None:
    scene.run("x")
    scene.aws.reject(action)
    with pytest.raises(JobsNotWatched, match="a-job: Throttled"):
        scene.watch()
    assert scene.emitted == []
