"""Runs that ended without a known execution: their one event, and the search for what they may have begun."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from farsync.model.names import run_event_id
from tests.unit.operations.closing_aws import EndedExecution
from tests.unit.operations.closing_scene import SceneByTheClock
from tests.unit.operations.emulator_in_process import HuaweiInProcess, NaverInProcess
from tests.unit.operations.unstarted_runs import (
    NEVER_STARTED,
    WINDOW_AND_FUNCTION_SECONDS,
    begun,
    exchanges_of,
    is_cancel_asked_for,
    post,
    scene_at,
    with_an_unconfirmed_start,
)


@pytest.fixture(params=[NaverInProcess, HuaweiInProcess], ids=["data-flow", "dataarts"])
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SceneByTheClock]:
    yield from scene_at(request.param, tmp_path)


DATA_FLOW = pytest.mark.parametrize("scene", [NaverInProcess], ids=["data-flow"], indirect=True)


@pytest.mark.parametrize(("status", "end", "name", "message"), NEVER_STARTED)
@DATA_FLOW
def test_a_run_that_began_nothing_has_one_event_that_says_why(
    scene: SceneByTheClock, status: str, end: dict[str, str], name: str, message: str
) -> None:
    request = {"job": "x", "labels": {"team": "night"}}
    ended = scene.closed(begun(scene, request).entered("Prepare"), "a-run", request, status, **end)
    assert scene.receive(ended) is True
    event = scene.event
    assert (event["type"], event["id"]) == ("io.farsync.run.failed", run_event_id("a-run", 0))
    assert event["data"]["error"]["name"] == name
    assert message in event["data"]["error"]["message"]
    assert (event["data"]["job"], event["data"]["labels"]) == ("x", {"team": "night"})


@pytest.mark.parametrize("request_given", [None, [], 5, {"job": 7, "labels": "x"}, {"detail": {"job": "x"}}])
@DATA_FLOW
def test_a_run_of_any_input_has_an_event(scene: SceneByTheClock, request_given: object) -> None:
    ended = scene.closed(begun(scene, request_given).entered("Prepare"), "a-run", request_given)
    assert scene.receive(ended) is True
    assert scene.types == ["run.failed"]


@DATA_FLOW
def test_a_run_that_began_nothing_and_has_a_huge_request_is_closed(scene: SceneByTheClock) -> None:
    request = {"job": "x", "parameters": {"sql": '"' * 95_000}}
    assert scene.receive(scene.closed(begun(scene, request).entered("Prepare"), "a-run", request)) is True
    assert scene.types == ["run.failed"]


@DATA_FLOW
def test_a_verdict_is_emitted_once_however_often_the_run_is_swept(scene: SceneByTheClock) -> None:
    ended = scene.closed(begun(scene, {"job": "x"}).entered("Prepare"), "a-run", {"job": "x"})
    assert scene.receive(ended) is True
    scene.aws.asked.clear()
    assert scene.receive(ended, isSwept=True) is True
    assert scene.aws.asked == ["GetExecutionHistory", "DescribeExecution", "DescribeExecution"]
    assert len(scene.aws.events) == 1


@DATA_FLOW
def test_each_redrive_that_fails_has_its_own_event(scene: SceneByTheClock) -> None:
    ended = scene.closed(begun(scene, {"job": "x"}).entered("Prepare"), "a-run", {"job": "x"})
    assert scene.receive(ended) is True
    ended.history.after(5).redriven()
    again = scene.closed(ended.history, "a-run", {"job": "x"})
    again.redrive_count = 1
    assert scene.receive(again) is True
    assert set(scene.aws.events) == {run_event_id("a-run", 0), run_event_id("a-run", 1)}


def test_an_unconfirmed_start_is_searched_for_once_the_provider_must_list_it(scene: SceneByTheClock) -> None:
    job = scene.cloud.emulator.make_job()
    ended = with_an_unconfirmed_start(scene, job)
    exchanges = exchanges_of(scene)
    assert scene.receive(ended) is False
    assert exchanges_of(scene) == exchanges
    assert WINDOW_AND_FUNCTION_SECONDS - 2 <= scene.aws.hidden_seconds[0] <= WINDOW_AND_FUNCTION_SECONDS + 1
    scene.pass_time(scene.aws.hidden_seconds[0])
    assert scene.receive(ended) is True
    assert scene.types == ["run.failed"]
    assert scene.event["data"]["error"]["name"] == "ExecutionCanceled"


def test_an_execution_that_an_unconfirmed_start_began_is_stopped(scene: SceneByTheClock) -> None:
    job = scene.cloud.emulator.make_job()
    ended = with_an_unconfirmed_start(scene, job)
    execution_id = post(scene, job)
    scene.receive_until_done(ended)
    assert scene.word({"job": job, "executionId": execution_id}) == scene.cloud.emulator.canceled_word
    assert scene.types == ["execution.canceled"]
    assert (scene.event["data"]["executionId"], scene.event["data"]["runName"]) == (execution_id, "a-run")


def test_where_two_executions_may_be_the_run_s_none_is_canceled_and_both_are_named(scene: SceneByTheClock) -> None:
    job = scene.cloud.emulator.make_job()
    ended = with_an_unconfirmed_start(scene, job)
    ids = {post(scene, job), post(scene, job)}
    scene.receive_until_done(ended)
    assert scene.types == ["run.failed"]
    assert scene.event["data"]["error"]["name"] == "AmbiguousStart"
    assert {candidate["executionId"] for candidate in scene.event["data"]["candidates"]} == ids
    assert not is_cancel_asked_for(scene)


@pytest.mark.parametrize(
    ("seconds_later", "error"),
    [(50, "AmbiguousStart"), (WINDOW_AND_FUNCTION_SECONDS + 30, "ExecutionCanceled")],
    ids=["within-the-window", "after-it"],
)
def test_an_execution_that_somebody_else_began_after_the_abort_is_not_canceled(
    scene: SceneByTheClock, seconds_later: int, error: str
) -> None:
    job = scene.cloud.emulator.make_job()
    ended = with_an_unconfirmed_start(scene, job)
    scene.pass_time(seconds_later)
    post(scene, job)
    scene.receive_until_done(ended)
    assert scene.event["data"]["error"]["name"] == error
    assert not is_cancel_asked_for(scene)


def test_what_the_run_itself_could_not_say_is_not_searched_for_again(scene: SceneByTheClock) -> None:
    job = scene.cloud.emulator.make_job()
    run = scene.prepared(job)
    candidates = [{"executionId": "77", "providerStatus": "RUNNING"}]
    answer = {
        "outcome": "ambiguous",
        "run": run,
        "message": "2 executions may be of this run",
        "candidates": candidates,
    }
    history = begun(scene, {"job": job}).called("Prepare", {}, run)
    history.entered("Start").scheduled({"run": run}).failed("Lambda.Unknown").entered("AwaitConsistency")
    history.called("Find", {"run": run}, answer).entered("Decide").entered("Failed")
    exchanges = exchanges_of(scene)
    assert scene.receive(scene.closed(history, "a-run", {"job": job}, "FAILED", error="AmbiguousStart")) is True
    assert scene.event["data"]["error"]["name"] == "AmbiguousStart"
    assert scene.event["data"]["candidates"] == candidates
    assert exchanges_of(scene) == exchanges


def test_a_search_that_fails_is_repeated_for_as_long_as_the_provider_is_away(scene: SceneByTheClock) -> None:
    job = scene.cloud.emulator.make_job()
    ended = with_an_unconfirmed_start(scene, job)
    execution_id = post(scene, job)
    scene.pass_time(60 * 3600)
    scene.receives = 200
    rules = [{"operation": scene.cloud.emulator.operations["list_executions"], "fault": "http_503", "times": 99_999}]
    scene.cloud.emulator.control("PUT", "faults", rules)
    assert scene.receive(ended) is False
    assert scene.aws.events == {}
    scene.cloud.emulator.control("PUT", "faults", [])
    scene.receive_until_done(ended)
    assert scene.word({"job": job, "executionId": execution_id}) == scene.cloud.emulator.canceled_word


@DATA_FLOW
def test_a_search_for_what_a_start_began_ends_once_its_job_is_gone_for_days(scene: SceneByTheClock) -> None:
    ended = with_an_unconfirmed_start(scene, scene.cloud.emulator.make_job())
    rules = [{"operation": scene.cloud.emulator.operations["list_executions"], "fault": "not_found", "times": 99_999}]
    scene.cloud.emulator.control("PUT", "faults", rules)
    scene.pass_time(47 * 3600)
    assert scene.receive(ended) is False
    assert scene.aws.events == {}
    scene.pass_time(2 * 3600)
    assert scene.receive(ended) is True
    assert scene.types == ["run.unobservable"]
    assert "could not be found out (JobNotFound" in scene.event["data"]["error"]["message"]


def test_an_undecided_search_is_repeated_until_the_other_run_knows_its_own(scene: SceneByTheClock) -> None:
    job = scene.cloud.emulator.make_job()
    ended = with_an_unconfirmed_start(scene, job)
    ours, theirs = post(scene, job), post(scene, job)
    request, other = {"job": job}, {**scene.prepared(job), "name": "another-run"}
    history = begun(scene, request).called("Prepare", {"request": request, "run": {"name": "another-run"}}, other)
    history.entered("Start").scheduled({"request": request, "run": other, "redriveCount": 0})
    began_at = scene.now().timestamp() - 60
    scene.aws.runs["another-run"] = EndedExecution("another-run", request, history, "RUNNING", began_at, 0)
    for _ in range(15):
        assert scene.receive(ended) is False
        scene.pass_time(scene.aws.hidden_seconds[-1])
    assert scene.aws.events == {}
    history.now = scene.now().timestamp()
    history.answered({"outcome": "started", "run": {**other, "executionId": theirs}})
    scene.receive_until_done(ended)
    assert scene.types == ["execution.canceled"]
    assert scene.event["data"]["executionId"] == ours


def test_what_is_searched_for_after_days_is_nothing_only_where_the_list_still_reaches_back(
    scene: SceneByTheClock,
) -> None:
    """DataArts Factory lists the last days only."""
    job = scene.cloud.emulator.make_job()
    ended = with_an_unconfirmed_start(scene, job)
    scene.pass_time(4 * 86_400)
    scene.receive_until_done(ended)
    assert scene.types == ["run.failed"]
    is_whole_list = isinstance(scene.emulator, NaverInProcess)
    assert (scene.event["data"]["error"]["name"] != "AmbiguousStart") is is_whole_list
    assert ("no longer reaches back" in scene.event["data"]["error"]["message"]) is not is_whole_list


def test_a_start_that_was_unconfirmed_past_the_deadline_and_began_nothing_says_so(scene: SceneByTheClock) -> None:
    cause = json.dumps({"errorMessage": "the deadline passed, and it could not be searched for"})
    job = scene.cloud.emulator.make_job()
    ended = with_an_unconfirmed_start(scene, job, status="FAILED", error="DeadlineExceeded", cause=cause)
    scene.receive_until_done(ended)
    assert scene.types == ["run.failed"]
    assert scene.event["data"]["error"]["name"] == "DeadlineExceeded"
    assert "no execution began" in scene.event["data"]["error"]["message"]


@pytest.mark.parametrize("what", ["search", "verdict"])
def test_a_run_that_is_redriven_while_it_is_closed_goes_on_by_itself(scene: SceneByTheClock, what: str) -> None:
    job = scene.cloud.emulator.make_job()
    begin: Callable[[], EndedExecution] = {
        "search": lambda: with_an_unconfirmed_start(scene, job),
        "verdict": lambda: scene.closed(begun(scene, {"job": job}).entered("Prepare"), "a-run", {"job": job}),
    }[what]
    ended = begin()
    message = ended.message
    ended.redrive_count, ended.status = 1, "RUNNING"
    scene.pass_time(WINDOW_AND_FUNCTION_SECONDS + 2)
    assert scene.receive(ended, **message) is True
    assert scene.aws.events == {}
