"""AWS's quotas on Step Functions' calls, as the sandbox keeps to them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from requests_aws4auth import AWS4Auth

from sandbox.aws.quotas import Quota, Quotas
from sandbox.aws.settings import SESSION_TOKEN

Call = Callable[..., requests.Response]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def taken(quotas: Quotas, action: str, calls: int) -> int:
    return sum(quotas.take(action) for _ in range(calls))


def test_a_bucket_lets_a_burst_pass_and_then_its_rate() -> None:
    clock = Clock()
    quotas = Quotas(clock=clock)
    assert taken(quotas, "GetExecutionHistory", 1000) == 400
    clock.now += 3
    assert taken(quotas, "GetExecutionHistory", 1000) == 60
    assert quotas.as_json()["throttled"] == {"GetExecutionHistory": 1540}


def test_buckets_fill_at_the_sandbox_s_speed() -> None:
    clock = Clock()
    quotas = Quotas(speed=20, clock=clock)
    taken(quotas, "DescribeExecution", 1000)
    clock.now += 1
    assert taken(quotas, "DescribeExecution", 1000) == 200


def test_quotas_can_be_lowered_and_are_aws_s_again_afterwards() -> None:
    quotas = Quotas(clock=Clock())
    quotas.replace({"StopExecution": Quota(bucket=1, refill=1)})
    assert taken(quotas, "StopExecution", 9) == 1
    quotas.replace({})
    assert taken(quotas, "StopExecution", 1000) == 500


@pytest.fixture
def call(sandbox: dict[str, Any]) -> Call:
    """A call as functions make it, unless `is_function` says otherwise."""

    def call_aws(action: str, body: dict[str, Any], *, is_function: bool = True) -> requests.Response:
        token = {"session_token": SESSION_TOKEN} if is_function else {}
        auth = AWS4Auth(sandbox["accessKeyId"], sandbox["secretAccessKey"], sandbox["region"], "states", **token)
        headers = {"X-Amz-Target": f"AWSStepFunctions.{action}", "Content-Type": "application/x-amz-json-1.0"}
        return requests.post(sandbox["endpoint"], json=body, headers=headers, auth=auth, timeout=10)

    return call_aws


@pytest.fixture
def put_quotas(sandbox: dict[str, Any]) -> Iterator[Callable[[Any], requests.Response]]:
    url = f"{sandbox['endpoint']}/_sandbox/quotas"
    yield lambda quotas: requests.put(url, json=quotas, timeout=10)
    requests.put(url, json={}, timeout=10).raise_for_status()


def test_a_function_that_reads_too_much_is_throttled_in_aws_s_words(
    sandbox: dict[str, Any], call: Call, put_quotas: Callable[[Any], requests.Response]
) -> None:
    machine = next(iter(sandbox["stateMachines"].values()))
    put_quotas({"ListExecutions": {"bucket": 2, "refill": 0.001}}).raise_for_status()
    replies = [call("ListExecutions", {"stateMachineArn": machine}) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 400]
    assert replies[2].json()["__type"] == "ThrottlingException"
    shown = requests.get(f"{sandbox['endpoint']}/_sandbox/quotas", timeout=10).json()
    assert shown["throttled"]["ListExecutions"] >= 1


def test_who_watches_from_outside_is_not_counted_and_who_starts_executions_is(
    sandbox: dict[str, Any], call: Call, put_quotas: Callable[[Any], requests.Response]
) -> None:
    machine = next(iter(sandbox["stateMachines"].values()))
    put_quotas({action: {"bucket": 1, "refill": 0.001} for action in ("ListExecutions", "StartExecution")})
    watched = [call("ListExecutions", {"stateMachineArn": machine}, is_function=False) for _ in range(5)]
    assert [reply.status_code for reply in watched] == [200] * 5
    started = [call("StartExecution", {"stateMachineArn": "none"}, is_function=False) for _ in range(2)]
    assert "ThrottlingException" not in started[0].text
    assert "ThrottlingException" in started[1].text
