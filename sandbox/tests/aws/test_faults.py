"""Faults on order hit SDK calls and the integrations of state machines alike, and the ledger counts them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError, ConnectionClosedError

INVOKE = "arn:aws:states:::lambda:invoke"
Order = Callable[..., None]
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def read_secret(client: Callable[[str], Any]) -> Callable[[], Any]:
    secrets = client("secretsmanager")
    return lambda: secrets.get_secret_value(SecretId="farsync/connections/default")


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("http_401", 401, "UnrecognizedClientException"),
        ("http_403", 403, "AccessDeniedException"),
        ("not_found", 400, "ResourceNotFoundException"),
        ("reject", 400, "ValidationException"),
        ("http_429", 400, "ThrottlingException"),
        ("http_500", 500, "InternalFailure"),
        ("http_503", 503, "ServiceUnavailable"),
    ],
)
def test_a_rejection_has_the_status_and_the_code_of_aws(
    order_faults: Order, read_secret: Callable[[], Any], fault: str, status: int, code: str
) -> None:
    order_faults(operation="GetSecretValue", fault=fault)
    with pytest.raises(ClientError) as raised:
        read_secret()
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert raised.value.response["Error"]["Code"] == code
    read_secret()


def test_a_fault_lets_calls_pass_then_spoils_so_many_then_rests(
    order_faults: Order, read_secret: Callable[[], Any]
) -> None:
    order_faults(operation="GetSecretValue", fault="http_500", skip=1, times=2)
    outcomes = []
    for _ in range(4):
        try:
            read_secret()
            outcomes.append("ok")
        except ClientError:
            outcomes.append("spoiled")
    assert outcomes == ["ok", "spoiled", "spoiled", "ok"]


@pytest.mark.parametrize("fault", ["crash", "timeout_after", "reset_after"])
def test_a_reply_lost_after_the_work_leaves_the_work_done_once(
    order_faults: Order, lambdas: Any, tmp_path: Path, fault: str
) -> None:
    calls = tmp_path / "calls"
    order_faults(operation="Invoke", function="t-SingleFunction", fault=fault)
    payload = f'{{"countIn": "{calls}"}}'
    if fault == "reset_after":
        with pytest.raises(ConnectionClosedError):
            lambdas.invoke(FunctionName="t-SingleFunction", Payload=payload)
    else:
        told = lambdas.invoke(FunctionName="t-SingleFunction", Payload=payload)["Payload"].read().decode()
        assert ("Runtime.ExitError" if fault == "crash" else "Sandbox.Timedout") in told
    assert calls.read_text() == "x"


@pytest.mark.parametrize(
    ("operation", "fault", "resource", "arguments", "error"),
    [
        ("Invoke", "http_429", INVOKE, {"FunctionName": "t-echo"}, "Lambda.TooManyRequestsException"),
        ("Invoke", "http_500", INVOKE, {"FunctionName": "t-echo"}, "Lambda.ServiceException"),
        ("Invoke", "reset_after", INVOKE, {"FunctionName": "t-echo"}, "Lambda.SdkClientException"),
        ("Invoke", "crash", INVOKE, {"FunctionName": "t-echo"}, "Runtime.ExitError"),
        ("Invoke", "timeout_after", INVOKE, {"FunctionName": "t-echo"}, "Sandbox.Timedout"),
        (
            "SendMessage",
            "http_500",
            "arn:aws:states:::sqs:sendMessage",
            {"MessageBody": "b", "MessageGroupId": "g", "MessageDeduplicationId": "d"},
            "SQS.AmazonSQSException",
        ),
        (
            "StartExecution",
            "http_429",
            "arn:aws:states:::states:startExecution",
            {},
            "StepFunctions.ThrottlingException",
        ),
    ],
)
def test_a_fault_reaches_the_state_machine_under_the_name_that_aws_gives_it(
    order_faults: Order,
    run: Run,
    task_states: Callable[..., dict[str, Any]],
    machine: Callable[..., str],
    sandbox: dict[str, Any],
    operation: str,
    fault: str,
    resource: str,
    arguments: dict[str, Any],
    error: str,
) -> None:
    if operation == "SendMessage":
        arguments = arguments | {"QueueUrl": sandbox["queueUrl"]}
    if operation == "StartExecution":
        child = machine({"Only": {"Type": "Succeed"}})
        arguments = {"StateMachineArn": child, "Name": "child-of-fault"}
        # The outer start must pass: only the child's request holds its name.
        order_faults(operation=operation, fault=fault, match="child-of-fault")
    else:
        order_faults(operation=operation, fault=fault)
    ended = run(task_states(resource, arguments))
    assert (ended["status"], ended["error"]) == ("FAILED", error)


def test_the_ledger_counts_calls_and_says_which_were_spoiled(
    sandbox: dict[str, Any], order_faults: Order, lambdas: Any
) -> None:
    url = f"{sandbox['endpoint']}/_sandbox/ledger"
    before = requests.get(url, timeout=5).json()["counts"].get("Invoke", 0)
    order_faults(operation="Invoke", fault="http_500")
    with pytest.raises(ClientError):
        lambdas.invoke(FunctionName="t-echo")
    lambdas.invoke(FunctionName="t-echo")
    ledger = requests.get(url, timeout=5).json()
    assert ledger["counts"]["Invoke"] == before + 2
    spoiled, fine = ledger["calls"]["Invoke"][-2:]
    assert (spoiled["subject"], spoiled["fault"]) == ("t-echo", "http_500")
    assert fine["fault"] is None


def test_a_fault_that_is_added_leaves_the_others_and_lasts_until_it_is_withdrawn(
    sandbox: dict[str, Any], order_faults: Order, lambdas: Any
) -> None:
    url = f"{sandbox['endpoint']}/_sandbox/faults"
    lasting = [{"operation": "Invoke", "fault": "http_500", "times": 1000}]
    order_faults(operation="Invoke", fault="crash", skip=2)
    requests.post(url, json=lasting, timeout=5).raise_for_status()
    for _ in range(2):
        with pytest.raises(ClientError):
            lambdas.invoke(FunctionName="t-echo")
    requests.delete(url, json=lasting, timeout=5).raise_for_status()
    crashed, fine = (lambdas.invoke(FunctionName="t-echo") for _ in range(2))
    assert ("FunctionError" in crashed, "FunctionError" in fine) == (True, False)
