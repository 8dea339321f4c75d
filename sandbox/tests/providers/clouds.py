"""What a test of either provider needs to know of it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import requests

from sandbox.tests.emulator_client import poll
from sandbox.tests.huawei import dataarts_client
from sandbox.tests.naver import data_flow_client

WORDS: Mapping[str, tuple[str, str]] = {
    "module": ("sandbox.naver_dataflow", "sandbox.huawei_dataarts"),
    "keys file": ("keys.json", "account.json"),
    # Operations.
    "list jobs": ("getJobs", "ListJobs"),
    "get job": ("getJob", "ShowJob"),
    "start": ("createJobExecution", "RunOnce"),
    "get": ("getJobExecution", "ShowJobInstance"),
    "cancel": ("cancelJobExecution", "StopJobInstance"),
    # Paths, behind the part before all jobs; {} is an execution.
    "jobs path": ("/api/v1/jobs", "/jobs"),
    "start path": ("/executions", "/run-immediate"),
    "execution path": ("/executions/{}", "/instances/{}"),
    "cancel path": ("/executions/{}/cancel", "/instances/{}/stop"),
    # Keys of bodies.
    "job key": ("jobId", "jobName"),
    "id key": ("jobExecutionId", "instanceId"),
    "cancel key": ("cancelRequestedAt", "stopRequestedAt"),
    # Statuses; the job of `make_job` has nothing to do, with which Data Flow fails.
    "running": ("RUNNING", "running"),
    "ended": ("FAILED", "success"),
    "canceled": ("CANCELED", "manual-stop"),
}
"""Of Data Flow and of DataArts Factory."""


@dataclass(frozen=True)
class Cloud:
    """A client of one service; `cloud[..]` is the provider's word for something."""

    client: data_flow_client.Client | dataarts_client.Client

    @property
    def is_naver(self) -> bool:
        return isinstance(self.client, data_flow_client.Client)

    def __getitem__(self, name: str) -> str:
        return WORDS[name][0 if self.is_naver else 1]

    def make_job(self, name: str = "job_1") -> str:
        return self.client.make_job(name=name)

    def list_jobs(self) -> requests.Response:
        return self.client.call("GET", self["jobs path"])

    def get_job(self, job: str) -> requests.Response:
        return self.client.call("GET", f"{self['jobs path']}/{job}")

    def try_start(self, job: str) -> requests.Response:
        body = {"jobCondition": data_flow_client.CONDITION} if self.is_naver else {}
        return self.client.call("POST", f"{self['jobs path']}/{job}{self['start path']}", body)

    def start(self, job: str) -> Any:
        reply = self.try_start(job)
        assert reply.ok, reply.text
        return reply.json()[self["id key"]]

    def get(self, job: str, execution: object) -> Any:
        return self.client.ok("GET", f"{self['jobs path']}/{job}{self['execution path'].format(execution)}")

    def wait_for(self, job: str, execution: object, status: str) -> Any:
        return poll(lambda: self.get(job, execution), lambda shown: shown["status"] == status)

    def list_ids(self, job: str) -> list[object]:
        if self.is_naver:
            return [item["jobExecutionId"] for item in self.client.ok("GET", f"/api/v1/jobs/{job}/executions")["list"]]
        return [item["instanceId"] for item in self.client.ok("GET", "/jobs/instances/detail")["instances"]]

    def cancel(self, job: str, execution: object) -> requests.Response:
        return self.client.call("POST", f"{self['jobs path']}/{job}{self['cancel path'].format(execution)}")

    def fault(self, operation: str, fault: str, **more: object) -> None:
        self.client.faults({"operation": self[operation], "fault": fault, **more})

    def with_clock(self, ahead_seconds: float) -> "Cloud":
        return Cloud(replace(self.client, clock=lambda: time.time() + ahead_seconds))
