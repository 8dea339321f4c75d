"""The sandbox that chaos plays in: both clouds behind one AWS, and the plan's jobs."""

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import requests

from tests.chaos.aws_calls import AwsCalls
from tests.chaos.plan import GRACE_SECONDS, SPEED, Cloud, PlannedJob, PlannedRun, StartBackfill
from tests.chaos.queues import Queues
from tests.support.emulators import RUN_SETTINGS, Emulator, Huawei, Naver
from tests.support.sandbox import Sandbox
from tests.support.signing import signer

INTENT = "chaos"
FOREIGN_TIMEOUT_SECONDS = 15
ACCEPTED_WITHIN_SECONDS = 120.0
PAUSE_SECONDS = 0.5
PROCESSES = 4
"""Of each function. Where fewer must do, runs that search keep one another from searching."""
LARGE = '"' * 40_000
"""Twice as long where it stands as text in text."""
POLL_COST_SECONDS = 60.0
"""Waits are SPEED times shorter here, but the time since a start is not: cheap polls would be all that goes on."""


class World:
    """Stop it in the end."""

    def __init__(self, jobs: tuple[PlannedJob, ...]) -> None:
        options = ["--processes", str(PROCESSES), "--parameter", f"GracePeriodSeconds={GRACE_SECONDS}"]
        self.sandbox = Sandbox(speed=SPEED, options=options)
        described = self.sandbox.described
        self.emulators: Mapping[Cloud, Emulator] = {
            "naver": Naver(described["naver"], "G1"),
            "huawei": Huawei(described["huawei"]),
        }
        self.aws = AwsCalls(described["aws"])
        self.queues = Queues(self.aws, described["aws"])
        self.retired_key = secrets.token_hex(20)
        self.connections = self._make_connections()
        """The secret of each, by its name."""
        self.jobs = jobs
        self.provider_jobs = {job.key: self._make(job) for job in jobs}
        """The providers' own names of the plan's jobs."""

    def stop(self) -> None:
        self.sandbox.stop()

    def request(self, run: PlannedRun, job: PlannedJob) -> dict[str, Any]:
        value: object = {"secret": run.token} if run.has_secret else run.value
        parameter = self.emulators[job.cloud].parameter
        more = {f"{parameter[0] if parameter[0] == '$' else ''}note": LARGE} if run.is_large else {}
        return {
            "connection": job.connection,
            "job": self.provider_jobs[job.key],
            "parameters": {parameter: value, **more},
            "labels": {"token": run.token},
            "timeoutSeconds": run.timeout_seconds,
            "cancelOnAbort": run.cancels_on_abort,
            "pollCostSeconds": POLL_COST_SECONDS,
        }

    def name(self, run: PlannedRun, job: PlannedJob) -> str:
        """As farsync names runs: what `start_once` makes of `_name_parts`."""
        parts = self._name_parts(run, job)
        return "-".join(sha256("\n".join(part).encode()).hexdigest()[:24] for part in parts)

    def _name_parts(self, run: PlannedRun, job: PlannedJob) -> list[list[str]]:
        return [[self.provider_jobs[job.key]], [job.connection], [INTENT, run.token]]

    def arn(self, name: str) -> str:
        machine: str = self.sandbox.aws["stateMachines"]["run_job"]
        return f"{machine.replace(':stateMachine:', ':execution:')}:{name}"

    def start(self, run: PlannedRun, job: PlannedJob) -> str:
        """Starts a run its way, and returns its name. What can come twice comes twice."""
        if run.has_secret:
            secret = f"farsync/parameters/{job.connection}/{run.token}"
            self.sandbox.secrets.create_secret(Name=secret, SecretString=run.value)
        request = self.request(run, job)
        if run.way == "http":
            return self._start_over_http(request, run.token)
        name = self.name(run, job)
        machines = self.sandbox.aws["stateMachines"]
        if run.way == "direct":
            self.aws.start(machines["run_job"], name, json.dumps(request))
        else:
            asked = {"machine": "run_job", "nameParts": self._name_parts(run, job), "input": request}
            for number in range(2):
                self.aws.start(machines["start_once"], f"{run.token}-{number}", json.dumps(asked))
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
        give_up_at = time.monotonic() + ACCEPTED_WITHIN_SECONDS
        while True:
            reply = self.sandbox.http("POST", path, body, idempotency_key=key)
            if reply.status_code == 202:
                return str(reply.json()["name"])
            assert reply.status_code >= 429, reply.text
            assert time.monotonic() < give_up_at, f"not accepted within {ACCEPTED_WITHIN_SECONDS} s: {reply.text}"
            time.sleep(PAUSE_SECONDS)

    def start_backfill(self, backfill: StartBackfill, job: PlannedJob) -> None:
        parameter = self.emulators[job.cloud].parameter
        asked = {
            "connection": job.connection,
            "job": self.provider_jobs[job.key],
            "labels": {"token": backfill.token},
            "parameterSets": [{parameter: run.value} for run in backfill.runs],
            "maxConcurrency": len(backfill.runs),
        }
        self.aws.start(self.sandbox.aws["stateMachines"]["run_backfill"], backfill.token, json.dumps(asked))

    def watch(self) -> bool:
        """Looks at all jobs, as the schedule does; whether it went through. Waits for it."""
        jobs = {
            cloud: [self.provider_jobs[job.key] for job in self.jobs if job.cloud == cloud] for cloud in self.emulators
        }
        asked = {"watch": [{"connection": cloud, "jobs": of_cloud} for cloud, of_cloud in jobs.items() if of_cloud]}
        return self._invoke("watch_jobs", asked)

    def start_foreign(self, job: PlannedJob, value: str) -> None:
        """As somebody else who has the keys; whether it arrived, the ledger tells."""
        emulator = self.emulators[job.cloud]
        provider_job, described = self.provider_jobs[job.key], emulator.description
        if job.cloud == "naver":
            path = f"/api/v1/jobs/{provider_job}/executions"
            body: dict[str, Any] = {"jobCondition": RUN_SETTINGS, "parameters": {emulator.parameter: value}}
        else:
            path = f"/v1/{described['projectId']}/jobs/{provider_job}/run-immediate"
            body = {"jobParams": [{"name": emulator.parameter, "value": value}]}
        try:
            requests.post(
                f"{described['endpoint']}{path}",
                data=json.dumps(body),
                headers={"Content-Type": "application/json"},
                auth=signer(described),
                timeout=FOREIGN_TIMEOUT_SECONDS,
            )
        except requests.RequestException:
            return

    def kill(self, function: str) -> int:
        """How many processes died."""
        reply = requests.post(f"{self.sandbox.aws['endpoint']}/_sandbox/functions/farsync-{function}/kill", timeout=20)
        assert reply.ok, reply.text
        return int(reply.json()["killed"])

    def order_aws_faults(self, method: str, rules: Sequence[Mapping[str, Any]]) -> None:
        """PUT replaces all that were ordered, POST adds to them, DELETE withdraws these."""
        url = f"{self.sandbox.aws['endpoint']}/_sandbox/faults"
        reply = requests.request(method, url, json=list(rules), timeout=20)
        assert reply.ok, reply.text

    def sweep(self) -> bool:
        """Whether it went through. Waits for the sweep."""
        return self._invoke("sweep_runs", {})

    def _invoke(self, function: str, payload: object) -> bool:
        path = f"2015-03-31/functions/farsync-{function}/invocations"
        try:
            reply = requests.post(f"{self.sandbox.aws['endpoint']}/{path}", json=payload, timeout=330)
        except requests.ConnectionError:
            return False
        return reply.ok and "X-Amz-Function-Error" not in reply.headers

    def open_runs(self) -> set[str]:
        return self.aws.running(self.sandbox.aws["stateMachines"]["run_job"])

    def wait_for_runs(self, seconds: float) -> None:
        """Until none is open, or so long."""
        give_up_at = time.monotonic() + seconds
        while self.open_runs() and time.monotonic() < give_up_at:
            time.sleep(PAUSE_SECONDS)

    def wait_until_quiet(self, machines: tuple[str, ...], seconds: float) -> bool:
        """Whether no execution of these machines runs any more, and no message waits to be worked on."""
        arns = [self.sandbox.aws["stateMachines"][machine] for machine in machines]
        give_up_at = time.monotonic() + seconds
        while any(map(self.aws.running, arns)) or any(self.queues.messages().values()):
            if time.monotonic() > give_up_at:
                return False
            time.sleep(PAUSE_SECONDS)
        return True

    def _make(self, job: PlannedJob) -> str:
        source = "no-such-folder" if job.pace == "failing" else "in"
        return self.emulators[job.cloud].make_job(source, job.run_seconds)

    def _make_connections(self) -> Mapping[str, Mapping[str, str]]:
        """The sandbox has made those that are named after their cloud."""
        made: dict[str, Mapping[str, str]] = {cloud: emulator.secret() for cloud, emulator in self.emulators.items()}
        made["naver-marked"] = {**made["naver"], "runMarker": "logPath"}
        secret = json.dumps(made["naver-marked"])
        self.sandbox.secrets.create_secret(Name="farsync/connections/naver-marked", SecretString=secret)
        return made
