"""What a test of either provider needs to know of it."""

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import requests

from sandbox import huawei_dataarts, naver_dataflow
from sandbox.tests.emulator_client import EmulatorClient, poll
from sandbox.tests.huawei import dataarts_client
from sandbox.tests.naver import data_flow_client


class Cloud(ABC):
    """A client of one service, and the provider's words. `JOB` stands for a job and `ID` for an execution in paths."""

    module: ClassVar[str]
    operations: ClassVar[Mapping[str, str]]
    """The provider's names of: list_jobs, get_job, start, get, list, cancel."""
    jobs_path: ClassVar[str]
    job_key: ClassVar[str]
    id_key: ClassVar[str]
    list_key: ClassVar[str]
    running_word: ClassVar[str]
    ended_word: ClassVar[str]
    """Of an execution of `make_job`'s job."""
    canceled_word: ClassVar[str]
    cancel_key: ClassVar[str]
    """When a cancel was asked for, in the execution log."""
    keys_file: ClassVar[str]
    rejections: ClassVar[Mapping[str, tuple[int, str]]]
    """Status and code of the faults that are rejections."""
    skewed_seconds: ClassVar[int]
    """More than a clock may be off."""
    client: EmulatorClient

    @abstractmethod
    def make_job(self, name: str = "job_1") -> str: ...

    @abstractmethod
    def try_start(self, job: str, timeout: float = 10) -> requests.Response: ...

    @abstractmethod
    def get(self, job: str, execution: object) -> Any: ...

    @abstractmethod
    def list_ids(self, job: str) -> list[object]: ...

    @abstractmethod
    def cancel(self, job: str, execution: object) -> requests.Response: ...

    @abstractmethod
    def code(self, reply: requests.Response) -> str:
        """Of a rejection."""

    @abstractmethod
    def with_clock(self, ahead_seconds: float) -> EmulatorClient: ...

    def list_jobs(self) -> requests.Response:
        return self.client.call("GET", self.jobs_path)

    def get_job(self, job: str) -> requests.Response:
        return self.client.call("GET", f"{self.jobs_path}/{job}")

    def start(self, job: str) -> Any:
        reply = self.try_start(job)
        assert reply.ok, reply.text
        return reply.json()[self.id_key]

    def wait_for(self, job: str, execution: object, *statuses: str) -> Any:
        return poll(lambda: self.get(job, execution), lambda shown: shown["status"] in statuses)

    def fault(self, operation: str, fault: str, **more: object) -> None:
        self.client.faults({"operation": self.operations[operation], "fault": fault, **more})


class DataFlow(Cloud):
    module = "sandbox.naver_dataflow"
    operations: ClassVar = {
        "list_jobs": "getJobs",
        "get_job": "getJob",
        "start": "createJobExecution",
        "get": "getJobExecution",
        "list": "getJobExecutions",
        "cancel": "cancelJobExecution",
    }
    jobs_path = "/api/v1/jobs"
    job_key, id_key, list_key = "jobId", "jobExecutionId", "list"
    running_word, ended_word, canceled_word = "RUNNING", "FAILED", "CANCELED"
    cancel_key, keys_file, skewed_seconds = "cancelRequestedAt", "keys.json", 600
    rejections: ClassVar = {
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
    }

    def __init__(self, server: naver_dataflow.Server) -> None:
        self.client: data_flow_client.Client = data_flow_client.Client(server)

    def make_job(self, name: str = "job_1") -> str:
        return self.client.make_job(name=name)

    def try_start(self, job: str, timeout: float = 10) -> requests.Response:
        body = {"jobCondition": data_flow_client.CONDITION}
        return self.client.call("POST", f"/api/v1/jobs/{job}/executions", body, timeout)

    def get(self, job: str, execution: object) -> Any:
        return self.client.execution(job, str(execution))

    def list_ids(self, job: str) -> list[object]:
        return [item["jobExecutionId"] for item in self.client.ok("GET", f"/api/v1/jobs/{job}/executions")["list"]]

    def cancel(self, job: str, execution: object) -> requests.Response:
        return self.client.call("POST", f"/api/v1/jobs/{job}/executions/{execution}/cancel")

    def code(self, reply: requests.Response) -> str:
        body = reply.json()
        return str(body["error"]["errorCode"] if "error" in body else body["errorType"])

    def with_clock(self, ahead_seconds: float) -> EmulatorClient:
        return data_flow_client.Client(self.client.server, clock_offset_seconds=ahead_seconds)


class DataArts(Cloud):
    module = "sandbox.huawei_dataarts"
    operations: ClassVar = {
        "list_jobs": "ListJobs",
        "get_job": "ShowJob",
        "start": "RunOnce",
        "get": "ShowJobInstance",
        "list": "ListJobInstances",
        "cancel": "StopJobInstance",
    }
    jobs_path = "/jobs"
    job_key, id_key, list_key = "jobName", "instanceId", "instances"
    running_word, ended_word, canceled_word = "running", "success", "manual-stop"
    cancel_key, keys_file, skewed_seconds = "stopRequestedAt", "account.json", 1000
    rejections: ClassVar = {
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
    }

    def __init__(self, server: huawei_dataarts.Server) -> None:
        self.client: dataarts_client.Client = dataarts_client.Client(server)

    def make_job(self, name: str = "job_1") -> str:
        return self.client.make_job(name=name)

    def try_start(self, job: str, timeout: float = 10) -> requests.Response:
        self.client.timeout_seconds = timeout
        return self.client.call("POST", f"/jobs/{job}/run-immediate")

    def get(self, job: str, execution: object) -> Any:
        return self.client.ok("GET", f"/jobs/{job}/instances/{execution}")

    def list_ids(self, job: str) -> list[object]:
        return [item["instanceId"] for item in self.client.list_instances(jobName=job)["instances"]]

    def cancel(self, job: str, execution: object) -> requests.Response:
        return self.client.call("POST", f"/jobs/{job}/instances/{execution}/stop")

    def code(self, reply: requests.Response) -> str:
        return str(reply.json()["error_code"])

    def with_clock(self, ahead_seconds: float) -> EmulatorClient:
        return dataarts_client.Client(self.client.server, clock=lambda: time.time() + ahead_seconds)


CLOUDS: Mapping[str, type[DataFlow] | type[DataArts]] = {"naver": DataFlow, "huawei": DataArts}
