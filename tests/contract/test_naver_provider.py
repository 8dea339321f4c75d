"""Our provider against a Data Flow service that was written from the provider's pages, in both of its dialects."""

from pathlib import Path

import pytest

from farsync.http_client.client import Transport
from farsync.model.errors import AlreadyRunning, ExecutionNotFound, InvalidRequest, JobNotFound
from farsync.model.execution import ExecutionStatus
from farsync.providers.base import Provider
from sandbox.naver_dataflow import Server, Settings, serve
from sandbox.tests.naver.data_flow_client import CONDITION, Client
from sandbox.tests.naver.nodes import source, target
from tests.contract.data_flow import create_job, follow, open_as, start, started_count


def test_a_job_is_found_in_the_list_and_by_its_id(provider: Provider, job: str) -> None:
    assert [listed.job for listed in provider.list_jobs().items] == [job]
    found = provider.get_job(job)
    assert (found.job, found.name, found.is_runnable) == (job, "daily_sales", True)


def test_a_started_execution_is_followed_to_its_end(provider: Provider, job: str, server: Server) -> None:
    started = start(provider, job)
    ended = follow(provider, started)

    assert started.status is ExecutionStatus.PENDING
    assert (ended.status, ended.provider_status) == (ExecutionStatus.SUCCEEDED, "COMPLETED")
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

    read = [job.job for page in range(3) for job in provider.list_jobs(page=page, limit=20).items]

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


def test_a_start_beyond_the_runs_that_a_job_allows_is_reported_as_already_running(tmp_path: Path) -> None:
    serving = serve(Settings(tmp_path / "sandbox", dialect="G2", run_seconds=600))
    transport = Transport(sleep=lambda _: None)
    provider = open_as(serving, transport, serving.keys.secret_key)
    job = create_job(serving, "one_at_a_time", nodes=[source(), target(1)], maxConcurrentRuns=1)
    start(provider, job)

    with pytest.raises(AlreadyRunning):
        start(provider, job)

    transport.close()
    serving.stop()
