"""What waits, waits on a queue: for as long as it must, and no message of it is lost."""

from typing import Any

import pytest

from farsync.closing.decision import LONGEST_WAIT_SECONDS as LONGEST_WAIT_TO_CLOSE_SECONDS
from farsync.polling import LONGEST_WAIT_SECONDS
from farsync.polling.decision import LONGEST_AGE, MOST_RECEIVES
from tests.template.resources import RESOURCES, TEMPLATE, logical_id, of_type

QUEUES = of_type("AWS::SQS::Queue")
DAY_SECONDS = 86400
LONGEST_RETENTION_SECONDS = 14 * DAY_SECONDS
CONSUMERS = {"PollQueue": "PollExecutionFunction", "CloseQueue": "CloseRunFunction"}


def mapping(function: str) -> dict[str, Any]:
    (found,) = (
        given
        for given in of_type("AWS::Lambda::EventSourceMapping").values()
        if logical_id(given["FunctionName"]) == function
    )
    return {name: value for name, value in found.items() if name != "FunctionName"}


def timeout_seconds(function: str) -> int:
    seconds: int = RESOURCES[function]["Properties"].get("Timeout", TEMPLATE["Globals"]["Function"]["Timeout"])
    return seconds


def most_receives(queue: str) -> int:
    count: int = QUEUES[queue]["RedrivePolicy"]["maxReceiveCount"]
    return count


@pytest.mark.parametrize(("queue", "function"), CONSUMERS.items())
def test_each_message_is_handed_over_alone_and_kept_or_deleted_by_itself(queue: str, function: str) -> None:
    given = mapping(function)
    assert logical_id(given.pop("EventSourceArn")) == queue
    concurrency = {"Ref": "PollConcurrency"} if queue == "PollQueue" else 2
    assert given == {
        "BatchSize": 1,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": concurrency},
    }


def test_poll_concurrency_is_what_a_mapping_takes() -> None:
    parameter = TEMPLATE["Parameters"]["PollConcurrency"]
    assert (parameter["MinValue"], parameter["MaxValue"], parameter["Default"]) == (2, 1000, 5)


@pytest.mark.parametrize(("queue", "function"), CONSUMERS.items())
def test_a_message_stays_hidden_until_no_function_works_on_it(queue: str, function: str) -> None:
    assert QUEUES[queue]["VisibilityTimeout"] == 90 == 3 * timeout_seconds(function)


@pytest.mark.parametrize("name", QUEUES)
def test_what_waits_is_kept_for_as_long_as_sqs_allows(name: str) -> None:
    kept = QUEUES[name]["MessageRetentionPeriod"]
    if name == "CompletionQueue":
        assert kept == {"Ref": "EventRetentionSeconds"}
        kept = TEMPLATE["Parameters"]["EventRetentionSeconds"]["Default"]
    assert kept == LONGEST_RETENTION_SECONDS


@pytest.mark.parametrize("name", CONSUMERS)
def test_what_is_received_too_often_goes_to_a_queue_of_its_own(name: str) -> None:
    dead_letters = logical_id(QUEUES[name]["RedrivePolicy"]["deadLetterTargetArn"])
    assert dead_letters == name.replace("Queue", "DeadLetterQueue")
    assert "RedrivePolicy" not in QUEUES[dead_letters]
    assert not QUEUES[name].get("FifoQueue")


def test_a_poll_message_is_replaced_before_the_queue_gives_it_up() -> None:
    assert MOST_RECEIVES == 900 < most_receives("PollQueue") == 1000
    oldest_seconds = LONGEST_AGE.total_seconds() + LONGEST_WAIT_SECONDS
    assert oldest_seconds < QUEUES["PollQueue"]["MessageRetentionPeriod"]


def test_closing_is_tried_for_five_days_and_then_kept_for_a_person() -> None:
    tried_seconds = most_receives("CloseQueue") * LONGEST_WAIT_TO_CLOSE_SECONDS
    assert 5 * DAY_SECONDS < tried_seconds < 6 * DAY_SECONDS < QUEUES["CloseQueue"]["MessageRetentionPeriod"]


def test_a_run_that_ended_badly_is_handed_over_without_its_input() -> None:
    (target,) = RESOURCES["CloseRunRule"]["Properties"]["Targets"]
    assert logical_id(target["Arn"]) == "CloseQueue"
    paths = target["InputTransformer"]["InputPathsMap"]
    assert set(paths.values()) == {
        f"$.detail.{name}" for name in ("executionArn", "name", "status", "stopDate", "redriveCount")
    }
