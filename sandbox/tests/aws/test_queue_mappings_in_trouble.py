"""Mappings whose function or whose delete fails."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.waiting import eventually

from .consuming import is_empty, received

Send = Callable[..., str]
Order = Callable[..., None]


@pytest.mark.parametrize("fault", ["crash", "timeout_after", "http_429", "http_500", "reset_after"])
def test_a_fault_ordered_for_the_function_fails_the_batch_and_the_next_receive_succeeds(
    send: Send, log: Path, sqs: Any, order_faults: Order, fault: str
) -> None:
    order_faults(operation="Invoke", function="ConsumerFunction", fault=fault)
    send({})
    last = received(log, 1)[-1] if fault.startswith("http") else received(log, 2)[-1]
    assert last["attributes"]["ApproximateReceiveCount"] == "2"
    eventually(lambda: is_empty(sqs))


def test_a_message_whose_delete_fails_is_delivered_again(send: Send, log: Path, sqs: Any, order_faults: Order) -> None:
    order_faults(operation="DeleteMessage", fault="http_500", match="t-PollQueue")
    send({})
    assert len(received(log, 2)) == 2
    eventually(lambda: is_empty(sqs))
