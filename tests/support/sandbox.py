"""The sandbox as a process of its own, and what tests ask of it."""

import json
import signal
import subprocess
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import requests
from requests_aws4auth import AWS4Auth

from tests.support.emulators import Emulator, Huawei, Naver
from tests.support.waiting import eventually

FARSYNC_SANDBOX = Path(sys.executable).parent / "farsync-sandbox"


@dataclass(frozen=True)
class Ended:
    """An execution of a state machine that is over."""

    name: str
    status: str
    error: str | None
    output: dict[str, Any]
    """The output, or the cause of the failure, as JSON."""
    history: list[dict[str, Any]]


class Sandbox:
    """One `farsync-sandbox up --json`, and in it the provider that a test is about. Stop it in the end."""

    def __init__(self, cloud: str = "naver", dialect: str = "G1", speed: int = 1, options: Sequence[str] = ()) -> None:
        command: list[str | Path] = [FARSYNC_SANDBOX, "up", "--json", "--dialect", dialect, "--speed", str(speed)]
        self._process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.described: dict[str, Any] = json.loads(self._process.stdout.readline())
        self.aws: dict[str, Any] = self.described["aws"]
        self.emulator: Emulator = (
            Naver(self.described["naver"], dialect) if cloud == "naver" else Huawei(self.described["huawei"])
        )

    @property
    def process_id(self) -> int:
        return self._process.pid

    @property
    def logs_folder(self) -> Path:
        return Path(self.emulator.description["bucketsDir"]).parents[1] / "logs"

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(timeout=60) == 0

    @cached_property
    def step_functions(self) -> Any:
        return self._client("stepfunctions")

    @cached_property
    def queue(self) -> Any:
        return self._client("sqs")

    @cached_property
    def functions(self) -> Any:
        return self._client("lambda")

    @cached_property
    def secrets(self) -> Any:
        return self._client("secretsmanager")

    def _client(self, service: Any) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.aws["endpoint"],
            region_name=self.aws["region"],
            aws_access_key_id=self.aws["accessKeyId"],
            aws_secret_access_key=self.aws["secretAccessKey"],
        )

    def set_aws_faults(self, *rules: dict[str, Any]) -> None:
        self._control("PUT", "faults", list(rules))

    def calls(self, operation: str) -> list[dict[str, Any]]:
        """The last thousand calls of an AWS operation, oldest first: `at`, `subject` and `fault` of each."""
        calls: list[dict[str, Any]] = self._control("GET", "calls", None)["calls"].get(operation, [])
        return calls

    def aws_faults_met(self) -> dict[str, dict[str, int]]:
        """How many calls met which fault, by operation, since the sandbox began."""
        met: dict[str, dict[str, int]] = self._control("GET", "calls", None)["faults"]
        return met

    def change_function(self, name: str, change: str) -> None:
        """`kill` its processes, `delete` or `restore` it."""
        self._control("POST", f"functions/farsync-{name}/{change}", None)

    def change_mapping(self, function: str, change: str) -> None:
        """`pause` or `resume` what brings the messages of a queue to the function."""
        self._control("POST", f"mappings/farsync-{function}/{change}", None)

    def mapping(self, function: str) -> dict[str, Any]:
        """What the mapping of the function has received, deleted and failed."""
        mappings: list[dict[str, Any]] = self._control("GET", "mappings", None)["mappings"]
        return next(mapping for mapping in mappings if mapping["function"] == f"farsync-{function}")

    def _control(self, method: str, what: str, body: object) -> Any:
        reply = self._ask_control(method, what, body)
        assert reply.ok, reply.text
        return reply.json()

    def _ask_control(self, method: str, what: str, body: object) -> requests.Response:
        return requests.request(method, f"{self.aws['endpoint']}/_sandbox/{what}", json=body, timeout=30)

    def invoke(self, function: str, payload: object) -> dict[str, Any]:
        """What the function answers, or its error."""
        reply = self.functions.invoke(FunctionName=f"farsync-{function}", Payload=json.dumps(payload))
        answer: dict[str, Any] = json.loads(reply["Payload"].read())
        return answer

    def start(self, machine: str, machine_input: object, name: str | None = None) -> str:
        """Starts an execution of one of farsync's state machines and returns its ARN."""
        return self.start_arn(self.aws["stateMachines"][machine], machine_input, name)

    def start_arn(self, arn: str, machine_input: object, name: str | None = None) -> str:
        started = self.step_functions.start_execution(
            stateMachineArn=arn, name=name or f"test-{uuid.uuid4().hex}", input=json.dumps(machine_input)
        )
        return str(started["executionArn"])

    def arn_of_run(self, name: str) -> str:
        return f"{self.aws['stateMachines']['run_job'].replace(':stateMachine:', ':execution:')}:{name}"

    def names_of_executions(self, machine: str) -> list[str]:
        pages = self.step_functions.get_paginator("list_executions").paginate(
            stateMachineArn=self.aws["stateMachines"][machine]
        )
        return [str(execution["name"]) for page in pages for execution in page["executions"]]

    def create_state_machine(self, name: str, definition: dict[str, Any]) -> str:
        role = f"arn:aws:iam::{self.aws['accountId']}:role/test"
        created = self.step_functions.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role)
        return str(created["stateMachineArn"])

    def wait_for(self, arn: str, seconds: float = 60) -> Ended:
        def ask() -> Ended | None:
            described = self.step_functions.describe_execution(executionArn=arn)
            if described["status"] == "RUNNING":
                return None
            text = described.get("output") or described.get("cause") or "{}"
            return Ended(
                name=described["name"],
                status=described["status"],
                error=described.get("error"),
                output=json.loads(text) if text.startswith("{") else {"cause": text},
                history=self.history(arn),
            )

        return eventually(ask, seconds)

    def history(self, arn: str) -> list[dict[str, Any]]:
        pages = self.step_functions.get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]

    def run(self, request: dict[str, Any], seconds: float = 60) -> Ended:
        """Over the provider's connection."""
        return self.wait_for(self.start("run_job", {"connection": self.emulator.connection, **request}), seconds)

    def fire_schedule(self, name: str, scheduled_time: str | None = None) -> str:
        fired = self.try_to_fire_schedule(name, scheduled_time)
        assert fired.ok, fired.text
        return str(fired.json()["executionArn"])

    def try_to_fire_schedule(self, name: str, scheduled_time: str | None = None) -> requests.Response:
        body = {"scheduledTime": scheduled_time} if scheduled_time else {}
        return self._ask_control("POST", f"schedules/{name}/fire", body)

    def put_stack(self, name: str, template: object) -> None:
        self._control("PUT", f"stacks/{name}", template)

    def put(self, what: str, asked: object) -> None:
        """`quotas` or `staleReads`; an empty one restores what was there before all orders."""
        self._control("PUT", what, asked)

    def environment_variables(self) -> dict[str, str]:
        """Those by which an AWS client finds the sandbox."""
        return {
            "AWS_REGION": self.aws["region"],
            "AWS_DEFAULT_REGION": self.aws["region"],
            "AWS_ACCESS_KEY_ID": self.aws["accessKeyId"],
            "AWS_SECRET_ACCESS_KEY": self.aws["secretAccessKey"],
            "AWS_SESSION_TOKEN": "a-token",
            "AWS_ENDPOINT_URL": self.aws["endpoint"],
        }

    def schedules(self) -> list[dict[str, Any]]:
        described: list[dict[str, Any]] = self._control("GET", "schedules", None)["schedules"]
        return described

    def http(self, method: str, path: str, body: object = None, *, is_signed: bool = True, **headers: str) -> Any:
        auth = AWS4Auth(self.aws["accessKeyId"], self.aws["secretAccessKey"], self.aws["region"], "execute-api")
        kind = {} if body is None else {"content-type": "application/json"}
        return requests.request(
            method,
            f"{self.aws['httpApi']}{path}",
            data=None if body is None else body if isinstance(body, str) else json.dumps(body),
            headers=kind | {name.replace("_", "-"): value for name, value in headers.items()},
            auth=auth if is_signed else None,
            timeout=30,
        )

    def events_on_buses(self) -> list[dict[str, Any]]:
        """What EventBridge received, oldest first."""
        events: list[dict[str, Any]] = self._control("GET", "events", None)["events"]
        return events

    def event_lines(self) -> list[dict[str, Any]]:
        """The lines in which emit_event counts events, oldest first."""
        (lines,) = self._control("GET", "logs", None).values()
        return [json.loads(line["message"]) for line in lines]

    def receive_events(self) -> list[dict[str, Any]]:
        """Takes all messages that stand on the queue now."""
        events: list[dict[str, Any]] = []
        while True:
            messages = self.queue.receive_message(QueueUrl=self.aws["queueUrl"], MaxNumberOfMessages=10).get("Messages")
            if not messages:
                return events
            for message in messages:
                events.append(json.loads(message["Body"]))
                self.queue.delete_message(QueueUrl=self.aws["queueUrl"], ReceiptHandle=message["ReceiptHandle"])
