"""What a run that ended leaves running is stopped until it has stopped, and its end is emitted."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from farsync.model.names import run_event_id
from tests.unit.operations.closing_scene import ClosingScene, at
from tests.unit.operations.conftest import Cloud, a_cloud

CLOUDS = ["naver-G1", "huawei-12-words"]
OUTAGE = "http_503"
FOR_EVER = 100_000


@pytest.fixture
def scene(slow_cloud: Cloud) -> ClosingScene:
    """Executions run for as long as a test lasts, unless they are canceled."""
    return ClosingScene(slow_cloud)


@pytest.fixture(params=CLOUDS)
def quick_scene(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ClosingScene]:
    """Executions end in an instant."""
    cloud = a_cloud(request.param, tmp_path)
    yield ClosingScene(cloud)
    cloud.server.stop()


def test_an_aborted_run_s_execution_is_stopped_and_its_end_emitted(scene: ClosingScene) -> None:
    run = scene.started(labels={"team": "night"})
    scene.receive_until_done(scene.ended(run))
    event = scene.event
    assert scene.word(run) == scene.cloud.emulator.canceled_word
    assert event["type"] == "io.farsync.execution.canceled"
    assert event["data"]["error"]["name"] == "ExecutionCanceled"
    assert event["data"]["error"]["message"].startswith("the run was aborted")
    assert event["data"]["cancelConfirmed"] is True
    assert (event["data"]["runName"], event["data"]["labels"]) == ("a-run", {"team": "night"})


def test_an_execution_is_stopped_after_an_outage_of_any_length(scene: ClosingScene) -> None:
    run = scene.started()
    ended = scene.ended(run)
    for operation in ("poll", "cancel"):
        scene.cloud.emulator.add_fault(run["job"], operation, OUTAGE, FOR_EVER)
    for _ in range(12):
        assert scene.receive(ended) is False
        scene.later += timedelta(seconds=scene.aws.hidden_seconds[-1])
    assert scene.aws.hidden_seconds[0] <= 11
    assert scene.aws.hidden_seconds[-1] == 900
    assert scene.aws.events == {}
    for operation in ("poll", "cancel"):
        scene.cloud.emulator.withdraw_fault(run["job"], operation, OUTAGE)
    scene.receive_until_done(ended)
    assert scene.word(run) == scene.cloud.emulator.canceled_word
    assert scene.types == ["execution.canceled"]


def test_500_receives_of_a_message_last_about_five_days(scene: ClosingScene) -> None:
    run = scene.started()
    ended = scene.ended(run)
    scene.cloud.emulator.add_fault(run["job"], "poll", OUTAGE, FOR_EVER)
    scene.receives = 99
    scene.receive(ended)
    assert scene.aws.hidden_seconds == [900]


def test_a_failed_job_s_ordinary_closing_makes_one_aws_call_and_none_to_the_provider(quick_scene: ClosingScene) -> None:
    run = quick_scene.started()
    quick_scene.wait_until_over(run)
    cause = json.dumps({"status": "FAILED", "eventId": "an-id", "final": True})
    ended = quick_scene.ended(run, "FAILED", error="ExecutionFailed", cause=cause)
    asked_before = quick_scene.asked_of_the_provider()
    assert quick_scene.receive(ended) is True
    assert quick_scene.aws.asked == ["GetExecutionHistory"]
    assert quick_scene.asked_of_the_provider() == asked_before


def test_an_execution_that_ended_by_itself_is_reported_as_it_ended(quick_scene: ClosingScene) -> None:
    run = quick_scene.started()
    quick_scene.wait_until_over(run)
    assert quick_scene.receive(quick_scene.ended(run)) is True
    assert quick_scene.types == ["execution.succeeded"]
    assert "cancelConfirmed" not in quick_scene.event["data"]


def test_a_run_past_its_deadline_ends_as_timed_out(scene: ClosingScene) -> None:
    run = scene.started(deadlineAt=at(scene.now()))
    scene.receive_until_done(scene.ended(run, "TIMED_OUT"))
    assert scene.types == ["execution.timed_out"]


def test_the_poller_s_run_out_of_sight_is_followed_until_its_true_end(scene: ClosingScene) -> None:
    run = scene.started(deadlineAt=at(scene.now()))
    cause = json.dumps({"error": {"name": "RunUnobservable"}, "final": False})
    ended = scene.ended(run, "FAILED", error="RunUnobservable", cause=cause)
    verdict = run_event_id("a-run", 0)
    scene.aws.events[verdict] = {"type": "io.farsync.run.unobservable"}
    scene.receive_until_done(ended)
    assert scene.types == ["run.unobservable", "execution.timed_out"]


def test_an_execution_that_somebody_canceled_before_the_abort_is_not_claimed(scene: ClosingScene) -> None:
    run = scene.started()
    scene.cloud.provider().cancel(run["job"], run["executionId"])
    scene.wait_until_over(run)
    scene.later += timedelta(minutes=1)
    assert scene.receive(scene.ended(run)) is True
    assert scene.types == ["execution.canceled"]
    assert "the run was aborted" not in scene.event["data"]["error"]["message"]
    assert "cancelConfirmed" not in scene.event["data"]


@pytest.mark.parametrize("kept", [{"isAttached": True}, {"cancelOnAbort": False}])
def test_an_execution_that_shall_not_be_canceled_is_left_running_and_said_to_be(
    scene: ClosingScene, kept: dict[str, Any]
) -> None:
    run = scene.started(**kept)
    ended = scene.ended(run)
    assert scene.receive(ended) is False
    scene.aws.asked.clear()
    assert scene.receive(ended) is False
    assert "StartExecution" not in scene.aws.asked
    assert scene.types == ["run.unobservable"]
    assert "left running" in scene.event["data"]["error"]["message"]
    assert "cancelConfirmed" not in scene.event["data"]
    assert scene.aws.hidden_seconds == [900, 900]
    assert scene.word(run) != scene.cloud.emulator.canceled_word
    scene.cloud.provider().cancel(run["job"], run["executionId"])
    scene.receive_until_done(ended)
    assert scene.types == ["run.unobservable", "execution.canceled"]
    assert "the run was aborted" not in list(scene.aws.events.values())[1]["data"]["error"]["message"]


@pytest.mark.parametrize(
    ("slow_cloud", "rejection", "name"),
    [
        ("huawei-12-words", "bad_state", "ProviderUnavailable"),
        ("huawei-12-words", "http_403", "PermissionDenied"),
        ("naver-G1", "http_403", "PermissionDenied"),
    ],
    indirect=["slow_cloud"],
)
def test_an_execution_whose_cancel_is_rejected_is_canceled_once_it_can_be(
    scene: ClosingScene, rejection: str, name: str
) -> None:
    """As an instance that only waits, of a provider that stops only running ones; or a role that lacks a right."""
    run = scene.started()
    ended = scene.ended(run)
    scene.cloud.emulator.add_fault(run["job"], "cancel", rejection, FOR_EVER)
    assert scene.receive(ended) is False
    assert scene.aws.events == {}, "within the grace period nothing is given up"
    scene.later += timedelta(seconds=301)
    assert scene.receive(ended) is False
    assert scene.receive(ended) is False
    assert scene.types == ["run.unobservable"]
    assert f"cancel was rejected ({name}" in scene.event["data"]["error"]["message"]
    scene.cloud.emulator.withdraw_fault(run["job"], "cancel", rejection)
    scene.receive_until_done(ended)
    assert scene.word(run) == scene.cloud.emulator.canceled_word
    assert scene.types == ["run.unobservable", "execution.canceled"]


def test_a_cancel_that_does_not_get_through_is_not_called_rejected(scene: ClosingScene) -> None:
    run = scene.started()
    ended = scene.ended(run)
    scene.cloud.emulator.add_fault(run["job"], "cancel", OUTAGE, FOR_EVER)
    scene.later += timedelta(hours=1)
    assert scene.receive(ended) is False
    assert scene.aws.events == {}


def test_a_run_that_is_redriven_before_its_cancel_keeps_its_execution(scene: ClosingScene) -> None:
    run = scene.started()
    ended = scene.ended(run)
    message = ended.message

    def redrive() -> None:
        ended.redrive_count, ended.status = 1, "RUNNING"

    scene.aws.before["DescribeExecution"] = redrive
    assert scene.receive(ended, **message) is True
    assert scene.aws.events == {}
    assert scene.asked_of_the_provider().get(scene.cloud.emulator.operations["cancel"], 0) == 0


def test_a_run_that_is_redriven_is_not_said_to_be_out_of_sight(scene: ClosingScene) -> None:
    ended = scene.ended(scene.started(isAttached=True))
    message = ended.message
    ended.redrive_count, ended.status = 1, "RUNNING"
    assert scene.receive(ended, **message) is True
    assert scene.aws.events == {}


def test_what_aws_shows_too_late_is_read_again_soon(scene: ClosingScene) -> None:
    run = scene.started()
    ended = scene.ended(run)
    end = ended.history.events.pop()
    assert scene.receive(ended) is False
    ended.status = "RUNNING"
    message = {**ended.message, "status": "ABORTED"}
    assert scene.receive(ended, **message) is False
    assert scene.aws.hidden_seconds == [10, 10]
    ended.history.events.append(end)
    ended.status = "ABORTED"
    scene.receive_until_done(ended)
    assert scene.types == ["execution.canceled"]


def test_a_message_about_an_end_before_a_redrive_is_dropped(scene: ClosingScene) -> None:
    run = scene.started()
    ended = scene.ended(run)
    message = ended.message
    ended.history.after(5).redriven().followed(run)
    ended.redrive_count, ended.status = 1, "RUNNING"
    assert scene.receive(ended, **message) is True
    assert scene.aws.events == {}


def test_a_thousand_throttled_reads_come_back_apart(scene: ClosingScene) -> None:
    ended = scene.ended(scene.started())
    scene.aws.fails = {"GetExecutionHistory"}
    assert [scene.receive(ended) for _ in range(30)] == [False] * 30
    assert all(15 <= seconds <= 60 for seconds in scene.aws.hidden_seconds)
    assert len(set(scene.aws.hidden_seconds)) > 10


def test_what_aws_does_not_answer_for_long_is_asked_less_often(scene: ClosingScene) -> None:
    scene.aws.fails = {"GetExecutionHistory"}
    scene.receives = 100
    scene.receive(scene.ended(scene.started()))
    assert scene.aws.hidden_seconds == [900]


def test_an_event_that_could_not_be_handed_over_is_emitted_later(scene: ClosingScene) -> None:
    run = scene.started()
    ended = scene.ended(run)
    scene.cloud.provider().cancel(run["job"], run["executionId"])
    scene.wait_until_over(run)
    scene.aws.fails = {"StartExecution"}
    assert scene.receive(ended) is False
    scene.aws.fails = set()
    assert scene.receive(ended) is True
    assert scene.receive(ended) is True
    assert len(scene.aws.events) == 1
