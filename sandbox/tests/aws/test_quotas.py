"""AWS's quotas on Step Functions' calls, as the sandbox keeps to them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from sandbox.aws.quotas import Quota, Quotas


def taken(quotas: Quotas, action: str, calls: int) -> int:
    return sum(quotas.take(action) for _ in range(calls))


def test_buckets_fill_at_the_sandbox_s_speed() -> None:
    now = 100.0
    quotas = Quotas(speed=20, clock=lambda: now)
    assert taken(quotas, "DescribeExecution", 1000) == 250
    now += 1
    assert taken(quotas, "DescribeExecution", 1000) == 200
    assert taken(quotas, "GetSecretValue", 10_000) == 10_000


def test_quotas_can_be_lowered_and_are_aws_s_again_afterwards() -> None:
    quotas = Quotas(clock=lambda: 100.0)
    quotas.replace({"StopExecution": Quota(bucket=1, refill=1)})
    assert taken(quotas, "StopExecution", 9) == 1
    quotas.replace({})
    assert taken(quotas, "StopExecution", 1000) == 500


@pytest.fixture
def machine_of_scarce_calls(sandbox: dict[str, Any]) -> Iterator[str]:
    url = f"{sandbox['endpoint']}/_sandbox/quotas"
    scarce = {action: {"bucket": 1, "refill": 0.001} for action in ("ListExecutions", "StartExecution")}
    requests.put(url, json=scarce, timeout=10).raise_for_status()
    yield str(sandbox["stateMachines"]["ListenerStateMachine"])
    requests.put(url, json={}, timeout=10).raise_for_status()


def test_a_function_that_reads_too_much_is_throttled_and_who_watches_from_outside_is_not(
    sfn: Any, function_sfn: Any, machine_of_scarce_calls: str
) -> None:
    for _ in range(3):
        sfn.list_executions(stateMachineArn=machine_of_scarce_calls)
    function_sfn.list_executions(stateMachineArn=machine_of_scarce_calls)
    with pytest.raises(ClientError, match="ThrottlingException"):
        function_sfn.list_executions(stateMachineArn=machine_of_scarce_calls)


def test_every_start_counts(sfn: Any, machine_of_scarce_calls: str) -> None:
    start: Callable[..., Any] = sfn.start_execution
    start(stateMachineArn=machine_of_scarce_calls)
    with pytest.raises(ClientError, match="ThrottlingException"):
        start(stateMachineArn=machine_of_scarce_calls)
