"""Runs whose execution is not seen, is not theirs to cancel any more, or whose message is odd."""

import json
from datetime import timedelta
from typing import Any

import pytest

from farsync.model.execution import ExecutionStatus
from tests.support.waiting import eventually
from tests.unit.histories import History
from tests.unit.operations.closing_scene import ClosingScene
from tests.unit.operations.conftest import Cloud
from tests.unit.operations.test_closing import FOR_EVER

HUAWEI = pytest.mark.parametrize("slow_cloud", ["huawei-12-words"], indirect=True)


@pytest.fixture
def scene(slow_cloud: Cloud) -> ClosingScene:
    """Executions run for as long as a test lasts, unless they are canceled."""
    return ClosingScene(slow_cloud)


def rerun_by_a_person(scene: ClosingScene, job: str, execution_id: str) -> None:
    """As somebody does at the console: under the id that it has."""
    emulator = scene.cloud.emulator
    path = f"/v1/{emulator.description['projectId']}/jobs/{job}/instances/{execution_id}/restart"
    emulator.call("POST", path, None, emulator._auth)  # type: ignore[attr-defined]


def await_running(scene: ClosingScene, run: dict[str, Any]) -> None:
    """An instance's start is its attempt."""
    provider = scene.cloud.provider()
    eventually(lambda: provider.get_execution(run["job"], run["executionId"]).status is ExecutionStatus.RUNNING)


@HUAWEI
@pytest.mark.parametrize("is_swept", [True, False], ids=["swept", "a-second-status-event"])
def test_an_execution_that_a_person_has_rerun_after_its_run_was_closed_is_not_canceled(
    scene: ClosingScene, is_swept: bool
) -> None:
    run = scene.started()
    ended = scene.ended(run)
    scene.receive_until_done(ended)
    rerun_by_a_person(scene, run["job"], run["executionId"])
    await_running(scene, run)
    canceled_before = scene.asked_of_the_provider()[scene.cloud.emulator.operations["cancel"]]
    assert scene.receive(ended, isSwept=is_swept) is True
    assert scene.asked_of_the_provider()[scene.cloud.emulator.operations["cancel"]] == canceled_before
    assert scene.types == ["execution.canceled"]


@HUAWEI
def test_an_instance_that_began_only_after_its_run_s_end_is_stopped_though_no_status_event_came(
    scene: ClosingScene,
) -> None:
    """It waited in the provider's queue when the run was aborted, and a sweep found the run hours later."""
    run = scene.started()
    ended = scene.ended(run)
    ended.stopped_at -= 7200
    await_running(scene, run)
    scene.receive_until_done(ended, isSwept=True)
    assert scene.word(run) == scene.cloud.emulator.canceled_word
    assert scene.types == ["execution.canceled"]


def test_an_end_that_start_once_could_not_hand_over_is_emitted_by_the_next_pass(scene: ClosingScene) -> None:
    run = scene.started()
    ended = scene.ended(run)
    scene.aws.is_start_once_broken = True
    scene.receive_until_done(ended)
    assert scene.aws.events == {}
    assert scene.receive(ended, isSwept=True) is True
    assert scene.types == ["execution.canceled"]


def test_a_run_that_was_closed_and_is_swept_has_one_event(scene: ClosingScene) -> None:
    run = scene.started()
    ended = scene.ended(run)
    scene.receive_until_done(ended)
    assert scene.receive(ended, isSwept=True) is True
    assert len(scene.aws.events) == 1


def test_an_execution_that_the_provider_no_longer_knows_days_later_ends_out_of_sight(scene: ClosingScene) -> None:
    run = scene.started(executionId="987654321")
    ended = scene.ended(run)
    assert scene.receive(ended) is False
    scene.later += timedelta(days=1)
    assert scene.receive(ended) is False
    assert scene.aws.events == {}
    scene.later += timedelta(days=1, minutes=1)
    assert scene.receive(ended) is True
    assert scene.types == ["run.unobservable"]
    assert "ExecutionNotFound" in scene.event["data"]["error"]["message"]


def test_a_provider_that_is_away_for_days_is_asked_on_after_the_event_that_says_so(scene: ClosingScene) -> None:
    run = scene.started()
    ended = scene.ended(run)
    scene.cloud.emulator.add_fault(run["job"], "poll", "http_503", FOR_EVER)
    scene.later += timedelta(days=2, minutes=1)
    assert scene.receive(ended) is False
    assert scene.receive(ended) is False
    assert scene.types == ["run.unobservable"]
    scene.cloud.emulator.withdraw_fault(run["job"], "poll", "http_503")
    scene.receive_until_done(ended)
    assert scene.types == ["run.unobservable", "execution.canceled"]


@pytest.mark.parametrize(("asked_seconds", "hidden_seconds"), [(240, 240), (7200, 900)])
def test_a_provider_is_left_alone_for_as_long_as_it_asked_for(
    scene: ClosingScene, asked_seconds: int, hidden_seconds: int
) -> None:
    run = scene.started()
    scene.cloud.emulator.add_fault(run["job"], "poll", "http_429", FOR_EVER, retryAfter=asked_seconds)
    assert scene.receive(scene.ended(run)) is False
    assert scene.aws.hidden_seconds == [hidden_seconds]


@pytest.mark.parametrize("cloud", ["huawei-12-words"], indirect=True)
@pytest.mark.parametrize("has_secret_parameters", [True, False])
def test_the_reason_of_a_failure_stays_out_of_the_event_where_the_run_has_secret_parameters(
    cloud: Cloud, has_secret_parameters: bool
) -> None:
    """The provider may repeat a parameter in it."""
    scene = ClosingScene(cloud)
    run = scene.started(job=cloud.emulator.make_job("no-such-table"), hasSecretParameters=has_secret_parameters)
    scene.wait_until_over(run)
    reason = cloud.provider().get_execution(run["job"], run["executionId"]).failure_reason
    assert reason
    assert scene.receive(scene.ended(run)) is True
    assert scene.types == ["execution.failed"]
    assert (reason in scene.event["data"]["error"]["message"]) is not has_secret_parameters


def test_two_runs_whose_long_names_share_70_characters_are_both_closed(scene: ClosingScene) -> None:
    names = ["n" * 70 + "-one", "n" * 70 + "-two"]
    runs = [scene.started(name) for name in names]
    for run in runs:
        scene.receive_until_done(scene.ended(run))
    assert [scene.word(run) for run in runs] == [scene.cloud.emulator.canceled_word] * 2
    assert [event["data"]["runName"] for event in scene.aws.events.values()] == names


def test_an_aborted_run_with_a_huge_request_is_closed(scene: ClosingScene) -> None:
    run = scene.started()
    request = {"job": run["job"], "parameters": {"sql": '"' * 95_000 + "x" * 20_000}}
    history = History(scene.now().timestamp()).begun(request).followed(run)
    scene.receive_until_done(scene.closed(history, "a-run", request))
    assert scene.word(run) == scene.cloud.emulator.canceled_word
    assert scene.types == ["execution.canceled"]


@pytest.mark.parametrize("body", ["no JSON", "[]", '{"name": "a-run"}', '{"name": "x", "stopDate": 1e99}'])
def test_a_message_that_cannot_be_read_is_set_aside_for_a_person(scene: ClosingScene, body: str) -> None:
    assert scene.receive(body) is True
    ((queue, kept),) = scene.aws.sent
    assert queue == "close-dead"
    assert kept == (json.loads(body) if body.startswith("{") else body)


def test_a_start_whose_run_variable_cannot_be_read_is_not_said_to_have_begun_nothing(scene: ClosingScene) -> None:
    history = History(scene.now().timestamp()).begun({"job": "x"}).entered("Start")
    history.scheduled({"request": {"job": "x"}, "run": {"v": 99}}).failed("Lambda.Unknown").entered("AwaitConsistency")
    assert scene.receive(scene.closed(history, "a-run", {"job": "x"})) is True
    assert scene.types == ["run.unobservable"]


def test_a_message_that_cannot_be_set_aside_comes_again(scene: ClosingScene) -> None:
    scene.aws.fails = {"SendMessage"}
    assert scene.receive("no JSON") is False


def test_a_run_of_a_deleted_state_machine_is_done_with(scene: ClosingScene) -> None:
    ended = scene.ended(scene.started())
    scene.aws.runs.clear()
    scene.later += timedelta(hours=1, minutes=1)
    assert scene.receive(ended) is True
    assert scene.aws.asked == ["GetExecutionHistory"]


def test_a_run_that_step_functions_does_not_show_yet_is_closed_later(scene: ClosingScene) -> None:
    """Its reads are eventually consistent, and a run may end within a second of its start."""
    run = scene.started()
    ended = scene.ended(run)
    shown = scene.aws.runs.pop(ended.name)
    assert scene.receive(ended) is False
    scene.aws.runs[ended.name] = shown
    scene.receive_until_done(ended)
    assert scene.word(run) == scene.cloud.emulator.canceled_word


def test_a_message_that_cannot_be_hidden_is_kept_all_the_same(scene: ClosingScene) -> None:
    ended = scene.ended(scene.started())
    scene.aws.fails = {"ChangeMessageVisibility"}
    assert scene.receive(ended) is False


def test_messages_of_one_run_from_many_sweeps_do_not_pile_up(scene: ClosingScene) -> None:
    run = scene.started()
    ended = scene.ended(run)
    scene.later += timedelta(minutes=71)
    asked = list(scene.aws.asked)
    assert scene.receive(ended, isSwept=True) is True
    assert scene.aws.asked == asked
    assert scene.receive(ended) is False, "the rule's own message goes on"


def test_a_run_that_was_redriven_and_ended_again_is_closed_by_its_own_message(scene: ClosingScene) -> None:
    run = scene.started()
    first = scene.ended(run).message
    scene.aws.runs["a-run"].history.after(5).redriven().followed(run)
    again = scene.closed(scene.aws.runs["a-run"].history, "a-run", {"job": run["job"]})
    again.redrive_count = 1
    assert scene.receive(again, **first) is True
    assert scene.aws.events == {}
    scene.receive_until_done(again)
    assert scene.types == ["execution.canceled"]


def test_a_closing_asks_aws_little(slow_cloud: Cloud) -> None:
    """A thousand aborts at once stay within the quotas: a history, a description and one question to the ledger."""
    scene = ClosingScene(slow_cloud)
    scene.receive(scene.ended(scene.started()))
    assert sorted(scene.aws.asked) == [
        "ChangeMessageVisibility",
        "DescribeExecution",
        "DescribeExecution",
        "GetExecutionHistory",
    ]
