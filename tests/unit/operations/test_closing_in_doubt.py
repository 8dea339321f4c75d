"""Runs whose execution is not seen, is not theirs to cancel any more, or whose message is odd."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.waiting import eventually
from tests.unit.operations.closed_runs import ClosingScene
from tests.unit.operations.cloud import AT_ONCE, RUNNING, a_cloud


@pytest.fixture
def instances(tmp_path: Path) -> Iterator[ClosingScene]:
    """Instances of DataArts begin at once, and can be rerun by a person."""
    with a_cloud("dataarts", tmp_path, **RUNNING) as cloud:
        yield ClosingScene(cloud)


def rerun_by_a_person(scene: ClosingScene, run: dict[str, Any]) -> None:
    """As somebody does at the console: under the id that it has."""
    project = scene.emulator.description["projectId"]
    path = f"/v1/{project}/jobs/{run['job']}/instances/{run['executionId']}/restart"
    scene.emulator.call("POST", path, None, scene.emulator._auth)


def await_running(scene: ClosingScene, execution_id: str) -> None:
    """An instance's start is its attempt."""
    eventually(lambda: scene.cloud.word(execution_id) == "running")


@pytest.mark.parametrize("is_swept", [True, False], ids=["swept", "a-second-status-event"])
def test_an_execution_that_a_person_has_rerun_after_its_run_was_closed_is_not_canceled(
    instances: ClosingScene, is_swept: bool
) -> None:
    run = instances.started()
    ended = instances.ended(run)
    instances.receive_until_done(ended)
    rerun_by_a_person(instances, run)
    await_running(instances, run["executionId"])
    canceled_before = instances.cancels
    assert instances.receive(ended, isSwept=is_swept) is True
    assert instances.cancels == canceled_before
    assert instances.types == ["execution.canceled"]


def test_an_instance_that_began_only_after_its_run_s_end_is_stopped_though_no_status_event_came(
    instances: ClosingScene,
) -> None:
    """It waited in the provider's queue when the run was aborted, and a sweep found the run hours later."""
    run = instances.started()
    ended = instances.ended(run)
    ended.stopped_at = instances.clock() - 7200
    await_running(instances, run["executionId"])
    instances.receive_until_done(ended, isSwept=True)
    assert instances.is_canceled(run["executionId"])
    assert instances.types == ["execution.canceled"]


def test_an_end_that_start_once_could_not_hand_over_is_emitted_by_the_next_pass(closing: ClosingScene) -> None:
    ended = closing.ended(closing.started())
    closing.aws.is_start_once_broken = True
    closing.receive_until_done(ended)
    assert closing.aws.events == {}
    for _ in range(2):
        assert closing.receive(ended, isSwept=True) is True
        assert closing.types == ["execution.canceled"]


def test_an_execution_that_the_provider_no_longer_knows_days_later_ends_out_of_sight(closing: ClosingScene) -> None:
    ended = closing.ended(closing.started(executionId="987654321"))
    assert closing.receive(ended) is False
    closing.pass_time(days=1)
    assert closing.receive(ended) is False
    assert closing.aws.events == {}
    closing.pass_time(days=1, minutes=1)
    assert closing.receive(ended) is True
    assert closing.types == ["run.unobservable"]
    assert "ExecutionNotFound" in closing.data["error"]["message"]


def test_a_provider_that_is_away_for_days_is_asked_on_after_the_event_that_says_so(closing: ClosingScene) -> None:
    ended = closing.ended(closing.started())
    closing.emulator.fail_every("poll", "http_503")
    closing.pass_time(days=2, minutes=1)
    assert closing.receive(ended) is False
    assert closing.receive(ended) is False
    assert closing.types == ["run.unobservable"]
    closing.emulator.heal()
    closing.receive_until_done(ended)
    assert closing.types == ["run.unobservable", "execution.canceled"]


@pytest.mark.parametrize(("asked_seconds", "hidden_seconds"), [(240, 240), (7200, 900)])
def test_a_provider_is_left_alone_for_as_long_as_it_asked_for(
    closing: ClosingScene, asked_seconds: int, hidden_seconds: int
) -> None:
    run = closing.started()
    closing.cloud.fault("poll", "http_429", 99, retryAfter=asked_seconds)
    assert closing.receive(closing.ended(run)) is False
    assert closing.aws.hidden_seconds == [hidden_seconds]


@pytest.mark.parametrize("has_secret_parameters", [True, False])
def test_the_reason_of_a_failure_stays_out_of_the_event_where_the_run_has_secret_parameters(
    tmp_path: Path, has_secret_parameters: bool
) -> None:
    """The provider may repeat a parameter in it."""
    with a_cloud("dataarts", tmp_path, **AT_ONCE) as cloud:
        closing = ClosingScene(cloud)
        cloud.job = job = cloud.emulator.make_job("no-such-table")
        run = closing.started(hasSecretParameters=has_secret_parameters)
        cloud.wait_until_over(run["executionId"])
        reason = cloud.provider().get_execution(job, run["executionId"]).failure_reason
        assert reason
        assert closing.receive(closing.ended(run)) is True
        assert closing.types == ["execution.failed"]
        assert (reason in closing.data["error"]["message"]) is not has_secret_parameters


@pytest.mark.parametrize("body", ["no JSON", "[]", '{"name": "a-run"}', '{"name": "x", "stopDate": 1e99}'])
def test_a_message_that_cannot_be_read_is_set_aside_for_a_person(closing: ClosingScene, body: str) -> None:
    closing.aws.reject("SendMessage", times=1)
    assert closing.receive(body) is False
    assert closing.receive(body) is True
    assert closing.aws.sent == [("close-dead", json.loads(body) if body.startswith("{") else body)]


def test_a_start_whose_run_variable_cannot_be_read_is_not_said_to_have_begun_nothing(closing: ClosingScene) -> None:
    history = closing.history({"job": "x"}).entered("Start")
    history.scheduled({"request": {"job": "x"}, "run": {"v": 99}}).failed("Lambda.Unknown").entered("AwaitConsistency")
    assert closing.receive(closing.closed(history, {"job": "x"})) is True
    assert closing.types == ["run.unobservable"]


def test_a_run_that_step_functions_does_not_show_is_closed_later_and_done_with_after_an_hour(
    closing: ClosingScene,
) -> None:
    """Its reads are eventually consistent, and a run may end within a second of its start."""
    ended = closing.ended(closing.started())
    closing.aws.runs.clear()
    assert closing.receive(ended) is False
    closing.pass_time(hours=1, minutes=1)
    closing.aws.asked.clear()
    assert closing.receive(ended) is True
    assert closing.aws.asked == ["GetExecutionHistory"]


def test_a_message_that_cannot_be_hidden_is_kept_all_the_same(closing: ClosingScene) -> None:
    ended = closing.ended(closing.started())
    closing.aws.reject("ChangeMessageVisibility")
    assert closing.receive(ended) is False
