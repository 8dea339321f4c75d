"""Mappings whose function fails, is killed or deleted, whose queue goes away, and that are paused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support.waiting import eventually

from .conftest import SPEED
from .consuming import is_empty, mapping, received

Send = Callable[..., str]
Order = Callable[..., None]


@pytest.fixture
def control(sandbox: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    def post(path: str) -> dict[str, Any]:
        reply = requests.post(f"{sandbox['endpoint']}/_sandbox/{path}", timeout=30)
        reply.raise_for_status()
        answer: dict[str, Any] = reply.json()
        return answer

    return post


def test_a_function_that_raises_gets_the_message_again_and_the_mapping_says(
    send: Send, log: Path, sandbox: dict[str, Any]
) -> None:
    before = mapping(sandbox)["failedBatches"]
    send({"raise": True}, {})
    assert len(received(log, 2)) == 2
    after = mapping(sandbox)
    assert after["failedBatches"] == before + 1
    assert "ValueError" in after["lastFailure"]


@pytest.mark.parametrize("fault", ["crash", "timeout_after", "http_429", "http_500", "reset_after"])
def test_a_fault_ordered_for_the_function_fails_the_batch_and_the_next_receive_succeeds(
    send: Send, log: Path, sqs: Any, order_faults: Order, fault: str
) -> None:
    order_faults(operation="Invoke", function="ConsumerFunction", fault=fault)
    send({})
    last = received(log, 1)[-1] if fault.startswith("http") else received(log, 2)[-1]
    assert last["attributes"]["ApproximateReceiveCount"] == "2"
    eventually(lambda: is_empty(sqs))


def test_a_killed_function_gets_its_message_again(send: Send, log: Path, control: Callable[[str], Any]) -> None:
    send({"sleep": 4}, {})
    received(log, 1)
    control("functions/ConsumerFunction/kill")
    assert received(log, 2)[1]["attributes"]["ApproximateReceiveCount"] == "2"


def test_a_message_whose_delete_fails_is_delivered_again(send: Send, log: Path, sqs: Any, order_faults: Order) -> None:
    order_faults(operation="DeleteMessage", fault="http_500", match="t-PollQueue")
    send({})
    assert len(received(log, 2)) == 2
    eventually(lambda: is_empty(sqs))


def test_a_function_that_may_not_hide_its_message_fails(
    send: Send, log: Path, order_faults: Order, sandbox: dict[str, Any]
) -> None:
    order_faults(operation="ChangeMessageVisibility", fault="http_503", match="t-PollQueue")
    send({"hide": 100, "fail": True}, {})
    first, second = received(log, 2)
    assert second["at"] - first["at"] < 100 / SPEED
    assert "SQS says 503" in mapping(sandbox)["lastFailure"]


def test_a_paused_mapping_leaves_messages_on_the_queue(
    send: Send, log: Path, control: Callable[[str], Any], sqs: Any
) -> None:
    assert control("mappings/ConsumerFunction/pause")["isPaused"] is True
    send({})
    assert not is_empty(sqs)
    assert control("mappings/ConsumerFunctionWork/resume")["isPaused"] is False
    (record,) = received(log, 1)
    assert record["attributes"]["ApproximateReceiveCount"] == "1"


def test_a_function_that_is_deleted_and_put_back_goes_on_with_its_messages(
    send: Send, log: Path, control: Callable[[str], Any], sandbox: dict[str, Any], lambdas: Any
) -> None:
    control("functions/ConsumerFunction/delete")
    with pytest.raises(lambdas.exceptions.ResourceNotFoundException):
        lambdas.invoke(FunctionName="t-ConsumerFunction")
    before = mapping(sandbox)["failedBatches"]
    send({})
    eventually(lambda: mapping(sandbox)["failedBatches"] > before)
    control("functions/ConsumerFunction/restore")
    assert int(received(log, 1)[0]["attributes"]["ApproximateReceiveCount"]) > 1


def test_a_queue_that_is_deleted_and_made_again_is_read_again(send: Send, log: Path, sqs: Any) -> None:
    url = sqs.get_queue_url(QueueName="t-PlainQueue")["QueueUrl"]
    sqs.delete_queue(QueueUrl=url)
    sqs.create_queue(QueueName="t-PlainQueue", Attributes={"VisibilityTimeout": "6"})
    send({}, queue="t-PlainQueue")
    received(log, 1)


def test_what_is_unknown_is_rejected_with_the_names_that_are_there(sandbox: dict[str, Any]) -> None:
    reply = requests.post(f"{sandbox['endpoint']}/_sandbox/mappings/nobody/pause", timeout=30)
    assert reply.status_code == 404
    assert "ConsumerFunctionWork" in reply.json()["message"]
