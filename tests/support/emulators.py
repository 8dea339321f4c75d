"""What tests ask of a provider's service, in one way for both clouds."""

import json
import uuid
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import requests
from requests.auth import AuthBase

from tests.support.signing import signer
from tests.support.waiting import eventually

LONGEST_TIMEOUT_MINUTES = 1440
RUN_SETTINGS = {
    "workerType": "DEFAULT",
    "numWorker": 2,
    "timeout": 30,
    "nrn": "nrn:PUB:IAM::1:Role/r",
    "scriptPath": "lake/scripts/",
    "logPath": "lake/logs/",
}
FIELDS = [{"name": "city", "type": "string"}, {"name": "units", "type": "int"}]
LAKE = {"regionNo": "1", "bucketName": "lake", "dataType": "CSV", "fieldList": FIELDS}


@dataclass(frozen=True)
class TrulyStarted:
    """An execution in the provider's own execution log."""

    execution_id: str
    status: str
    parameters: Mapping[str, str]


class Emulator:
    """One provider's service in a running sandbox; `description` is its part of the sandbox's JSON line."""

    connection: str
    operations: ClassVar[Mapping[str, str]]
    """The provider's names of what the functions do: get_job, list_executions, start, poll, cancel."""
    canceled_word: str
    failed_word: str
    succeeded_word: str
    running_word: str
    has_run_settings: ClassVar[bool] = False
    waits_for_people: ClassVar[bool] = False
    """Whether executions can stand in states that only a person ends."""
    parameter: str
    """A parameter's key as this provider spells keys."""

    def __init__(self, description: Mapping[str, str]) -> None:
        self.description = description

    @abstractmethod
    def make_job(self, source: str = "in", run_seconds: float | None = None, name: str | None = None) -> str:
        """A job that copies a table; with another source than `in` it fails."""

    def make_job_that_waits_for_a_person(self) -> str:
        raise AssertionError(f"{self.connection} knows no such state")

    @abstractmethod
    def truly_started(self, job: str) -> list[TrulyStarted]: ...

    @abstractmethod
    def secret(self) -> dict[str, str]:
        """What the secret of a connection to this service holds."""

    def add_fault(self, job: str, operation: str, fault: str, times: int = 1, **more: Any) -> None:
        """Behind those that are left, so that scenarios can run side by side."""
        rule = {"operation": self.operations[operation], "job": job, "fault": fault, "times": times, **more}
        self.control("POST", "faults", [rule])

    def withdraw_fault(self, job: str, operation: str, fault: str) -> None:
        """What is left of it."""
        self.control("DELETE", "faults", [{"operation": self.operations[operation], "job": job, "fault": fault}])

    def requests_of(self, operation: str) -> int:
        """How many came, rejected ones among them."""
        count: int = self.control("GET", "requests")["counts"].get(operation, 0)
        return count

    def control(self, method: str, what: str, body: object = None) -> Any:
        reply = requests.request(method, f"{self.description['endpoint']}/_sandbox/{what}", json=body, timeout=30)
        assert reply.ok, reply.text
        return reply.json() if reply.content else None

    def call(self, method: str, path: str, body: object, auth: AuthBase) -> Any:
        headers = {"Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        url = f"{self.description['endpoint']}{path}"

        def unless_throttled() -> list[requests.Response]:
            reply = requests.request(method, url, data=content, headers=headers, auth=auth, timeout=30)
            return [reply] if reply.status_code != 429 else []

        (reply,) = eventually(unless_throttled)
        assert reply.ok, reply.text
        return reply.json() if reply.content else None

    def fill(self) -> None:
        source = Path(self.description["bucketsDir"]) / "lake" / "in"
        source.mkdir(parents=True, exist_ok=True)
        (source / "sales.csv").write_text("city,units\nSeoul,3\nBusan,1\n")


class Naver(Emulator):
    connection = "naver"
    operations: ClassVar = {
        "get_job": "getJob",
        "list_executions": "getJobExecutions",
        "start": "createJobExecution",
        "poll": "getJobExecution",
        "cancel": "cancelJobExecution",
    }
    has_run_settings = True
    canceled_word = "CANCELED"
    failed_word = "FAILED"
    succeeded_word = "COMPLETED"
    running_word = "RUNNING"
    parameter = "$table_name"

    def __init__(self, description: Mapping[str, str], dialect: str) -> None:
        super().__init__(description)
        self._kind = {"type": "VISUAL"} if dialect == "G2" else {}
        self._auth = signer(description)
        self.fill()

    def make_job(self, source: str = "in", run_seconds: float | None = None, name: str | None = None) -> str:
        nodes = [
            {"id": 1, "name": "sales", "type": "SOURCE_OBS", "parentNodeIds": [], **LAKE, "prefix": source},
            {"id": 2, "name": "copy", "type": "TARGET_OBS", "parentNodeIds": [1], **LAKE, "prefix": "out"},
        ]
        named = {"name": name or f"job_{uuid.uuid4().hex[:12]}", "nodes": nodes, **self._kind}
        job = str(self.call("POST", "/api/v1/jobs", named, self._auth)["jobId"])
        # At the sandbox's speed, half an hour would end a long execution while a slow machine still plays.
        settings = RUN_SETTINGS if run_seconds is None else {**RUN_SETTINGS, "timeout": LONGEST_TIMEOUT_MINUTES}
        self.call("PUT", f"/api/v1/jobs/{job}/executions", {"jobCondition": settings}, self._auth)
        if run_seconds is not None:
            self.control("PUT", "pace", {"jobId": job, "runSeconds": run_seconds})
        return job

    def save_as_draft(self, job: str) -> None:
        """Only the older pages know drafts."""
        self.call("PUT", f"/api/v1/jobs/{job}", {"name": "a_draft", "type": "DATAFLOW", "isTemp": True}, self._auth)

    def truly_started(self, job: str) -> list[TrulyStarted]:
        return [
            TrulyStarted(entry["jobExecutionId"], entry["status"], entry["parameters"])
            for entry in self.control("GET", "executions")
            if entry["jobId"] == job
        ]

    def secret(self) -> dict[str, str]:
        keys = {name: self.description[name] for name in ("accessKey", "secretKey", "endpoint")}
        return {"provider": "naver", "objectStorageEndpoint": self.description["endpoint"], **keys}


class Huawei(Emulator):
    connection = "huawei"
    operations: ClassVar = {
        "get_job": "ShowJob",
        "list_executions": "ListJobInstances",
        "start": "RunOnce",
        "poll": "ShowJobInstance",
        "cancel": "StopJobInstance",
    }
    waits_for_people = True
    canceled_word = "manual-stop"
    failed_word = "fail"
    succeeded_word = "success"
    running_word = "running"
    parameter = "table_name"

    def __init__(self, description: Mapping[str, str]) -> None:
        super().__init__(description)
        self._auth = signer(description)
        self.fill()

    def make_job(self, source: str = "in", run_seconds: float | None = None, name: str | None = None) -> str:
        return self._make_job(source, run_seconds, "FAIL", name)

    def make_job_that_waits_for_a_person(self) -> str:
        return self._make_job("no-such-table", None, "SUSPEND", None)

    def _make_job(self, source: str, run_seconds: float | None, fail_policy: str, name: str | None) -> str:
        name = name or f"job_{uuid.uuid4().hex[:12]}"
        copy = f'INSERT OVERWRITE "out_{name}" SELECT * FROM "{source}"'  # noqa: S608 - the test's own words
        # At the sandbox's speed, an hour would end a long execution while a slow machine still plays.
        longest = {} if run_seconds is None else {"maxExecutionTime": LONGEST_TIMEOUT_MINUTES}
        begin: dict[str, Any] = {"name": "begin", "type": "Dummy", "properties": []}
        sql: dict[str, Any] = {"name": "copy", "type": "DLI SQL", "preNodeName": ["begin"], "failPolicy": fail_policy}
        sql["properties"] = [{"name": "statement", "value": copy}]
        nodes = [{**node, "location": {"x": 0, "y": 0}, **longest} for node in (begin, sql)]
        job = {"name": name, "processType": "BATCH", "nodes": nodes, "schedule": {"type": "CRON"}}
        self.call("POST", f"/v1/{self.description['projectId']}/jobs", job, self._auth)
        if run_seconds is not None:
            self.control("PUT", "pace", {"jobName": name, "runSeconds": run_seconds})
        return name

    def truly_started(self, job: str) -> list[TrulyStarted]:
        return [
            TrulyStarted(str(entry["instanceId"]), entry["status"], entry["jobParams"])
            for entry in self.control("GET", "executions")
            if entry["jobName"] == job
        ]

    def secret(self) -> dict[str, str]:
        keys = {name: self.description[name] for name in ("accessKey", "secretKey", "endpoint", "projectId")}
        return {"provider": "huawei", "objectStorageEndpoint": self.description["endpoint"], **keys}
