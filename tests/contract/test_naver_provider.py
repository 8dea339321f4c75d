"""Our provider against a Data Flow service that was written from the vendor's pages, in both of its dialects."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from farsync.connections import parse_connection
from farsync.errors import (
    AlreadyRunning,
    AuthenticationFailed,
    ExecutionNotFound,
    FarsyncError,
    InvalidRequest,
    JobNotFound,
    JobNotRunnable,
    PermissionDenied,
    ProviderUnavailable,
    StartUnconfirmed,
    Throttled,
)
from farsync.execution import Execution, ExecutionStatus
from farsync.providers import open_provider
from farsync.providers.protocol import Provider
from farsync.transport import Transport
from sandbox.naver_dataflow import Server, Settings, serve
from tests.unit.sandbox_naver.data_flow_client import CONDITION, Client
from tests.unit.sandbox_naver.nodes import source, target


@pytest.fixture(params=[("G1", "detail"), ("G2", "nested")], ids="-".join)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    dialect, error_shape = request.param
    settings = Settings(
        tmp_path / "sandbox", dialect=dialect, error_shape=error_shape, queue_seconds=0.05, run_seconds=0.05
    )
    serving = serve(settings)
    sales = serving.settings.buckets_folder / "lake" / "sales"
    sales.mkdir(parents=True)
    (sales / "2025.csv").write_text("city,units,price\nSeoul,3,1.5\nBusan,1,2.0\n")
    yield serving
    serving.stop()


@pytest.fixture
def provider(server: Server) -> Iterator[Provider]:
    transport = Transport(sleep=lambda _: None)
    yield open_as(server, transport, server.keys.secret_key)
    transport.close()


@pytest.fixture
def job(server: Server) -> str:
    return create_job(server, "daily_sales", nodes=[source(), target(1)])


def open_as(server: Server, transport: Transport, secret_key: str) -> Provider:
    secret = {
        "provider": "naver",
        "endpoint": server.endpoint,
        "accessKey": server.keys.access_key,
        "secretKey": secret_key,
    }
    return open_provider(parse_connection("default", json.dumps(secret)), transport, time.time)


def create_job(server: Server, name: str, **fields: Any) -> str:
    kind = {"type": "VISUAL"} if server.settings.dialect == "G2" else {}
    client = Client(server)
    created = client.ok("POST", "/api/v1/jobs", {"name": name, "nodes": [], **kind, **fields})
    return str(created["jobId"])


def inject(server: Server, operation: str, fault: str, times: int = 100, *, done: bool = False) -> None:
    rules = [{"operation": operation, "fault": fault, "times": times, "done": done}]
    requests.put(f"{server.endpoint}/_sandbox/faults", json=rules, timeout=5).raise_for_status()


def started_count(server: Server) -> int:
    return len(requests.get(f"{server.endpoint}/_sandbox/ledger", timeout=5).json())


def start(provider: Provider, job: str) -> Execution:
    return provider.start(job, condition=CONDITION, parameters={"$table_name": "sales"})


def follow(provider: Provider, execution: Execution) -> Execution:
    give_up_at = time.monotonic() + 30
    while not execution.status.is_terminal:
        assert time.monotonic() < give_up_at, f"still {execution.vendor_status}"
        time.sleep(0.02)
        execution = provider.get_execution(execution.ref.job, execution.ref.execution_id)
    return execution


def test_a_job_is_found_in_the_list_and_by_its_id(provider: Provider, job: str) -> None:
    assert [listed.job for listed in provider.list_jobs().items] == [job]
    found = provider.get_job(job)
    assert (found.job, found.name, found.is_runnable) == (job, "daily_sales", True)


def test_a_started_execution_is_followed_to_its_end(provider: Provider, job: str, server: Server) -> None:
    started = start(provider, job)
    ended = follow(provider, started)

    assert started.status is ExecutionStatus.PENDING
    assert (ended.status, ended.vendor_status) == (ExecutionStatus.SUCCEEDED, "COMPLETED")
    assert ended.ended_at is not None
    assert ended.log_paths
    assert [listed.ref for listed in provider.list_executions(job).items] == [started.ref]
    assert started_count(server) == 1


def test_a_cancelled_execution_ends_and_may_be_cancelled_again(provider: Provider, job: str, server: Server) -> None:
    assert Client(server).control("PUT", "pace", {"jobId": job, "runSeconds": 600}).ok
    execution = start(provider, job)
    provider.cancel(job, execution.ref.execution_id)
    ended = follow(provider, execution)
    provider.cancel(job, execution.ref.execution_id)

    assert ended.status is ExecutionStatus.CANCELED


def test_jobs_of_many_pages_come_once_each(provider: Provider, server: Server) -> None:
    created = {create_job(server, f"job_{number}") for number in range(45)}

    read = [job.job for job in provider.iterate_jobs(limit=20)]

    assert (len(read), set(read)) == (45, created)


def test_unknown_ids_are_not_found(provider: Provider, job: str) -> None:
    with pytest.raises(JobNotFound):
        provider.get_job("nosuchjob000")
    with pytest.raises(JobNotFound):
        start(provider, "nosuchjob000")
    with pytest.raises(ExecutionNotFound):
        provider.get_execution(job, "nosuchexec00")
    with pytest.raises(ExecutionNotFound):
        provider.cancel(job, "nosuchexec00")


def test_a_value_out_of_range_is_an_invalid_request(provider: Provider, job: str, server: Server) -> None:
    with pytest.raises(InvalidRequest):
        provider.start(job, condition={**CONDITION, "numWorker": 99}, parameters={})

    assert started_count(server) == 0


def test_a_start_beyond_the_runs_that_a_job_allows_is_told_as_already_running(tmp_path: Path) -> None:
    serving = serve(Settings(tmp_path / "sandbox", dialect="G2", run_seconds=600))
    transport = Transport(sleep=lambda _: None)
    provider = open_as(serving, transport, serving.keys.secret_key)
    job = create_job(serving, "one_at_a_time", nodes=[source(), target(1)], maxConcurrentRuns=1)
    start(provider, job)

    with pytest.raises(AlreadyRunning):
        start(provider, job)

    transport.close()
    serving.stop()


def test_wrong_keys_are_told(server: Server, job: str) -> None:
    transport = Transport(sleep=lambda _: None)
    with pytest.raises(AuthenticationFailed):
        open_as(server, transport, "wrong").get_job(job)
    transport.close()


@pytest.mark.parametrize(
    ("fault", "error", "started"),
    [
        ("http_401", AuthenticationFailed, 0),
        ("http_403", PermissionDenied, 0),
        ("not_found", JobNotFound, 0),
        ("bad_state", JobNotRunnable, 0),
        ("http_429", Throttled, 0),
        ("http_500", StartUnconfirmed, 0),
        ("http_502_html", StartUnconfirmed, 0),
        ("http_503", StartUnconfirmed, 0),
        ("http_504", StartUnconfirmed, 0),
        ("reset_before", StartUnconfirmed, 0),
        ("reset_after", StartUnconfirmed, 1),
        ("truncated_json", StartUnconfirmed, 1),
    ],
)
def test_a_start_that_fails_has_its_name_and_is_posted_once(
    provider: Provider, job: str, server: Server, fault: str, error: type[FarsyncError], started: int
) -> None:
    inject(server, "createJobExecution", fault)

    with pytest.raises(FarsyncError) as caught:
        start(provider, job)

    assert type(caught.value) is error
    assert started_count(server) == started


def test_a_start_that_the_gateway_did_not_wait_for_has_begun_unconfirmed(
    provider: Provider, job: str, server: Server
) -> None:
    inject(server, "createJobExecution", "http_504", done=True)

    with pytest.raises(StartUnconfirmed):
        start(provider, job)

    assert started_count(server) == 1


@pytest.mark.parametrize(
    "fault", ["http_500", "http_502_html", "http_503", "http_504", "http_429", "reset_before", "truncated_json"]
)
def test_a_passing_failure_of_a_look_is_not_felt(provider: Provider, job: str, server: Server, fault: str) -> None:
    inject(server, "getJob", fault, times=2)

    assert provider.get_job(job).job == job


def test_a_lasting_failure_of_a_look_means_that_the_provider_is_unavailable(
    provider: Provider, job: str, server: Server
) -> None:
    inject(server, "getJob", "http_502_html")

    with pytest.raises(ProviderUnavailable):
        provider.get_job(job)


def test_an_unknown_word_is_no_end(provider: Provider, job: str, server: Server) -> None:
    execution = start(provider, job)
    inject(server, "getJobExecution", "unknown_status")

    seen = provider.get_execution(job, execution.ref.execution_id)

    assert (seen.status, seen.is_status_known) == (ExecutionStatus.RUNNING, False)
