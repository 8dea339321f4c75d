"""Step Functions as far as runs are read: lists of them, their inputs and their histories."""

import json
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from farsync.aws.client import AwsCaller, AwsRequestFailed, Service
from farsync.aws.run_store import HOLDING_STATUSES
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.model.names import run_name
from farsync.runtime.context import Context
from tests.unit.histories import History

ARN = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:run_job"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
RUN = {
    "startedAt": "2026-11-21T11:00:00Z",
    "deadlineAt": "2026-11-21T13:00:00Z",
    "connection": "default",
    "provider": "naver",
    "job": "a-job",
}
HOSTS = {"elsewhere": "https://another.example.com"}
"""Where other connections than the common account lead."""


def history(begun_ago: float = 60) -> History:
    return History(now=NOON.timestamp() - begun_ago)


def prepared(begun_ago: float = 60) -> History:
    return history(begun_ago).called("Prepare", {"request": {}, "run": {}}, RUN)


def starting(begun_ago: float = 60) -> History:
    """A run that has come to its start and knows no execution yet."""
    return prepared(begun_ago).entered("Start").scheduled({"request": {"job": "a-job"}, "run": RUN})


def holding(execution_id: object, **more: object) -> History:
    return starting().answered({"outcome": "started", "run": {**RUN, "executionId": execution_id, **more}})


class StepFunctions(AwsCaller):
    """Pages of `size` runs, the newest first."""

    def __init__(self, size: int = 1000) -> None:
        self.size = size
        self.runs: list[dict[str, Any]] = []
        self.inputs: dict[str, str] = {}
        self.histories: dict[str, History] = {}
        self.asked: list[tuple[str, Mapping[str, object]]] = []
        self.fails_at: str | None = None

    def add(
        self,
        intent: str,
        history: History,
        *,
        connection: str = "default",
        job: str = "a-job",
        name: str | None = None,
        stopped_ago: float | None = None,
        request: str | None = None,
        cause: str = "",
    ) -> None:
        """A run under the name that farsync builds, or under one of its caller."""
        name = name or run_name(connection, job, intent)
        started = {"startDate": NOON.timestamp() - 3600}
        self.runs.append({"name": name, "status": "RUNNING", **started})
        if stopped_ago is not None:
            history.now = NOON.timestamp() - stopped_ago
            history.ended("ABORTED" if not cause else "FAILED", cause=cause)
            self.runs[-1] |= {"status": "ABORTED", "stopDate": history.now}
        self.histories[name] = history
        self.inputs[name] = json.dumps({"job": job, "connection": connection}) if request is None else request

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
            run = next((run for run in self.runs if run["name"] == name), None)
            if run is None:
                raise AwsRequestFailed("ExecutionDoesNotExist", name, 400)
            return {**run, "input": self.inputs[name]}
        assert action == "GetExecutionHistory"
        assert payload["reverseOrder"] is True
        events = self.histories[name].newest_first
        begin, size = int(str(payload.get("nextToken", 0))), int(str(payload["maxResults"]))
        more = {"nextToken": str(begin + size)} if begin + size < len(events) else {}
        return {"events": events[begin : begin + size], **more}

    def _page(self, payload: Mapping[str, object]) -> dict[str, Any]:
        wanted = payload.get("statusFilter")
        assert wanted in (None, *HOLDING_STATUSES)
        assert payload["maxResults"] == 1000
        listed = [run for run in self.runs if wanted in (None, run["status"])]
        begin = int(str(payload.get("nextToken", 0)))
        more = {"nextToken": str(begin + self.size)} if begin + self.size < len(listed) else {}
        return {"executions": listed[begin : begin + self.size], **more}

    def times_asked(self, action: str, **asked: str) -> int:
        return sum(
            action == done and all(payload.get(name) == value for name, value in asked.items())
            for done, payload in self.asked
        )


def secret(secret_id: str) -> str:
    """Two accounts, behind any number of connections; `gone` cannot be read."""
    name = secret_id.rpartition("/")[2]
    if name == "gone":
        raise AwsRequestFailed("ResourceNotFoundException", "no such secret", 400)
    endpoint = HOSTS.get(name, "https://dataflow.example.com")
    return json.dumps({"provider": "naver", "accessKey": "A", "secretKey": "S", "endpoint": endpoint})


def environment(aws: AwsCaller) -> Context:
    return Context(
        clock=NOON.timestamp,
        sleep=lambda _: None,
        random=random.random,
        new_token=lambda: "token",
        transport=Transport(),
        aws=aws,
        connections=ConnectionStore(secret, clock=NOON.timestamp),
        variables={"RUN_JOB_ARN": ARN},
    )
