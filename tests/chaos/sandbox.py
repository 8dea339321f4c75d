"""The sandbox that chaos plays in: both clouds behind one AWS, and the plan's jobs."""

import json
import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import requests

from tests.chaos.patient_sandbox import PatientSandbox
from tests.chaos.runs import GRACE_SECONDS, SPEED, Job, Run
from tests.support.emulators import RUN_SETTINGS, Emulator, Huawei, Naver
from tests.support.signing import signer
from tests.support.waiting import eventually

INTENT = "chaos"
ACCEPTED_WITHIN_SECONDS = 120.0
PROCESSES = 4
"""Of each function. Where fewer must do, runs that search keep one another from searching."""
LARGE = '"' * 40_000
"""Twice as long where it stands as text in text."""
POLL_COST_SECONDS = 60.0
"""Waits are SPEED times shorter here, but the time since a start is not: cheap polls would be all that goes on."""
MACHINES = ("run_job", "start_once", "emit_event", "run_backfill")


class ChaosSandbox(PatientSandbox):
    """Stop it in the end."""

    def __init__(self, jobs: Sequence[Job], *, speed: int = SPEED, grace_seconds: int = GRACE_SECONDS) -> None:
        options = ["--processes", str(PROCESSES), "--parameter", f"GracePeriodSeconds={grace_seconds}"]
        super().__init__(speed=speed, options=options)
        self.emulators: Mapping[str, Emulator] = {"naver": self.emulator, "huawei": Huawei(self.described["huawei"])}
        self.retired_key = secrets.token_hex(20)
        self.connections: dict[str, dict[str, str]] = {
            cloud: emulator.secret() for cloud, emulator in self.emulators.items()
        }
        """The secret of each, by its name. The sandbox has made those that are named after their cloud."""
        self.connections["naver-marked"] = {**self.connections["naver"], "runMarker": "logPath"}
        marked = json.dumps(self.connections["naver-marked"])
        self.secrets.create_secret(Name="farsync/connections/naver-marked", SecretString=marked)
        self.jobs = jobs
        for job in jobs:
            source = "no-such-folder" if job.pace == "failing" else "in"
            job.provider_id = self.emulators[job.cloud].make_job(source, job.run_seconds)

    def request(self, run: Run) -> dict[str, Any]:
        job, parameter = run.job, self.emulators[run.job.cloud].parameter
        value: object = {"secret": run.token} if run.has_secret else run.value
        more = {"$note" if parameter.startswith("$") else "note": LARGE} if run.is_large else {}
        return {
            "connection": job.connection,
            "job": job.provider_id,
            "parameters": {parameter: value, **more},
            "labels": {"token": run.token},
            "timeoutSeconds": run.timeout_seconds,
            "cancelOnAbort": run.cancels_on_abort,
            "pollCostSeconds": POLL_COST_SECONDS,
        }

    def name(self, run: Run) -> str:
        """As farsync names runs: what `start_once` makes of `_name_parts`."""
        return "-".join(sha256("\n".join(part).encode()).hexdigest()[:24] for part in self._name_parts(run))

    def _name_parts(self, run: Run) -> list[list[str]]:
        return [[run.job.provider_id], [run.job.connection], [INTENT, run.token]]

    def start_run(self, run: Run) -> str:
        """Starts a run its way, and returns its name. What can come twice comes twice."""
        if run.has_secret:
            secret = f"farsync/parameters/{run.job.connection}/{run.token}"
            self.secrets.create_secret(Name=secret, SecretString=run.value)
        request = self.request(run)
        if run.way == "http":
            with ThreadPoolExecutor(2) as callers:
                names = list(callers.map(lambda _: self._start_over_http(request, run.token), range(2)))
            assert names[0] == names[1], f"one key gave two runs: {names}"
            return names[0]
        name = self.name(run)
        if run.way == "direct":
            self.start_named("run_job", name, request)
        else:
            asked = {"machine": "run_job", "nameParts": self._name_parts(run), "input": request}
            for number in range(2):
                self.start_named("start_once", f"{run.token}-{number}", asked)
        return name

    def _start_over_http(self, request: dict[str, Any], key: str) -> str:
        """As a caller does who has the key to be safe: again, until it is accepted."""
        body = {field: value for field, value in request.items() if field != "connection"}

        def ask() -> str | None:
            try:
                reply = self.http("POST", f"/connections/{request['connection']}/runs", body, idempotency_key=key)
            except requests.RequestException:
                return None
            assert reply.status_code == 202 or reply.status_code >= 429, reply.text
            return str(reply.json()["name"]) if reply.status_code == 202 else None

        return eventually(ask, ACCEPTED_WITHIN_SECONDS, every_seconds=0.5)

    def start_backfill(self, token: str, job: Job, runs: Sequence[Run]) -> None:
        parameter = self.emulators[job.cloud].parameter
        asked = {
            "connection": job.connection,
            "job": job.provider_id,
            "labels": {"token": token},
            "parameterSets": [{parameter: run.value} for run in runs],
            "maxConcurrency": len(runs),
        }
        self.start_named("run_backfill", token, asked)

    def start_foreign(self, job: Job, value: str) -> None:
        """As somebody else who has the keys; whether it arrived, the provider's log shows."""
        emulator, described = self.emulators[job.cloud], self.emulators[job.cloud].description
        if isinstance(emulator, Naver):
            path = f"/api/v1/jobs/{job.provider_id}/executions"
            body: dict[str, Any] = {"jobCondition": RUN_SETTINGS, "parameters": {emulator.parameter: value}}
        else:
            path = f"/v1/{described['projectId']}/jobs/{job.provider_id}/run-immediate"
            body = {"jobParams": [{"name": emulator.parameter, "value": value}]}
        try:
            requests.post(f"{described['endpoint']}{path}", json=body, auth=signer(described), timeout=15)
        except requests.RequestException:
            return

    def watch(self) -> bool:
        """Asks for the ends of all jobs, as the schedule does; whether it went through. Waits for it."""
        jobs = {cloud: [job.provider_id for job in self.jobs if job.cloud == cloud] for cloud in self.emulators}
        asked = [{"connection": cloud, "jobs": its_jobs} for cloud, its_jobs in jobs.items() if its_jobs]
        return self._invoke("watch_jobs", {"watch": asked})

    def sweep(self) -> bool:
        """Whether it went through. Waits for the sweep."""
        return self._invoke("sweep_runs", {})

    def _invoke(self, function: str, payload: object) -> bool:
        path = f"2015-03-31/functions/farsync-{function}/invocations"
        try:
            reply = requests.post(f"{self.aws['endpoint']}/{path}", json=payload, timeout=330)
        except requests.ConnectionError:
            return False
        return reply.ok and "X-Amz-Function-Error" not in reply.headers

    def order_aws_faults(self, method: str, rules: Sequence[Mapping[str, Any]]) -> None:
        """PUT replaces all that were ordered, POST adds to them, DELETE withdraws these."""
        self._control(method, "faults", list(rules))

    def is_working(self) -> bool:
        """Whether an execution of any machine runs, or a message waits to be worked on."""
        return any(map(self.running, MACHINES)) or any(self.messages().values())
