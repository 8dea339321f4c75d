"""Step Functions as far as runs are asked for: lists of them, their state and the beginnings of their histories."""

import json
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from farsync.aws_requests import AwsCaller, AwsRequestFailed, Service
from farsync.connections import ConnectionStore
from farsync.environment import Environment
from farsync.naming import run_name
from farsync.transport import Transport

ARN = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:run_job"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
START_ENTERED = {"stateEnteredEventDetails": {"name": "Start"}}
PREPARE_ENTERED = {"stateEnteredEventDetails": {"name": "Prepare"}}


def told(payload: object) -> dict[str, Any]:
    return {"taskSucceededEventDetails": {"output": json.dumps({"Payload": payload})}}


def holding(execution_id: object, **more: object) -> list[dict[str, Any]]:
    return [PREPARE_ENTERED, START_ENTERED, told({"run": {"executionId": execution_id, **more}})]


class StepFunctions(AwsCaller):
    """Pages of `size` runs, the newest first."""

    def __init__(self, size: int = 1000) -> None:
        self.size = size
        self.runs: list[dict[str, Any]] = []
        self.inputs: dict[str, str] = {}
        self.histories: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[tuple[str, Mapping[str, object]]] = []
        self.fails_at: str | None = None

    def add(
        self,
        intent: str,
        history: list[dict[str, Any]],
        *,
        job: str = "a-job",
        name: str | None = None,
        stopped_ago: float | None = None,
        begun_ago: float = 60,
        request: str | None = None,
    ) -> None:
        name = name or run_name("default", job, intent)
        status = "RUNNING" if stopped_ago is None else "ABORTED"
        stop = {} if stopped_ago is None else {"stopDate": NOON.timestamp() - stopped_ago}
        self.runs.append({"name": name, "status": status, "startDate": NOON.timestamp() - begun_ago, **stop})
        self.histories[name] = history
        self.inputs[name] = json.dumps({"job": job}) if request is None else request

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        assert service == "states"
        self.asked.append((action, dict(payload)))
        if action == self.fails_at:
            raise AwsRequestFailed("ThrottlingException", "slow down", 400)
        if action == "ListExecutions":
            assert payload["stateMachineArn"] == ARN
            return self._page(payload)
        name = str(payload["executionArn"]).removeprefix(f"{ARN.replace('stateMachine', 'execution')}:")
        if action == "DescribeExecution":
            run = next((one for one in self.runs if one["name"] == name), None)
            if run is None:
                raise AwsRequestFailed("ExecutionDoesNotExist", name, 400)
            return {**run, "input": self.inputs[name]}
        assert action == "GetExecutionHistory"
        size = int(str(payload["maxResults"]))
        more = {"nextToken": "more"} if len(self.histories[name]) > size else {}
        return {"events": self.histories[name][:size], **more}

    def _page(self, payload: Mapping[str, object]) -> dict[str, Any]:
        wanted = payload.get("statusFilter")
        assert wanted in (None, "RUNNING")
        assert payload["maxResults"] == 1000
        listed = [run for run in self.runs if wanted in (None, run["status"])]
        begin = int(str(payload.get("nextToken", 0)))
        more = {"nextToken": str(begin + self.size)} if begin + self.size < len(listed) else {}
        return {"executions": listed[begin : begin + self.size], **more}

    def pages_asked(self, **asked: str) -> int:
        wanted = asked.get("statusFilter")
        return sum(
            action == "ListExecutions" and payload.get("statusFilter") == wanted for action, payload in self.asked
        )


def environment(aws: AwsCaller) -> Environment:
    return Environment(
        clock=NOON.timestamp,
        sleep=lambda _: None,
        random=random.random,
        new_token=lambda: "token",
        transport=Transport(),
        aws=aws,
        connections=ConnectionStore(lambda _: "", clock=NOON.timestamp),
        variables={"RUN_JOB_ARN": ARN},
    )
