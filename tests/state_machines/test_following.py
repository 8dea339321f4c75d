"""A run is followed to its end, whatever becomes of its message, its token and its poller."""

import pytest

from tests.state_machines.following_scenes import SENDS_REJECTED, FollowingScenes
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.one_cloud

WATCHDOG_SECONDS = 16 * 60 / 20
"""Sixteen minutes at the sandbox's speed."""
SLACK_SECONDS = 5
"""Of a busy machine."""


@pytest.fixture(scope="module")
def scenes(sandbox: Sandbox) -> FollowingScenes:
    return FollowingScenes(sandbox).play()


def check_success(scenes: FollowingScenes, title: str) -> None:
    followed = scenes.followed[title]
    assert followed.ended.status == "SUCCEEDED", followed.ended.output
    assert followed.event_types == ["execution.succeeded"]
    assert [execution.execution_id for execution in followed.executions] == [followed.ended.output["executionId"]]


def test_a_run_goes_on_within_sixteen_minutes_after_the_queue_was_purged(scenes: FollowingScenes) -> None:
    check_success(scenes, "purged")
    first, again = scenes.followed["purged"].sent_at
    assert first < scenes.purged_at < again < scenes.purged_at + WATCHDOG_SECONDS + SLACK_SECONDS


def test_a_run_whose_message_became_a_dead_letter_goes_on(scenes: FollowingScenes) -> None:
    check_success(scenes, "dead-lettered")
    assert len(scenes.followed["dead-lettered"].sent_at) > 1


def test_a_run_goes_on_once_a_deleted_poller_is_back(scenes: FollowingScenes) -> None:
    check_success(scenes, "while the function is away")


def test_a_message_that_cannot_be_read_is_a_dead_letter_at_once_and_the_watchdog_goes_on(
    scenes: FollowingScenes,
) -> None:
    assert scenes.seconds_until_set_aside < SLACK_SECONDS
    check_success(scenes, "unreadable")
    assert len(scenes.followed["unreadable"].sent_at) > 1


def test_a_run_outlasts_a_queue_that_takes_no_message_for_ten_minutes(scenes: FollowingScenes) -> None:
    check_success(scenes, "sends rejected")
    assert len(scenes.followed["sends rejected"].sent_at) == SENDS_REJECTED + 1


def test_a_run_with_two_messages_of_its_token_ends_once(scenes: FollowingScenes) -> None:
    check_success(scenes, "twice on the queue")


def test_a_message_that_is_delivered_after_the_end_changes_nothing(scenes: FollowingScenes) -> None:
    check_success(scenes, "delivered late")


def test_a_poller_killed_between_heartbeat_and_hide_loses_nothing(scenes: FollowingScenes) -> None:
    check_success(scenes, "killed amid a poll")


def test_a_poller_that_dies_after_each_poll_loses_nothing(scenes: FollowingScenes) -> None:
    check_success(scenes, "crashing after each poll")


def test_a_poller_killed_between_the_event_and_the_end_of_its_run_ends_it_next_time(scenes: FollowingScenes) -> None:
    check_success(scenes, "handed over and killed")


def test_a_run_ends_although_step_functions_takes_its_success_late(scenes: FollowingScenes) -> None:
    check_success(scenes, "success throttled")


def test_a_run_fails_with_its_execution_although_step_functions_takes_its_failure_late(
    scenes: FollowingScenes,
) -> None:
    followed = scenes.followed["failure throttled"]
    assert followed.ended.error == "ExecutionFailed"
    assert followed.event_types == ["execution.failed"]


def test_polls_go_on_where_messages_cannot_be_hidden_and_heartbeats_are_throttled(scenes: FollowingScenes) -> None:
    """Every run that was open then went on, as the other tests show."""
    assert all(times > 0 for times in scenes.calls_spoiled.values())
    assert {followed.ended.status for followed in scenes.followed.values()} == {"SUCCEEDED", "FAILED"}


def test_a_run_redriven_after_its_deadline_learns_the_end_of_its_execution(scenes: FollowingScenes) -> None:
    followed = scenes.followed["redriven after its deadline"]
    assert followed.ended.status == "SUCCEEDED", followed.ended.output
    assert followed.event_types == ["run.unobservable", "execution.succeeded"]
    assert len(followed.executions) == 1


def test_a_run_redriven_after_its_failure_fails_again_and_emits_no_second_event(scenes: FollowingScenes) -> None:
    followed = scenes.followed["redriven after its failure"]
    assert any(event["type"] == "ExecutionRedriven" for event in followed.ended.history)
    assert followed.ended.error == "ExecutionFailed"
    assert followed.event_types == ["execution.failed"]
    assert len(followed.executions) == 1
