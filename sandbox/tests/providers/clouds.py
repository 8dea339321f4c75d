"""What a test of either provider needs to know of it."""

import time
from dataclasses import dataclass, replace
from typing import Any

import requests

from sandbox.tests.emulator_client import poll
from sandbox.tests.huawei import dataarts_client
from sandbox.tests.naver import data_flow_client

AnyClient = data_flow_client.Client | dataarts_client.Client


@dataclass(frozen=True)
class Words:
    """How a provider calls and spells things."""

    module: str
    operations: dict[str, str]
    jobs_path: str
    start_path: str
    """With `{job}`; the others have `{execution}` as well."""
    execution_path: str
    cancel_path: str
    list_path: str
    start_body: dict[str, object]
    job_key: str
    id_key: str
    list_key: str
    running: str
    ended: str
    """How an execution of `make_job`'s job ends."""
    canceled: str
    cancel_key: str
    """When a cancel was asked for, in the execution log."""
    keys_file: str
    skewed_seconds: int
    """More than a clock may be off."""
    rejections: dict[str, tuple[int, str]]
    """Status and code of the faults that are rejections."""


DATA_FLOW = Words(
    module="sandbox.naver_dataflow",
    operations={
        "list_jobs": "getJobs",
        "get_job": "getJob",
        "start": "createJobExecution",
        "get": "getJobExecution",
        "cancel": "cancelJobExecution",
    },
    jobs_path="/api/v1/jobs",
    start_path="/api/v1/jobs/{job}/executions",
    execution_path="/api/v1/jobs/{job}/executions/{execution}",
    cancel_path="/api/v1/jobs/{job}/executions/{execution}/cancel",
    list_path="/api/v1/jobs/{job}/executions",
    start_body={"jobCondition": data_flow_client.CONDITION},
    job_key="jobId",
    id_key="jobExecutionId",
    list_key="list",
    running="RUNNING",
    ended="FAILED",
    canceled="CANCELED",
    cancel_key="cancelRequestedAt",
    keys_file="keys.json",
    skewed_seconds=600,
    rejections={
        "http_401": (401, "200"),
        "http_403": (403, "230"),
        "http_429": (429, "410"),
        "http_500": (500, "900"),
        "http_503": (503, "500"),
        "http_504": (504, "510"),
        "not_found": (404, "not-found"),
        "bad_state": (400, "bad-state"),
        "already_running": (400, "bad-state"),
        "quota_exceeded": (429, "400"),
        "reject": (400, "bad-parameter"),
    },
)
DATA_ARTS = Words(
    module="sandbox.huawei_dataarts",
    operations={
        "list_jobs": "ListJobs",
        "get_job": "ShowJob",
        "start": "RunOnce",
        "get": "ShowJobInstance",
        "cancel": "StopJobInstance",
    },
    jobs_path="/jobs",
    start_path="/jobs/{job}/run-immediate",
    execution_path="/jobs/{job}/instances/{execution}",
    cancel_path="/jobs/{job}/instances/{execution}/stop",
    list_path="/jobs/instances/detail",
    start_body={},
    job_key="jobName",
    id_key="instanceId",
    list_key="instances",
    running="running",
    ended="success",
    canceled="manual-stop",
    cancel_key="stopRequestedAt",
    keys_file="account.json",
    skewed_seconds=1000,
    rejections={
        "http_401": (401, "APIGW.0301"),
        "http_403": (403, "APIGW.0302"),
        "http_429": (429, "APIGW.0308"),
        "http_500": (500, "APIGW.0601"),
        "http_503": (503, "APIGW.0613"),
        "http_504": (504, "APIGW.0201"),
        "not_found": (400, "DLF.0100"),
        "bad_state": (400, "DLF.30117"),
        "already_running": (400, "DLF.30107"),
        "quota_exceeded": (400, "DLF.30101"),
        "reject": (400, "DLF.3051"),
    },
)


@dataclass(frozen=True)
class Cloud:
    """A client of one service, and the provider's words."""

    client: AnyClient
    words: Words

    def make_job(self, name: str = "job_1") -> str:
        return self.client.make_job(name=name)

    def list_jobs(self) -> requests.Response:
        return self.client.call("GET", self.words.jobs_path)

    def get_job(self, job: str) -> requests.Response:
        return self.client.call("GET", f"{self.words.jobs_path}/{job}")

    def try_start(self, job: str) -> requests.Response:
        return self.client.call("POST", self.words.start_path.format(job=job), self.words.start_body)

    def start(self, job: str) -> Any:
        reply = self.try_start(job)
        assert reply.ok, reply.text
        return reply.json()[self.words.id_key]

    def get(self, job: str, execution: object) -> Any:
        return self.client.ok("GET", self.words.execution_path.format(job=job, execution=execution))

    def wait_for(self, job: str, execution: object, status: str) -> Any:
        return poll(lambda: self.get(job, execution), lambda shown: shown["status"] == status)

    def list_ids(self, job: str) -> list[object]:
        listed = self.client.ok("GET", self.words.list_path.format(job=job))[self.words.list_key]
        return [item[self.words.id_key] for item in listed]

    def cancel(self, job: str, execution: object) -> requests.Response:
        return self.client.call("POST", self.words.cancel_path.format(job=job, execution=execution))

    def fault(self, operation: str, fault: str, **more: object) -> None:
        self.client.faults({"operation": self.words.operations[operation], "fault": fault, **more})

    def with_clock(self, ahead_seconds: float) -> "Cloud":
        return replace(self, client=replace(self.client, clock=lambda: time.time() + ahead_seconds))


def code(reply: requests.Response) -> str:
    """Of a rejection."""
    body = reply.json()
    return str(body["error"]["errorCode"] if "error" in body else body.get("errorType") or body["error_code"])
