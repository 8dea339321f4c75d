"""Jobs and connections do not keep each other waiting, and no period lasts longer than its function may."""

from threading import Barrier, Lock
from typing import Any

import pytest

from conftest import LogLines
from farsync.model.errors import JobNotFound, JobsNotWatched, ProviderUnavailable, Throttled
from farsync.operations.watch_jobs import AT_ONCE, FAILURES_IN_A_ROW, LONGEST_SECONDS
from tests.unit.operations.watching_scene import HOUR, MINUTE, NOON, ListedProvider, WatchingScene, execution

AWAY = ProviderUnavailable("no reply")


def with_jobs(*jobs: str) -> WatchingScene:
    return WatchingScene(*(execution(f"of-{job}", NOON - MINUTE, job=job) for job in jobs))


def watched_over(*connections: str) -> list[dict[str, Any]]:
    return [{"connection": connection, "jobs": [f"job-over-{connection}"]} for connection in connections]


def test_a_job_that_is_gone_keeps_no_other_waiting_and_is_named_in_the_end() -> None:
    scene = with_jobs("a", "b", "c")

    def gone() -> None:
        if scene.provider.listed[-1] == "b":
            raise JobNotFound("there is no job b")

    scene.provider.before_list = gone
    with pytest.raises(JobsNotWatched, match=r"^1 jobs could not be watched.* default b: JobNotFound: there is no job"):
        scene.watch("a", "b", "c")
    assert scene.emitted == ["of-a", "of-c"]


def test_a_provider_that_is_away_keeps_no_other_connection_waiting() -> None:
    scene = WatchingScene()
    scene.providers["away"] = ListedProvider(scene, failure=AWAY)
    scene.providers["well"] = ListedProvider(scene, [execution("x", NOON - MINUTE, job="job-over-well")])
    with pytest.raises(JobsNotWatched, match="away job-over-away: ProviderUnavailable: no reply"):
        scene.watch(watch=watched_over("away", "well"))
    assert scene.emitted == ["x"]


@pytest.mark.parametrize("failure", [AWAY, Throttled("later")])
def test_a_provider_that_is_away_is_not_asked_for_every_job(failure: ProviderUnavailable) -> None:
    scene = WatchingScene()
    scene.provider.failure = failure
    with pytest.raises(JobsNotWatched, match=rf"^{FAILURES_IN_A_ROW} jobs"):
        scene.watch(*"abcdef")
    assert scene.provider.listed == ["a", "b"]


def test_connections_go_side_by_side_and_five_at_most() -> None:
    scene, together, lock = WatchingScene(), Barrier(AT_ONCE, timeout=10), Lock()
    most = at_work = 0

    def meet() -> None:
        nonlocal most, at_work
        with lock:
            at_work += 1
            most = max(most, at_work)
        together.wait()
        with lock:
            at_work -= 1
        together.wait()

    names = [f"c{number}" for number in range(2 * AT_ONCE)]
    for name in names:
        scene.providers[name] = ListedProvider(scene, before_list=meet)
    answer = scene.watch(watch=watched_over(*names))
    assert len(answer) == len(names)
    assert most == AT_ONCE == 5


def test_a_connection_that_is_named_twice_is_asked_for_job_after_job() -> None:
    scene = with_jobs("a", "b")
    answer = scene.watch(
        watch=[{"connection": "default", "jobs": ["a"]}, {"connection": "default", "jobs": ["b", "a"]}]
    )
    assert scene.provider.listed == ["a", "b"]
    assert answer.keys() == {"a", "b"}


def test_a_period_begins_nothing_after_its_time_and_the_next_one_goes_on() -> None:
    scene = WatchingScene(*(execution(f"{hour}", NOON - hour * HOUR - MINUTE) for hour in range(5)))
    scene.provider.seconds_for_a_detail = LONGEST_SECONDS / 2
    first = scene.watch("a-job", "b-job")
    assert scene.emitted == ["4", "3"]
    assert (first["a-job"]["notReached"], first["a-job"]["ended"]) == (True, 5)
    assert (first["b-job"]["notReached"], first["b-job"]["ended"]) == (True, 0)
    assert scene.provider.listed == ["a-job"]
    scene.provider.seconds_for_a_detail = 0
    second = scene.watch("a-job", "b-job")
    assert scene.emitted == ["4", "3", "2", "1", "0"]
    assert not any(job["notReached"] for job in second.values())


def test_an_end_that_was_not_checked_in_time_is_not_emitted_before_an_older_one() -> None:
    scene = with_jobs("a-job")
    scene.aws.before["ListExecutions"] = lambda: setattr(scene, "clock", scene.clock + LONGEST_SECONDS)
    assert scene.watch()["a-job"]["notReached"]
    assert scene.emitted == []


def test_each_period_may_begin_with_another_job_so_that_none_is_always_the_last() -> None:
    scene = with_jobs(*"abcd")
    scene.random = 0.5
    scene.watch(*"abcd")
    assert scene.provider.listed == ["c", "d", "a", "b"]


def test_the_log_names_the_job_of_each_event_and_of_each_failure_and_what_was_not_reached(log_lines: LogLines) -> None:
    scene = with_jobs(*"abcdef")
    scene.watch("a")
    scene.provider.failure = AWAY
    with pytest.raises(JobsNotWatched):
        scene.watch(*"abcdef")
    seen = {line["message"]: line for line in log_lines()}
    emitted, failed = seen["event handed over"], seen["a job could not be watched"]
    assert (emitted["connection"], emitted["job"], emitted["execution_id"]) == ("default", "a", "of-a")
    assert (failed["connection"], failed["job"]) == ("default", "b")
    assert seen["no reply"]["error_name"] == "ProviderUnavailable"
    assert seen["ends of executions without an event"]["emitted"] == 1
    late = seen["jobs were not reached; the next period goes on"]
    assert (late["not_reached"], late["jobs"]) == (4, ["default c", "default d", "default e", "default f"])


def test_a_long_list_of_failures_names_the_first_and_how_many_there_are() -> None:
    scene = WatchingScene()
    scene.provider.failure = JobNotFound("gone " * 100)
    with pytest.raises(JobsNotWatched, match=r"^50 jobs") as failed:
        scene.watch(*(f"job-{number}" for number in range(50)))
    assert len(str(failed.value)) < 5000
