"""A Data Flow client of a few lines, which signs as the provider's pages say and knows nothing of farsync."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.naver_dataflow import Server
from sandbox.tests.emulator_client import EmulatorClient, poll

CONDITION = {
    "workerType": "DEFAULT",
    "numWorker": 2,
    "timeout": 360,
    "nrn": "nrn:PUB:IAM::1:Role/r",
    "scriptPath": "lake/scripts/",
    "logPath": "lake/logs/",
}

ServerMaker = Callable[..., Server]


@dataclass
class Client(EmulatorClient):
    """Signed calls to one server."""

    server: Server
    clock: Callable[[], float] = time.time
    timeout_seconds: float = 10
    session: requests.Session = field(default_factory=requests.Session)

    def call(self, method: str, target: str, body: object = None) -> requests.Response:
        keys = self.server.keys
        timestamp = str(round(self.clock() * 1000))
        message = f"{method} {target}\n{timestamp}\n{keys.access_key}".encode()
        signature = base64.b64encode(hmac.new(keys.secret_key.encode(), message, hashlib.sha256).digest())
        headers = {
            "x-ncp-apigw-timestamp": timestamp,
            "x-ncp-iam-access-key": keys.access_key,
            "x-ncp-apigw-signature-v2": signature.decode(),
        }
        return self.session.request(
            method,
            self.server.endpoint + target,
            headers=headers,
            data=None if body is None else json.dumps(body),
            timeout=self.timeout_seconds,
            allow_redirects=False,
        )

    def ok(self, method: str, target: str, body: object = None) -> Any:
        reply = self.call(method, target, body)
        assert reply.ok, reply.text
        return reply.json()

    def make_job(self, nodes: list[dict[str, Any]] | None = None, name: str = "job_1", **fields: object) -> str:
        body: dict[str, Any] = {"name": name, "nodes": nodes if nodes is not None else [], **fields}
        if self.server.settings.dialect == "G2":
            body.setdefault("type", "VISUAL")
        job_id: str = self.ok("POST", "/api/v1/jobs", body)["jobId"]
        return job_id

    def start(self, job_id: str, **fields: object) -> Any:
        return self.ok("POST", f"/api/v1/jobs/{job_id}/executions", {"jobCondition": CONDITION, **fields})

    def execution(self, job_id: str, execution_id: str) -> Any:
        return self.ok("GET", f"/api/v1/jobs/{job_id}/executions/{execution_id}")

    def wait_for(self, job_id: str, execution_id: str, *statuses: str) -> Any:
        return poll(lambda: self.execution(job_id, execution_id), lambda shown: shown["status"] in statuses)

    def run(self, nodes: list[dict[str, Any]], **fields: object) -> Any:
        """Runs a new job of these nodes to its end; the execution as the service shows it then."""
        job_id = self.make_job(nodes)
        started = self.start(job_id, **fields)
        return self.wait_for(job_id, started["jobExecutionId"], "COMPLETED", "FAILED", "CANCELED")

    def console_log(self, execution: dict[str, Any]) -> str:
        log: str = execution["jobCondition"]["consoleLogPath"]
        return (self.server.settings.buckets_folder / log).read_text()
