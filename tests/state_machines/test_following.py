"""A run is followed to its end, whatever becomes of its message, its token and its poller."""

import pytest

from tests.state_machines.following_scenes import SENDS_REJECTED, FollowingScenes
from tests.support.sandbox import Sandbox

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


@pytest.mark.parametrize("title", ["unreadable", "dead-lettered"])
def test_a_run_whose_message_became_a_dead_letter_goes_on(scenes: FollowingScenes, title: str) -> None:
    check_success(scenes, title)
    assert len(scenes.followed[title].sent_at) > 1


def test_a_message_that_cannot_be_read_is_a_dead_letter_at_once(scenes: FollowingScenes) -> None:
    assert scenes.seconds_until_set_aside < SLACK_SECONDS


@pytest.mark.parametrize(
    "title", ["while the function is away", "killed amid a poll", "handed over and killed", "delivered late"]
)
def test_a_run_whose_poller_dies_or_whose_message_comes_late_ends_once(scenes: FollowingScenes, title: str) -> None:
    check_success(scenes, title)


def test_a_run_with_two_messages_of_its_token_ends_once(scenes: FollowingScenes) -> None:
    check_success(scenes, "twice on the queue")


def test_a_run_outlasts_a_queue_that_takes_no_message_for_ten_minutes(scenes: FollowingScenes) -> None:
    check_success(scenes, "sends rejected")
    assert len(scenes.followed["sends rejected"].sent_at) == SENDS_REJECTED + 1


def test_a_run_fails_with_its_execution_although_step_functions_takes_its_failure_late(
    scenes: FollowingScenes,
) -> None:
    followed = scenes.followed["failure throttled"]
    assert followed.ended.error == "ExecutionFailed"
    assert followed.event_types == ["execution.failed"]


def test_a_run_redriven_after_its_deadline_learns_the_end_of_its_execution(scenes: FollowingScenes) -> None:
    followed = scenes.followed["redriven after its deadline"]
    assert followed.ended.status == "SUCCEEDED", followed.ended.output
    assert followed.event_types == ["run.unobservable", "execution.succeeded"]
    assert len(followed.executions) == 1
