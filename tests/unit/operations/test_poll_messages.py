"""Messages of the poll queue: what cannot be read, what another release wrote, and what is worn out."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.operations.queue_and_tokens import TOKEN
from tests.unit.operations.scripted_provider import STARTED_AT, Scripted, polled


@pytest.mark.parametrize(
    "body",
    [
        "no json",
        "[]",
        json.dumps({"v": 2, "token": TOKEN}),
        json.dumps({"v": 1, "token": "", "sentAt": "2026-12-01T00:00:00Z", "run": {}}),
        "[" * 100_000,
    ],
)
def test_a_message_that_cannot_be_read_is_set_aside_at_once(body: str) -> None:
    world = polled()
    world.aws.queue[0].body = body
    world.deliver_all()
    assert world.aws.dead_letters == [body]
    assert not world.provider.polled_at


def test_a_message_that_another_release_wrote_is_followed_to_the_end() -> None:
    world = polled(message={"addedLater": {"a": 1}}, alsoAddedLater=[1])
    world.deliver_all()
    assert world.outcome["output"]["status"] == "SUCCEEDED"


def test_a_run_without_an_execution_is_no_message_to_poll() -> None:
    world = polled(executionId=None)
    world.deliver_all()
    assert len(world.aws.dead_letters) == 1


def test_an_unreadable_message_is_kept_until_it_could_be_set_aside() -> None:
    world = polled()
    world.aws.queue[0].body = "no json"
    world.aws.failing["SendMessage"] = ["ThrottlingException"]
    world.deliver_all()
    assert (world.aws.dead_letters, world.aws.queue[:]) == (["no json"], [])


@pytest.mark.parametrize("failing", [[], ["ThrottlingException"] * 3])
def test_a_message_that_is_worn_out_is_replaced_and_polls_go_on_counting(failing: list[str]) -> None:
    world = polled(Scripted(ends_after=timedelta(minutes=50)))
    world.aws.queue[0].receives = 899
    world.aws.failing["SendMessage"] = failing
    world.deliver_all()
    assert world.event["data"]["polls"] == 899 + len(world.provider.polled_at)


def test_a_message_is_replaced_before_the_queue_forgets_it() -> None:
    world = polled(Scripted(ends_after=timedelta(days=13)), deadlineAt="2026-12-31T00:00:00Z")
    world.go_to(STARTED_AT + timedelta(days=12))
    world.aws.deliver(world.environment)
    (message,) = world.aws.queue
    assert datetime.fromtimestamp(message.sent_at, UTC) == world.provider.now
    assert datetime.fromisoformat(json.loads(message.body)["sentAt"]) == world.provider.now
    assert message.visible_at > world.provider.clock(), "a copy waits as long as its original would"
