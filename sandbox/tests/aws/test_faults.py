"""Faults on order hit SDK calls and the integrations of state machines alike, and the ledger counts them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError

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


def test_a_fault_may_be_meant_for_calls_that_hold_a_text(order_faults: Order, read_secret: Callable[[], Any]) -> None:
    order_faults(operation="GetSecretValue", fault="http_500", match="connections/other")
    read_secret()


def test_a_dropped_connection_before_the_work_leaves_nothing_done(
    order_faults: Order, lambdas: Any, tmp_path: Path
) -> None:
    calls = tmp_path / "calls"
    order_faults(operation="Invoke", function="SingleFunction", fault="reset_before")
    with pytest.raises(BotoCoreError):
        lambdas.invoke(FunctionName="t-SingleFunction", Payload=f'{{"countIn": "{calls}"}}')
    assert not calls.exists()


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


def test_a_slow_call_comes_late(order_faults: Order, client: Callable[[str], Any]) -> None:
    impatient = client("secretsmanager")
    impatient.meta.config.read_timeout = 1
    order_faults(operation="GetSecretValue", fault="slow", seconds=0.3)
    assert impatient.get_secret_value(SecretId="farsync/connections/default")["SecretString"]


def test_truncated_json_cannot_be_read(order_faults: Order, sandbox: dict[str, Any]) -> None:
    order_faults(operation="Invoke", fault="truncated_json")
    url = f"{sandbox['endpoint']}/2015-03-31/functions/t-echo/invocations"
    reply = requests.post(url, data="{}", timeout=10)
    assert reply.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        reply.json()


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


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ([{"operation": "Invoke"}], "0.fault"),
        ([{"operation": "Invoke", "fault": "explode"}], "0.fault"),
        ([{"operation": "Invoke", "fault": "crash", "times": 0}], "0.times"),
        ([{"operation": "Invoke", "fault": "crash", "when": "now"}], "0.when"),
    ],
)
def test_an_order_that_cannot_be_read_names_the_field(
    sandbox: dict[str, Any], rules: list[dict[str, Any]], field: str
) -> None:
    reply = requests.put(f"{sandbox['endpoint']}/_sandbox/faults", json=rules, timeout=5)
    assert reply.status_code == 400
    assert reply.json()["message"].startswith(field)
