"""Faults on order hit SDK calls and the integrations of state machines alike."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError, ConnectionClosedError

INVOKE = "arn:aws:states:::lambda:invoke"
Order = Callable[..., None]
Run = Callable[..., dict[str, Any]]


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
    order_faults: Order, client: Callable[[str], Any], fault: str, status: int, code: str
) -> None:
    secrets = client("secretsmanager")
    order_faults(operation="GetSecretValue", fault=fault, match="connections/default")
    with pytest.raises(ClientError) as raised:
        secrets.get_secret_value(SecretId="farsync/connections/default")
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert raised.value.response["Error"]["Code"] == code
    assert secrets.get_secret_value(SecretId="farsync/connections/default")["SecretString"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [("crash", "Runtime.ExitError"), ("timeout_after", "Sandbox.Timedout"), ("reset_after", None)],
)
def test_a_reply_lost_after_the_work_leaves_the_work_done_once(
    order_faults: Order, lambdas: Any, tmp_path: Path, fault: str, error: str | None
) -> None:
    calls = tmp_path / "calls"
    order_faults(operation="Invoke", function="t-SingleFunction", fault=fault)
    payload = f'{{"countIn": "{calls}"}}'
    if error is None:
        with pytest.raises(ConnectionClosedError):
            lambdas.invoke(FunctionName="t-SingleFunction", Payload=payload)
    else:
        result = lambdas.invoke(FunctionName="t-SingleFunction", Payload=payload)["Payload"].read().decode()
        assert error in result
    assert calls.read_text() == "x"


SEND = {"MessageBody": "b", "MessageGroupId": "g", "MessageDeduplicationId": "d"}


@pytest.mark.parametrize(
    ("operation", "fault", "resource", "arguments", "error"),
    [
        ("Invoke", "http_429", INVOKE, {"FunctionName": "t-echo"}, "Lambda.TooManyRequestsException"),
        ("Invoke", "http_500", INVOKE, {"FunctionName": "t-echo"}, "Lambda.ServiceException"),
        ("Invoke", "reset_after", INVOKE, {"FunctionName": "t-echo"}, "Lambda.SdkClientException"),
        ("Invoke", "timeout_after", INVOKE, {"FunctionName": "t-echo"}, "Sandbox.Timedout"),
        ("SendMessage", "http_500", "arn:aws:states:::sqs:sendMessage", SEND, "SQS.AmazonSQSException"),
        (
            "StartExecution",
            "http_429",
            "arn:aws:states:::states:startExecution",
            {"Name": "child-of-fault"},
            "StepFunctions.ThrottlingException",
        ),
        (
            "PutEvents",
            "http_403",
            "arn:aws:states:::events:putEvents",
            {"Entries": [{"Source": "test", "DetailType": "t", "Detail": "{}"}]},
            "EventBridge.AccessDeniedException",
        ),
    ],
)
def test_a_fault_reaches_the_state_machine_under_the_name_that_aws_gives_it(
    order_faults: Order,
    run: Run,
    task_states: Callable[..., dict[str, Any]],
    sandbox: dict[str, Any],
    operation: str,
    fault: str,
    resource: str,
    arguments: dict[str, Any],
    error: str,
) -> None:
    targets = {
        "SendMessage": {"QueueUrl": sandbox["queueUrl"]},
        "StartExecution": {"StateMachineArn": sandbox["stateMachines"]["flow"]},
    }
    # The outer start must pass: only the child's request holds its name.
    order_faults(operation=operation, fault=fault, match=arguments.get("Name"))
    ended = run(task_states(resource, arguments | targets.get(operation, {})))
    assert (ended["status"], ended["error"]) == ("FAILED", error)


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
    ("path", "order", "field"),
    [
        ("faults", [{"operation": "Invoke", "fault": "explode"}], "0.fault"),
        ("quotas", {"ListExecutions": {"bucket": 0, "refill": 1}}, "ListExecutions.bucket"),
        ("staleReads", {"seconds": -1}, "seconds"),
    ],
)
def test_an_order_that_cannot_be_read_names_the_field(
    sandbox: dict[str, Any], path: str, order: object, field: str
) -> None:
    reply = requests.put(f"{sandbox['endpoint']}/_sandbox/{path}", json=order, timeout=5)
    assert (reply.status_code, reply.json()["message"].partition(":")[0]) == (400, field)
