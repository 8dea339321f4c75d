"""One sandbox of AWS for the whole folder, and none after it: moto keeps its state per process."""

import json
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config

from sandbox.aws.running import AwsSandbox
from sandbox.aws.settings import SESSION_TOKEN, AwsSettings
from tests.support.waiting import eventually

from .consuming import is_empty

FIXTURES = Path(__file__).parents[1] / "fixtures" / "aws"
SPEED = 10.0

Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="package")
def fixtures() -> Path:
    return FIXTURES


@pytest.fixture(scope="package")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    settings = AwsSettings(
        template=FIXTURES / "template.yaml",
        folder=tmp_path_factory.mktemp("aws"),
        stack_name="t",
        secrets={"farsync/connections/default": {"provider": "naver"}},
        speed=SPEED,
    )
    sandbox = AwsSandbox(settings)
    sandbox.start()
    yield sandbox.describe()
    sandbox.stop()


@pytest.fixture(scope="package")
def client(sandbox: dict[str, Any]) -> Callable[..., Any]:
    """A boto3 client of a service, for the sandbox, without retries; functions alone have a session token."""

    def of(service: str, session_token: str | None = None) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]
            aws_session_token=session_token,
            region_name=sandbox["region"],
            endpoint_url=sandbox["endpoint"],
            aws_access_key_id=sandbox["accessKeyId"],
            aws_secret_access_key=sandbox["secretAccessKey"],
            config=Config(retries={"max_attempts": 0, "total_max_attempts": 1}, max_pool_connections=60),
        )

    return of


@pytest.fixture(scope="package")
def sfn(client: Callable[..., Any]) -> Any:
    return client("stepfunctions")


@pytest.fixture(scope="package")
def function_sfn(client: Callable[..., Any]) -> Any:
    """Step Functions as functions call it."""
    return client("stepfunctions", SESSION_TOKEN)


@pytest.fixture(scope="package")
def lambdas(client: Callable[[str], Any]) -> Any:
    return client("lambda")


@pytest.fixture
def invoke(lambdas: Any) -> Callable[..., tuple[Any, str | None]]:
    """Gives the function's result and the kind of its error, None when it has succeeded."""

    def call(function: str, payload: Any = None) -> tuple[Any, str | None]:
        answer = lambdas.invoke(FunctionName=function, Payload=json.dumps(payload or {}).encode())
        return json.loads(answer["Payload"].read()), answer.get("FunctionError")

    return call


@pytest.fixture
def finished(sfn: Any) -> Callable[[str], dict[str, Any]]:
    """Waits, at most 20 seconds, until an execution has ended."""

    def ended(arn: str) -> dict[str, Any] | None:
        execution: dict[str, Any] = sfn.describe_execution(executionArn=arn)
        return None if execution["status"] == "RUNNING" else execution

    return lambda arn: eventually(partial(ended, arn), seconds=20)


@pytest.fixture
def types_in(sfn: Any) -> Callable[[str], list[str]]:
    """The types of an execution's events."""
    return lambda arn: [event["type"] for event in sfn.get_execution_history(executionArn=arn)["events"]]


@pytest.fixture
def machine(sfn: Any) -> Callable[..., str]:
    """Creates a JSONata machine of these states and gives its ARN; it starts at the first."""

    def create(states: dict[str, Any], **top: Any) -> str:
        definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states} | top
        arn: str = sfn.create_state_machine(
            name=f"m-{uuid.uuid4()}",
            definition=json.dumps(definition),
            roleArn="arn:aws:iam::123456789012:role/test",
        )["stateMachineArn"]
        return arn

    return create


@pytest.fixture
def start(sfn: Any, machine: Callable[..., str]) -> Callable[..., str]:
    """Starts a machine of these states; gives the execution's ARN."""

    def start_machine(states: dict[str, Any], given: Any = None, **top: Any) -> str:
        text = json.dumps(given or {}, ensure_ascii=False)
        arn: str = sfn.start_execution(stateMachineArn=machine(states, **top), input=text)["executionArn"]
        return arn

    return start_machine


@pytest.fixture
def run(start: Callable[..., str], finished: Callable[[str], dict[str, Any]]) -> Run:
    """Runs a machine of these states to its end: status, error, cause, and output as JSON."""

    def run_machine(states: dict[str, Any], given: Any = None, **top: Any) -> dict[str, Any]:
        ended = finished(start(states, given, **top))
        return ended | {"output": json.loads(ended.get("output", "null"))}

    return run_machine


@pytest.fixture
def order_faults(sandbox: dict[str, Any]) -> Iterator[Callable[..., None]]:
    """Orders one fault; after the test there are none."""
    url = f"{sandbox['endpoint']}/_sandbox/faults"

    def order(**rule: Any) -> None:
        requests.put(url, json=[rule], timeout=30).raise_for_status()

    yield order
    requests.put(url, json=[], timeout=30).raise_for_status()


@pytest.fixture(scope="package")
def task_states() -> Callable[..., dict[str, Any]]:
    """The states of a machine of one task that ends with the task's whole result."""

    def states(resource: str, arguments: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"Call": {"Type": "Task", "Resource": resource, "Arguments": arguments, "End": True} | more}

    return states


@pytest.fixture(scope="package")
def sqs(client: Callable[[str], Any]) -> Any:
    return client("sqs")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where the consumers of the fixtures write the records that they get."""
    return tmp_path / "records"


@pytest.fixture
def send(sqs: Any, log: Path) -> Iterator[Callable[..., str]]:
    """Sends a message whose receives do these actions, one after the other; waits until all are handled."""
    queues = set()

    def send_message(*actions: dict[str, Any], queue: str = "t-PollQueue", **more: Any) -> str:
        queues.add(queue)
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        body = json.dumps({"log": str(log), "actions": list(actions) or [{}]})
        sent: str = sqs.send_message(QueueUrl=url, MessageBody=body, **more)["MessageId"]
        return sent

    yield send_message
    for queue in queues:
        eventually(partial(is_empty, sqs, queue), seconds=20)
