"""Which ends are emitted, in which order, and that no outage of watching leaves a hole."""

from datetime import timedelta
from typing import Any

import pytest

from farsync.model.errors import InvalidRequest, JobsNotWatched, ProviderUnavailable
from farsync.model.execution import ExecutionStatus
from tests.unit.operations.watching_scene import HOUR, MINUTE, NOON, WatchingScene, execution


def hourly(hours: int) -> WatchingScene:
    """A job that ended each hour, half past, for so long."""
    return WatchingScene(*(execution(f"{hour}", NOON - hour * HOUR - 30 * MINUTE) for hour in range(hours)))


@pytest.mark.parametrize("ahead", [-60 * MINUTE, timedelta(), 60 * MINUTE, None], ids=["-1h", "0h", "1h", "no-date"])
def test_ends_are_compared_by_the_providers_own_clock(ahead: timedelta | None) -> None:
    provider_now = None if ahead is None else NOON + ahead
    noon = provider_now or NOON
    scene = WatchingScene(execution("old", noon - 11 * MINUTE), execution("new", noon - 9 * MINUTE))
    scene.provider.served_at = lambda: provider_now
    scene.watch(since=(NOON - 10 * MINUTE).isoformat())
    assert scene.emitted == ["new"]


def test_an_outage_of_watching_for_most_of_a_day_loses_nothing_and_the_oldest_end_comes_first() -> None:
    scene = hourly(30)
    assert scene.watch()["a-job"]["emitted"] == 24
    assert scene.emitted == [f"{hour}" for hour in reversed(range(24))]


def test_events_of_runs_amid_an_outage_hide_no_older_end() -> None:
    scene = hourly(6)
    scene.emitted_by_a_run("0", "2")
    scene.watch()
    assert scene.emitted == ["5", "4", "3", "1"]


def test_a_crash_amid_a_catch_up_leaves_no_hole_and_nothing_is_emitted_twice() -> None:
    scene = hourly(6)

    def crash() -> None:
        if len(scene.aws.events) == 2:
            raise KeyboardInterrupt

    scene.aws.before["StartExecution"] = crash
    with pytest.raises(KeyboardInterrupt):
        scene.watch()
    assert scene.emitted == ["5", "4"]
    scene.aws.before.clear()
    second = scene.watch()["a-job"]
    assert (second["ended"], second["emitted"], second["leftToRuns"], second["notReached"]) == (6, 4, 0, False)
    assert scene.emitted == ["5", "4", "3", "2", "1", "0"]


def test_ends_whose_events_exist_cost_one_call_to_aws_together_and_no_further_one_to_the_provider() -> None:
    scene = hourly(6)
    scene.watch()
    scene.aws.asked.clear()
    scene.provider.read.clear()
    scene.provider.listed.clear()
    scene.watch()
    assert scene.aws.asked == ["ListExecutions"]
    assert (scene.provider.listed, scene.provider.read) == (["a-job"], [])


def test_an_event_that_is_not_listed_yet_is_asked_for_by_its_name() -> None:
    scene = hourly(1)
    scene.watch()
    scene.aws.are_events_listed = False
    scene.provider.read.clear()
    assert scene.watch()["a-job"]["emitted"] == 0
    assert scene.provider.read == []


def test_a_person_catches_up_for_longer_than_a_day() -> None:
    scene = WatchingScene(execution("x", NOON - 60 * HOUR))
    scene.watch()
    assert scene.emitted == []
    scene.watch(since="2026-11-18T12:00:00+09:00")
    assert scene.emitted == ["x"]


def test_the_list_is_read_as_far_back_as_an_execution_may_have_begun_and_no_further() -> None:
    begun_days_ago = [1.5, 1.9, 2.1, 2.2, 2.3, 2.4]
    scene = WatchingScene(
        *(execution(f"{days}", NOON - MINUTE, created_at=NOON - timedelta(days=days)) for days in begun_days_ago)
    )
    scene.provider.page_size = 2
    scene.watch()
    assert scene.emitted == ["1.5", "1.9", "2.1", "2.2"]
    assert len(scene.provider.listed) == 2


def test_any_other_answer_of_aws_is_a_failure() -> None:
    scene = hourly(1)
    scene.aws.reject("StartExecution")
    with pytest.raises(JobsNotWatched, match="Throttled"):
        scene.watch()


@pytest.mark.parametrize("is_wanted", [False, True])
def test_what_a_provider_says_of_a_failure_may_repeat_a_secret_and_is_left_out_unless_wanted(is_wanted: bool) -> None:
    scene = hourly(1)
    failed = {"status": ExecutionStatus.FAILED, "failure_reason": "no table hunter2"}
    scene.provider.executions = [this.model_copy(update=failed) for this in scene.provider.executions]
    scene.are_failure_reasons_wanted = is_wanted
    scene.watch()
    assert ("hunter2" in str(scene.aws.events)) is is_wanted


def test_an_execution_that_was_rerun_meanwhile_has_not_ended() -> None:
    scene = hourly(1)
    again = scene.provider.executions[0].model_copy(update={"status": ExecutionStatus.RUNNING})
    scene.provider.get_execution = lambda *_: again  # type: ignore[method-assign]
    assert scene.watch()["a-job"]["emitted"] == 0


def test_an_execution_that_cannot_be_read_holds_back_no_other_and_is_emitted_later() -> None:
    scene = hourly(3)
    scene.provider.unreadable["1"] = ProviderUnavailable("no answer to the question")
    with pytest.raises(JobsNotWatched, match="default a-job: ProviderUnavailable: no answer to the question"):
        scene.watch()
    assert scene.emitted == ["2", "0"]
    scene.provider.unreadable.clear()
    scene.clock += 20 * HOUR.total_seconds()
    scene.watch()
    assert scene.emitted == ["2", "0", "1"]


def test_where_no_execution_can_be_read_few_are_tried() -> None:
    scene = hourly(9)
    scene.provider.unreadable = {f"{hour}": ProviderUnavailable("away") for hour in range(9)}
    with pytest.raises(JobsNotWatched):
        scene.watch()
    assert len(scene.provider.read) == 3


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"watch": None}, "watch"),
        ({"watch": [{"connection": "a b", "jobs": ["x"]}]}, "watch.0.connection"),
        ({"watch": [{"connection": "a", "jobs": ["x"]}, {"connection": "b", "jobs": "x"}]}, "watch.1.jobs"),
        ({"watch": [{"connection": "a", "jobs": ["x"] * 100}, {"connection": "b", "jobs": ["y"]}]}, "watch"),
        ({"watch": [], "since": "yesterday"}, "since"),
        ({"watch": [], "since": "2026-11-21T00:00:00"}, "since"),
        ({"watch": [], "since": "2026-02-30T00:00:00Z"}, "since"),
        ({"watch": [], "since": 1795262400}, "since"),
        ({"watch": [], "since": "2026-11-07T11:59:59Z"}, "since"),
        ({"watch": [], "since": "2026-11-21T12:00:01Z"}, "since"),
        ({"watch": [], "mostPages": 1}, "mostPages"),
    ],
)
def test_a_wrong_input_is_rejected_by_the_name_of_its_field(asked: dict[str, Any], field: str) -> None:
    scene = WatchingScene()
    with pytest.raises(InvalidRequest) as rejected:
        scene.watch(**asked)
    assert rejected.value.field == field
    assert str(rejected.value).startswith(f"{field}: ")


def test_as_many_jobs_as_one_stack_may_watch_are_taken_each_once() -> None:
    scene = WatchingScene()
    scene.watch(*(f"job-{number}" for number in range(99)), "job-0")
    assert len(scene.provider.listed) == 99


def test_where_nothing_is_to_be_watched_or_has_ended_aws_is_asked_nothing() -> None:
    scene = WatchingScene()
    assert scene.watch(watch=[]) == {}
    assert scene.watch()["a-job"]["ended"] == 0
    assert scene.aws.asked == []
