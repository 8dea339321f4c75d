"""Runs whose end nobody heard of, since a status event was lost or a queue purged, are closed by the sweep."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.closings import (
    CANCELED,
    abort,
    emitted,
    paused_closings,
    start_long_run,
    statuses,
    types_emitted,
)
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

LOST = "http_401"


def abort_unseen(sandbox: Sandbox) -> tuple[str, str]:
    run, job = start_long_run(sandbox)
    with lost_message(sandbox, run):
        abort(sandbox, run)
    return run, job


@contextmanager
def lost_message(sandbox: Sandbox, run: str) -> Iterator[None]:
    """What the rule sends of the run's end does not reach the queue."""
    lost_before = messages_lost(sandbox)
    sandbox.set_aws_faults({"operation": "SendMessage", "match": f"run_job:{run.rpartition(':')[2]}", "fault": LOST})
    yield
    eventually(lambda: messages_lost(sandbox) > lost_before)


def messages_lost(sandbox: Sandbox) -> int:
    return [call["fault"] for call in sandbox.calls("SendMessage")].count(LOST)


def names_on_queue(sandbox: Sandbox) -> set[str]:
    """Of the runs whose messages wait; once they are taken, they come back only later."""
    names = set[str]()
    while messages := sandbox.queue.receive_message(
        QueueUrl=sandbox.aws["closeQueueUrl"], MaxNumberOfMessages=10, VisibilityTimeout=100
    ).get("Messages"):
        names |= {json.loads(message["Body"])["name"] for message in messages}
    return names


def test_what_the_rule_missed_is_closed_by_the_schedule_of_the_template_for_14_days(sandbox: Sandbox) -> None:
    run, job = abort_unseen(sandbox)
    assert emitted(sandbox, run) == []
    fired = sandbox.try_to_fire_schedule("farsync-sweep_runs")
    assert fired.ok, fired.text
    assert types_emitted(sandbox, run) == [CANCELED]
    assert statuses(sandbox, job) == [sandbox.emulator.canceled_word]


def test_runs_whose_messages_were_purged_from_the_queue_are_closed(sandbox: Sandbox) -> None:
    run, _ = start_long_run(sandbox)
    with paused_closings(sandbox):
        abort(sandbox, run)
        eventually(lambda: run.rpartition(":")[2] in names_on_queue(sandbox))
        sandbox.queue.purge_queue(QueueUrl=sandbox.aws["closeQueueUrl"])
    sandbox.invoke("sweep_runs", {})
    assert types_emitted(sandbox, run) == [CANCELED]
