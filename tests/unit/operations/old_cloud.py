"""The use cases against real services of both providers; only the secret store is a dictionary."""

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest

from farsync.aws.client import AwsCaller, Service
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.providers import open_provider
from farsync.providers.base import Provider
from farsync.runtime.context import Context
from farsync.runtime.request import Answer, Invocation
from sandbox import huawei_dataarts, naver_dataflow
from tests.support.emulators import Emulator, Huawei, Naver

UseCase = Callable[[Context, Invocation], Answer]


class StandingRuns(AwsCaller):
    """Step Functions, as long as every run still stands."""

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:  # noqa: ARG002
        assert (service, action) == ("states", "DescribeExecution")
        return {"status": "RUNNING"}


class Server(Protocol):
    def stop(self) -> None: ...


@dataclass
class Cloud:
    """One provider's service, and an environment of functions whose `default` connection leads there."""

    server: Server
    emulator: Emulator
    environment: Context
    secrets_fetched: list[str] = field(default_factory=list)

    def ask(self, use_case: UseCase, payload: dict[str, Any]) -> dict[str, Any]:
        answer = use_case(self.environment, Invocation("state_machine", payload))
        return answer.body.model_dump(mode="json", by_alias=True, exclude_none=True)

    def provider(self) -> Provider:
        connection = self.environment.connections.get("default")
        return open_provider(connection, self.environment.transport, time.time)

    def wait_until_over(self, job: str, execution_id: str) -> None:
        give_up_at = time.monotonic() + 30
        while not self.provider().get_execution(job, execution_id).status.is_terminal:
            assert time.monotonic() < give_up_at, "the execution does not end"


def data_flow(folder: Path, dialect: str, run_seconds: float) -> tuple[Server, Emulator]:
    settings = naver_dataflow.Settings(folder, dialect=dialect, queue_seconds=0.01, run_seconds=run_seconds)  # type: ignore[arg-type]
    server = naver_dataflow.serve(settings)
    keys = {"accessKey": server.keys.access_key, "secretKey": server.keys.secret_key}
    places = {"endpoint": server.endpoint, "bucketsDir": str(settings.buckets_folder)}
    return server, Naver({**keys, **places}, dialect)


def dataarts(folder: Path, status_words: int, run_seconds: float, **changes: Any) -> tuple[Server, Emulator]:
    settings = huawei_dataarts.Settings(
        folder,
        status_words=status_words,  # type: ignore[arg-type]
        error_codes="0100" if status_words == 7 else "30100",
        queue_seconds=0.01,
        run_seconds=run_seconds,
        calls_per_second=None,
        job_detail_calls_per_second=None,
        **{"maximum_running_instances": None, **changes},
    )
    server = huawei_dataarts.serve(settings)
    account = server.account
    keys = {
        "accessKey": account.keys.access_key,
        "secretKey": account.keys.secret_key,
        "projectId": account.project_id,
    }
    places = {"endpoint": server.endpoint, "bucketsDir": str(settings.buckets_folder)}
    return server, Huawei({**keys, **places})


VARIANTS: dict[str, Callable[[Path, float], tuple[Server, Emulator]]] = {
    "naver-G1": lambda folder, run_seconds: data_flow(folder, "G1", run_seconds),
    "naver-G2": lambda folder, run_seconds: data_flow(folder, "G2", run_seconds),
    "huawei-7-words": lambda folder, run_seconds: dataarts(folder, 7, run_seconds),
    "huawei-12-words": lambda folder, run_seconds: dataarts(folder, 12, run_seconds),
}
DATA_FLOW = ["naver-G1", "naver-G2"]


def a_cloud(variant: str, folder: Path, run_seconds: float = 0.01) -> Cloud:
    return a_cloud_of(*VARIANTS[variant](folder, run_seconds))


def a_cloud_of(server: Server, emulator: Emulator) -> Cloud:
    transport = Transport(clock=time.time, sleep=lambda _: None, random=random.Random(1).random)
    fetched: list[str] = []

    def fetch(secret_id: str) -> str:
        fetched.append(secret_id)
        return json.dumps(emulator.secret())

    environment = Context(
        clock=time.time,
        sleep=lambda _: None,
        random=random.Random(1).random,
        new_token=lambda: "token",
        transport=transport,
        aws=StandingRuns(transport, {}),
        connections=ConnectionStore(fetch, clock=time.time),
        variables={"RUN_JOB_ARN": "arn:aws:states:ap-northeast-2:123456789012:stateMachine:farsync-run_job"},
    )
    return Cloud(server, emulator, environment, fetched)


@pytest.fixture(params=VARIANTS)
def cloud(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """Either provider's, in each of its dialects; executions end in an instant."""
    cloud = a_cloud(request.param, tmp_path)
    yield cloud
    cloud.server.stop()


@pytest.fixture(params=["naver-G1", "huawei-12-words"])
def slow_cloud(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """Executions run for as long as a test lasts."""
    cloud = a_cloud(request.param, tmp_path, run_seconds=600)
    yield cloud
    cloud.server.stop()


def now_iso() -> str:
    return datetime.now(UTC).isoformat()
