"""The sandbox that chaos plays in: both clouds behind one AWS, and the plan's jobs."""

import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from requests.auth import AuthBase

from farsync.naming import run_name
from farsync.signing.huawei import HuaweiAuth, HuaweiKeys
from farsync.signing.naver import NaverAuth, NaverKeys
from tests.chaos.aws_calls import AwsCalls
from tests.chaos.plan import SPEED, Cloud, PlannedJob, PlannedRun
from tests.support.sandbox import Sandbox
from tests.support.vendors import RUN_SETTINGS, Huawei, Naver, Vendor

INTENT = "chaos"
FOREIGN_TIMEOUT_SECONDS = 15
TRIES_OVER_HTTP = 20


class World:
    """Stop it in the end."""

    def __init__(self, jobs: tuple[PlannedJob, ...]) -> None:
        self.sandbox = Sandbox(speed=SPEED)
        described = self.sandbox.described
        self.vendors: Mapping[Cloud, Vendor] = {
            "naver": Naver(described["naver"], "G1"),
            "huawei": Huawei(described["huawei"]),
        }
        self.aws = AwsCalls(described["aws"])
        self._make_connection_with_marker()
        self.jobs = jobs
        self.vendor_jobs = {job.key: self._make(job) for job in jobs}
        """The vendors' own names of the plan's jobs."""

    def stop(self) -> None:
        self.sandbox.stop()

    def request(self, run: PlannedRun, job: PlannedJob) -> dict[str, Any]:
        value: object = {"secret": run.token} if run.has_secret else run.value
        return {
            "connection": job.connection,
            "job": self.vendor_jobs[job.key],
            "parameters": {self.vendors[job.cloud].parameter: value},
            "labels": {"token": run.token},
            "timeoutSeconds": run.timeout_seconds,
            "settleSeconds": run.settle_seconds,
            "cancelOnAbort": run.cancels_on_abort,
        }

    def name(self, run: PlannedRun, job: PlannedJob) -> str:
        return run_name(job.connection, self.vendor_jobs[job.key], INTENT, run.token)

    def arn(self, name: str) -> str:
        machine: str = self.sandbox.aws["stateMachines"]["run_job"]
        return f"{machine.replace(':stateMachine:', ':execution:')}:{name}"

    def start(self, run: PlannedRun, job: PlannedJob) -> str:
        """Starts a run its way, and returns its name. What can come twice comes twice."""
        if run.has_secret:
            self.sandbox.secrets.create_secret(Name=f"farsync/parameters/{run.token}", SecretString=run.value)
        request = self.request(run, job)
        if run.way == "http":
            return self._start_over_http(request, run.token)
        name = self.name(run, job)
        if run.way == "direct":
            self.sandbox.start("run_job", request, name)
        else:
            parts = [[job.connection, request["job"]], [INTENT, run.token]]
            for _ in range(2):
                self.sandbox.start("start_once", {"machine": "run_job", "nameParts": parts, "input": request})
        return name

    def _start_over_http(self, request: dict[str, Any], key: str) -> str:
        body = {field: value for field, value in request.items() if field != "connection"}
        path = f"/connections/{request['connection']}/runs"
        with ThreadPoolExecutor(2) as callers:
            names = list(callers.map(lambda _: self._accepted(path, body, key), range(2)))
        assert names[0] == names[1], f"one key gave two runs: {names}"
        return names[0]

    def _accepted(self, path: str, body: dict[str, Any], key: str) -> str:
        """As a caller does who has the key to be safe: again, until it is accepted."""
        for _ in range(TRIES_OVER_HTTP):
            reply = self.sandbox.http("POST", path, body, idempotency_key=key)
            if reply.status_code == 202:
                return str(reply.json()["name"])
            assert reply.status_code >= 429, reply.text
        raise AssertionError(f"not accepted {TRIES_OVER_HTTP} times: {reply.text}")

    def start_foreign(self, job: PlannedJob, value: str) -> None:
        """As somebody else who has the keys; whether it arrived, the ledger tells."""
        vendor = self.vendors[job.cloud]
        vendor_job, described = self.vendor_jobs[job.key], vendor.description
        if job.cloud == "naver":
            path = f"/api/v1/jobs/{vendor_job}/executions"
            body: dict[str, Any] = {"jobCondition": RUN_SETTINGS, "parameters": {vendor.parameter: value}}
        else:
            path = f"/v1/{described['projectId']}/jobs/{vendor_job}/run-immediate"
            body = {"jobParams": [{"name": vendor.parameter, "value": value}]}
        try:
            requests.post(
                f"{described['endpoint']}{path}",
                data=json.dumps(body),
                headers={"Content-Type": "application/json"},
                auth=self._auth(job.cloud),
                timeout=FOREIGN_TIMEOUT_SECONDS,
            )
        except requests.RequestException:
            return

    def kill(self, function: str) -> int:
        """How many processes died."""
        reply = requests.post(f"{self.sandbox.aws['endpoint']}/_sandbox/functions/farsync-{function}/kill", timeout=20)
        assert reply.ok, reply.text
        return int(reply.json()["killed"])

    def open_runs(self) -> set[str]:
        return {one["name"] for one in self.aws.executions(self.sandbox.aws["stateMachines"]["run_job"], "RUNNING")}

    def wait_until_quiet(self, machines: tuple[str, ...], seconds: float) -> bool:
        """Whether no execution of these machines runs any more."""
        arns = [self.sandbox.aws["stateMachines"][machine] for machine in machines]
        give_up_at = time.monotonic() + seconds
        while any(True for arn in arns for _ in self.aws.executions(arn, "RUNNING")):
            if time.monotonic() > give_up_at:
                return False
            time.sleep(0.5)
        return True

    def _auth(self, cloud: Cloud) -> AuthBase:
        described = self.vendors[cloud].description
        if cloud == "naver":
            return NaverAuth(NaverKeys(described["accessKey"], described["secretKey"]), time.time)
        return HuaweiAuth(HuaweiKeys(described["accessKey"], described["secretKey"]), time.time, {})

    def _make(self, job: PlannedJob) -> str:
        source = "no-such-folder" if job.pace == "failing" else "in"
        return self.vendors[job.cloud].make_job(source, job.run_seconds)

    def _make_connection_with_marker(self) -> None:
        secret = {**self.vendors["naver"].secret(), "runMarker": "logPath"}
        self.sandbox.secrets.create_secret(Name="farsync/connections/naver-marked", SecretString=json.dumps(secret))
