"""Messages of the poll queue: what cannot be read, what another release wrote, and what is worn out."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.operations.scripted import RUN, STARTED_AT, Polled, Scripted

BODIES = {
    "no-json": "no json",
    "no-object": "[]",
    "another-version": {"v": 2, "token": "AAAA-token"},
    "no-token": {"v": 1, "token": "", "sentAt": "2026-12-01T00:00:00Z", "run": {}},
    "no-execution": {"v": 1, "token": "a", "sentAt": "2026-12-01T00:00:00Z", "run": {**RUN, "executionId": None}},
    "too-deep": "[" * 100_000,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_message_that_cannot_be_read_is_set_aside_as_soon_as_aws_takes_it(body: object) -> None:
    run = Polled()
    run.aws.queue[0].body = body if isinstance(body, str) else json.dumps(body)
    run.aws.reject("SendMessage", times=1)
    run.deliver_all()
    assert run.aws.sent == [("poll-dead", body)]
    assert (run.provider.polled_at, run.aws.queue) == ([], [])


def test_a_message_under_a_token_that_step_functions_never_gave_is_set_aside_at_once() -> None:
    run = Polled()
    (message,) = run.aws.queue
    run.aws.reject("SendTaskHeartbeat", code="InvalidToken")
    run.aws.deliver(run.environment)
    assert run.aws.sent == [("poll-dead", json.loads(message.body))]
    assert (run.provider.polled_at, run.aws.queue) == ([], [])


def test_a_message_that_another_release_wrote_is_followed_to_the_end() -> None:
    run = Polled(message={"addedLater": {"a": 1}}, alsoAddedLater=[1]).deliver_all()
    assert run.outcome["output"]["status"] == "SUCCEEDED"


@pytest.mark.parametrize("failures", [0, 3])
def test_a_message_that_is_worn_out_is_replaced_and_polls_go_on_counting(failures: int) -> None:
    run = Polled(Scripted(ends_after=timedelta(minutes=50)))
    run.aws.queue[0].receives = 899
    run.aws.reject("SendMessage", times=failures)
    run.deliver_all()
    assert run.event["data"]["polls"] == 899 + len(run.provider.polled_at)


def test_a_message_is_replaced_before_the_queue_forgets_it() -> None:
    run = Polled(Scripted(ends_after=timedelta(days=13)), deadlineAt="2026-12-31T00:00:00Z")
    run.provider.now = STARTED_AT + timedelta(days=12)
    run.aws.deliver(run.environment)
    (message,) = run.aws.queue
    assert datetime.fromtimestamp(message.sent_at, UTC) == run.provider.now
    assert datetime.fromisoformat(json.loads(message.body)["sentAt"]) == run.provider.now
    assert message.visible_at > run.provider.now.timestamp(), "a copy waits as long as its original would"
