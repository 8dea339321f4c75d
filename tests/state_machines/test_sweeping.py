"""Runs whose end nobody heard of, since a status event was lost or a queue purged, are closed by the sweep."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.closings import (
    CANCELED,
    RUN_FAILED,
    abort,
    emitted,
    paused_closings,
    start_long_run,
    statuses,
    types_emitted,
    wait_for_events,
)
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

pytestmark = pytest.mark.one_cloud
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


def sweep(sandbox: Sandbox) -> dict[str, Any]:
    reply = sandbox.functions.invoke(FunctionName="farsync-sweep_runs", Payload="{}")
    answer: dict[str, Any] = json.loads(reply["Payload"].read())
    return answer


def names_on_queue(sandbox: Sandbox) -> set[str]:
    """Of the runs whose messages wait; once they are taken, they come back only later."""
    names = set[str]()
    while messages := sandbox.queue.receive_message(
        QueueUrl=sandbox.aws["closeQueueUrl"], MaxNumberOfMessages=10, VisibilityTimeout=100
    ).get("Messages"):
        names |= {json.loads(message["Body"])["name"] for message in messages}
    return names


def test_what_the_rule_missed_is_closed_by_the_schedule_of_the_template(sandbox: Sandbox) -> None:
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
    sweep(sandbox)
    assert types_emitted(sandbox, run) == [CANCELED]


def test_sweeping_twice_closes_nothing_twice(sandbox: Sandbox) -> None:
    run, _ = abort_unseen(sandbox)
    deleted = sandbox.mapping("close_run")["deleted"]
    with paused_closings(sandbox):
        for _ in range(2):
            sweep(sandbox)
    eventually(lambda: sandbox.mapping("close_run")["deleted"] >= deleted + 2)
    wait_for_events(sandbox, run)
    assert len(emitted(sandbox, run)) == 1


def test_a_run_that_was_closed_is_swept_no_more(sandbox: Sandbox) -> None:
    run, _ = abort_unseen(sandbox)
    sweep(sandbox)
    wait_for_events(sandbox, run)
    with paused_closings(sandbox):
        sweep(sandbox)
        assert run.rpartition(":")[2] not in names_on_queue(sandbox)


def test_runs_that_lack_nothing_are_left_alone(sandbox: Sandbox) -> None:
    failed = sandbox.run({"job": sandbox.emulator.make_job(source="nowhere")})
    rejected = sandbox.run({"job": "NoSuchJob123"})
    for ended in (failed, rejected):
        wait_for_events(sandbox, sandbox.arn_of_run(ended.name))
    unseen, _ = abort_unseen(sandbox)
    with paused_closings(sandbox):
        assert sweep(sandbox)["sent"] >= 1
        names = names_on_queue(sandbox)
    assert unseen.rpartition(":")[2] in names
    assert names.isdisjoint({failed.name, rejected.name})


def test_the_second_end_of_a_redriven_run_that_was_missed_has_its_own_event(sandbox: Sandbox) -> None:
    run = sandbox.arn_of_run(sandbox.run({"job": "NoSuchJob123"}).name)
    (first,) = wait_for_events(sandbox, run)
    with lost_message(sandbox, run):
        sandbox.step_functions.redrive_execution(executionArn=run)
        assert sandbox.wait_for(run).status == "FAILED"
    assert len(emitted(sandbox, run)) == 1
    sweep(sandbox)
    assert types_emitted(sandbox, run, 2) == [RUN_FAILED, RUN_FAILED]
    assert emitted(sandbox, run)[1]["id"] != first["id"]


def test_a_sweep_that_aws_does_not_answer_fails_and_the_next_one_closes(sandbox: Sandbox) -> None:
    run, _ = abort_unseen(sandbox)
    sandbox.set_aws_faults({"operation": "ListExecutions", "fault": "http_503", "times": 99})
    try:
        assert sweep(sandbox)["errorType"] == "ProviderUnavailable"
    finally:
        sandbox.set_aws_faults()
    assert "sent" in sweep(sandbox)
    assert types_emitted(sandbox, run) == [CANCELED]
