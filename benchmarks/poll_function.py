"""The poll function beside an empty one, and a run in the sandbox that it may poll for an hour."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import requests
from requests.auth import AuthBase
from requests_aws4auth import AWS4Auth

from farsync.connections.connection import parse_connection
from farsync.http_client.client import Transport
from farsync.providers import open_provider
from farsync.signing.naver import NaverAuth, NaverKeys
from sandbox.aws.running import AwsSandbox
from sandbox.aws.settings import AwsSettings
from sandbox.provider_process import ProviderProcess
from tests.support.waiting import eventually

TEMPLATE = Path(__file__).parent / "empty_function" / "template.yaml"
CONDITION = {"nrn": "nrn:PUB:IAM::1:Role/r", "scriptPath": "lake/scripts/", "logPath": "lake/logs/"}
PAST_DURATIONS_SECONDS = [3480, 3725, 3610, 3550, 3900, 3420, 3640, 3580, 3700, 3510]
"""Of a job that takes an hour: by them the poll function chooses when to come again."""
LONGEST_VISIBILITY_SECONDS = 43_200
EMPTY_FUNCTION = "empty"
POLL_FUNCTION = "poll"


class Calls(NamedTuple):
    """Calls to be timed."""

    poll: Callable[[], None]
    """One receive of the run's message by the poll function: heartbeat, the provider's answer, hidden again."""
    empty: Callable[[], None]
    """A call of the empty function."""
    exchange: Callable[[], None]
    """The three requests of a poll alone, signed: heartbeat, status of the execution, visibility of the message."""
    make_cold: Callable[[], None]
    """Ends the processes of both functions."""


@contextmanager
def poll_function() -> Iterator[Calls]:
    with tempfile.TemporaryDirectory() as name, ExitStack() as ending:
        folder = Path(name)
        options = {"--folder": str(folder / "naver"), "--run-seconds": "3600"}
        process = ProviderProcess("sandbox.naver_dataflow", options, folder / "naver.log")
        ending.callback(process.stop)
        data_flow = process.wait_until_ready()
        secret = {"provider": "naver", **{name: data_flow[name] for name in ("endpoint", "accessKey", "secretKey")}}
        aws = AwsSandbox(AwsSettings(TEMPLATE, folder, secrets={"farsync/connections/default": secret}))
        ending.callback(aws.stop)
        aws.start()
        yield _calls(aws.describe(), secret)


def _calls(aws: dict[str, Any], secret: dict[str, str]) -> Calls:
    auth = NaverAuth(NaverKeys(secret["accessKey"], secret["secretKey"]), time.time)
    job, execution_id = _start_an_execution(secret, auth)
    received = _received(aws, job, execution_id)
    # What the poll function answers of a run that goes on.
    kept = {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in received["Records"]]}

    def make_cold() -> None:
        for function in (POLL_FUNCTION, EMPTY_FUNCTION):
            assert requests.post(f"{aws['endpoint']}/_sandbox/functions/{function}/kill", timeout=5).ok

    return Calls(
        poll=_invoker(aws["endpoint"], POLL_FUNCTION, received, kept),
        empty=_invoker(aws["endpoint"], EMPTY_FUNCTION, {}, {}),
        exchange=_exchanger(aws, received, f"{secret['endpoint']}/api/v1/jobs/{job}/executions/{execution_id}", auth),
        make_cold=make_cold,
    )


def _start_an_execution(secret: dict[str, str], auth: NaverAuth) -> tuple[str, str]:
    jobs = f"{secret['endpoint']}/api/v1/jobs"
    job = requests.post(jobs, json={"name": "job_1", "nodes": []}, auth=auth, timeout=5).json()["jobId"]
    transport = Transport()
    provider = open_provider(parse_connection("default", json.dumps(secret)), transport, time.time)
    execution = provider.start(job, condition=CONDITION, parameters={})
    transport.close()
    return job, execution.ref.execution_id


def _received(aws: dict[str, Any], job: str, execution_id: str) -> dict[str, Any]:
    """The run's message, as a mapping hands it to the poll function; a state machine waits under its token."""
    now = datetime.now(UTC)
    run = {
        "v": 1,
        "startedAt": now.isoformat(),
        "deadlineAt": (now + timedelta(hours=2)).isoformat(),
        "connection": "default",
        "provider": "naver",
        "job": job,
        "executionId": execution_id,
        "pastDurationsSeconds": PAST_DURATIONS_SECONDS,
    }
    message = {"v": 1, "token": "{% $states.context.Task.Token %}", "sentAt": now.isoformat(), "run": run}
    follow = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": {"QueueUrl": aws["pollQueueUrl"], "MessageBody": message},
        "End": True,
    }
    session = boto3.Session(aws["accessKeyId"], aws["secretAccessKey"], region_name=aws["region"])
    machine = {"QueryLanguage": "JSONata", "StartAt": "Follow", "States": {"Follow": follow}}
    client = session.client("stepfunctions", endpoint_url=aws["endpoint"])
    arn = client.create_state_machine(
        name="follow", definition=json.dumps(machine), roleArn=f"arn:aws:iam::{aws['accountId']}:role/benchmark"
    )["stateMachineArn"]
    client.start_execution(stateMachineArn=arn)
    queue = session.client("sqs", endpoint_url=aws["endpoint"])
    question = {
        "QueueUrl": aws["pollQueueUrl"],
        "AttributeNames": ["All"],
        "VisibilityTimeout": LONGEST_VISIBILITY_SECONDS,
    }
    sent: Any
    (sent,) = eventually(lambda: queue.receive_message(**question).get("Messages"))
    names = {"messageId": "MessageId", "receiptHandle": "ReceiptHandle", "body": "Body", "attributes": "Attributes"}
    return {"Records": [{"eventSource": "aws:sqs", **{name: sent[key] for name, key in names.items()}}]}


def _invoker(endpoint: str, function: str, event: object, answer: object) -> Callable[[], None]:
    session, body = requests.Session(), json.dumps(event)
    url = f"{endpoint}/2015-03-31/functions/{function}/invocations"

    def invoke() -> None:
        reply = session.post(url, data=body, timeout=30)
        assert reply.json() == answer, reply.text

    return invoke


def _exchanger(aws: dict[str, Any], received: dict[str, Any], execution_url: str, auth: AuthBase) -> Callable[[], None]:
    session = requests.Session()
    (message,) = received["Records"]
    heartbeat = {"taskToken": json.loads(message["body"])["token"]}
    hide = {"QueueUrl": aws["pollQueueUrl"], "ReceiptHandle": message["receiptHandle"], "VisibilityTimeout": 600}

    def ask_aws(service: str, target: str, version: str, question: dict[str, Any]) -> None:
        headers = {"X-Amz-Target": target, "Content-Type": f"application/x-amz-json-{version}"}
        signature = AWS4Auth(aws["accessKeyId"], aws["secretAccessKey"], aws["region"], service, session_token="token")
        reply = session.post(f"{aws['endpoint']}/", json=question, headers=headers, auth=signature, timeout=5)
        assert reply.ok, reply.text

    def exchange() -> None:
        ask_aws("states", "AWSStepFunctions.SendTaskHeartbeat", "1.0", heartbeat)
        assert session.get(execution_url, auth=auth, timeout=5).ok
        ask_aws("sqs", "AmazonSQS.ChangeMessageVisibility", "1.0", hide)

    return exchange
