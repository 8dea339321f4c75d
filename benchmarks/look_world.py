"""The poll function beside an empty one, and an execution in the sandbox that it may look at for an hour."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import requests

from farsync.connections import parse_connection
from farsync.providers import open_provider
from farsync.signing.naver import NaverAuth, NaverKeys
from farsync.transport import Transport
from sandbox.aws.settings import AwsSettings
from sandbox.aws.world import AwsSandbox
from sandbox.world_vendor import VendorProcess

TEMPLATE = Path(__file__).parent / "empty_function" / "template.yaml"
CONDITION = {"nrn": "nrn:PUB:IAM::1:Role/r", "scriptPath": "lake/scripts/", "logPath": "lake/logs/"}


class LookWorld(NamedTuple):
    """What can be timed: a call of the poll function, one of the empty function, the HTTP exchange alone."""

    poll: Callable[[], None]
    empty: Callable[[], None]
    exchange: Callable[[], None]
    make_cold: Callable[[], None]
    """Ends the processes of both functions."""


@contextmanager
def look_world() -> Iterator[LookWorld]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        options = {"--folder": str(folder / "naver"), "--run-seconds": "3600"}
        process = VendorProcess("sandbox.naver_dataflow", options, folder / "naver.log")
        try:
            with _beside(folder, process.wait_until_ready()) as world:
                yield world
        finally:
            process.stop()


@contextmanager
def _beside(folder: Path, data_flow: dict[str, str]) -> Iterator[LookWorld]:
    keys = {name: data_flow[name] for name in ("endpoint", "accessKey", "secretKey")}
    secret = {"provider": "naver", **keys}
    auth = NaverAuth(NaverKeys(data_flow["accessKey"], data_flow["secretKey"]), time.time)
    job, execution_id = _start_an_execution(secret, auth)
    aws = AwsSandbox(AwsSettings(TEMPLATE, folder, secrets={"farsync/connections/default": secret}))
    aws.start()
    try:
        endpoint = aws.describe()["endpoint"]
        yield LookWorld(
            poll=_invoker(endpoint, "poll", {"run": _the_run(job, execution_id)}),
            empty=_invoker(endpoint, "empty", {}),
            exchange=_getter(f"{data_flow['endpoint']}/api/v1/jobs/{job}/executions/{execution_id}", auth),
            make_cold=_killer(endpoint, "poll", "empty"),
        )
    finally:
        aws.stop()


def _start_an_execution(secret: dict[str, str], auth: NaverAuth) -> tuple[str, str]:
    jobs = f"{secret['endpoint']}/api/v1/jobs"
    job = requests.post(jobs, json={"name": "job_1", "nodes": []}, auth=auth, timeout=5).json()["jobId"]
    transport = Transport()
    provider = open_provider(parse_connection("default", json.dumps(secret)), transport, time.time)
    execution = provider.start(job, condition=CONDITION, parameters={})
    transport.close()
    return job, execution.ref.execution_id


def _the_run(job: str, execution_id: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "startedAt": now.isoformat(),
        "deadlineAt": (now + timedelta(hours=2)).isoformat(),
        "connection": "default",
        "provider": "naver",
        "job": job,
        "executionId": execution_id,
    }


def _invoker(endpoint: str, function: str, event: object) -> Callable[[], None]:
    session, body = requests.Session(), json.dumps(event)
    url = f"{endpoint}/2015-03-31/functions/{function}/invocations"

    def invoke() -> None:
        reply = session.post(url, data=body, timeout=30)
        assert "X-Amz-Function-Error" not in reply.headers, reply.text

    return invoke


def _getter(url: str, auth: NaverAuth) -> Callable[[], None]:
    session = requests.Session()

    def get() -> None:
        assert session.get(url, auth=auth, timeout=5).ok

    return get


def _killer(endpoint: str, *functions: str) -> Callable[[], None]:
    def kill() -> None:
        for function in functions:
            assert requests.post(f"{endpoint}/_sandbox/functions/{function}/kill", timeout=5).ok

    return kill
